/** What the API layer and the client say to each other. */
import type { ClientCertificate } from "../runtime/network/wire.ts";
import type { ProxyVariables } from "../runtime/network/proxy.ts";
import type { Credentials } from "./credentials.ts";

/**
 * Where an endpoint lives: the key of the host table (`hosts.ts`).
 *
 * `query_old` is the older prefix of the query servers, `/api/2.0`; `root` is the bare origin of the web host.
 */
export type Family =
  | "ingestion"
  | "flags"
  | "query"
  | "query_old"
  | "export"
  | "pipelines"
  | "app"
  | "oauth"
  | "root";

export type Region = "us" | "eu" | "in";

/** How a request can prove who sends it. `oauth` covers given tokens and client credentials alike. */
export type CredentialKind = "service_account" | "oauth" | "project_secret" | "project_token";

/** The key of the quota table (`pacing/quotas.ts`). */
export type QuotaName = "query" | "jql" | "export" | "lexicon" | "lookup_tables" | "gdpr";

/** Where a request names the project: in its query string, its form, the object of its JSON body, or not as a parameter. */
export type ProjectPlace = "query" | "form" | "json" | "none";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A body in a form that can be sent, shown by `--dry-run`, and sent again. */
export type WireBody =
  /** JSON text, built without losing digits. */
  | { kind: "json"; text: string }
  /** One JSON value a line, in UTF-8. `gzip` compresses it on the wire. */
  | { kind: "ndjson"; bytes: Uint8Array; gzip: boolean }
  /** `application/x-www-form-urlencoded`. A field marked base64 is encoded before it is sent. */
  | { kind: "form"; fields: FormField[] }
  /** Anything else, with its content type. */
  | { kind: "raw"; contentType: string; bytes: Uint8Array };

export interface FormField {
  name: string;
  value: string;
  base64?: boolean;
}

/** A request that knows its family but not yet its host, credentials or project. */
export interface WireRequest {
  method: Method;
  family: Family;
  /** Path after the family's prefix, filled in and percent-encoded: `/segmentation`. */
  path: string;
  query: [name: string, value: string][];
  headers?: Record<string, string>;
  body?: WireBody;
  /** Credentials that the endpoint takes, in order of preference. Empty: none is sent. */
  auth: CredentialKind[];
  /** Where `project_id` goes, with all credentials but a project's own secret or token. */
  projectIn: ProjectPlace;
  quota?: QuotaName;
  /** False when this call is free although its endpoint has a quota (later pages of a profile query). */
  countsAgainstQuota?: boolean;
  /** Whether sending it twice does no harm, so that a lost answer may be retried. */
  repeatable: boolean;
  /** Whether it only looks like a change: what it sends is refused in any case. */
  isProbe?: boolean;
  /** Whether the answer may tell a secret, so that a file of it is nobody else's to read. */
  makesSecret?: boolean;
  /** For a change: what to do when it is not known whether it was made, such as looking with a certain command. */
  ifInDoubt?: string;
  /** Ends the wait for an answer's first byte. Default: the connection's. */
  timeoutMs?: number;
  /** The address that a redirect is asked to lead to: such an answer is a success, and is not followed. */
  expectedRedirect?: string;
  /** Asks for a compressed answer that is read as a stream; see `Answer.stream`. */
  streaming?: boolean;
}

/** A successful answer. Failures are thrown as `MpError`. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Final URL, without secrets. */
  url: string;
  /** The whole body as text. */
  text(): Promise<string>;
  /**
   * The body's bytes, decompressed; a cut compressed body fails with a network error. A body that passes through is read
   * once, in one of its forms; leaving it ends the request.
   */
  stream(): AsyncIterable<Uint8Array>;
  /** As `stream`, without a copy: a chunk is a view of memory that is used again, good until the next is asked for. */
  views(): AsyncIterable<Uint8Array>;
  encoded(): EncodedAnswer;
}

/** The bytes of an answer as they come over the wire. */
export interface EncodedAnswer {
  isGzip: boolean;
  /** Each chunk has memory of its own. Whether gzip data is whole is for the reader to see. */
  body: AsyncIterable<Uint8Array>;
  /** Decompresses the body's chunks and uses them up, with the errors and the views of `Answer.views`. */
  inflate(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** What a caller of `send` wants besides the answer. */
export interface SendOptions {
  signal?: AbortSignal;
  /** Try only once: the caller repeats by rules of its own. A refused access token is still replaced. */
  once?: boolean;
  /**
   * How long to wait for a free slot of a quota, and in all for a server that is at its limits. Default: short. When it
   * is given, being turned away at a limit (429) does not use up the attempts.
   */
  patienceMs?: number;
  /** Called with each wait that a person will notice, in place of the client's notice; undefined when it is over. */
  onWait?(wait: Wait | undefined): void;
  /** Told what is left of the quota's longest window when a slot has been taken, where a quota is known. */
  onQuota?(left: number, limit: number): void;
}

/** What a request waits for. */
export interface Wait {
  reason: string;
  /** Undefined when it ends as soon as another request does. */
  milliseconds?: number;
}

/** Whom to talk to, and as whom. */
export interface Connection {
  region: Region;
  /** `MP_API_BASE_URL`: one origin for every family. */
  baseUrl?: string;
  projectId?: string;
  workspaceId?: string;
  credentials: Credentials;
  /** Why there is no project token among them, although one is set. */
  unsentToken?: string;
  timeoutMs: number;
  /** Where a project secret goes: into the Authorization header (default), or into the query string as `api_key`. */
  secretIn?: "header" | "query";
  /** Whether to keep the shared ledger. False with `--no-pacing`. */
  pacing: boolean;
  proxy: ProxyVariables;
  /** PEM text of extra certificate authorities. */
  extraCertificates?: string;
  /** Shown to servers that ask who connects, as gateways do. */
  clientCertificate?: ClientCertificate;
  places?: SettingPlaces;
}

/** Where settings come from, for messages: `account 'production'`. Absent for what comes from elsewhere. */
export interface SettingPlaces {
  /** Of what proves who asks. */
  identity?: string;
  projectToken?: string;
  region?: string;
  baseUrl?: string;
  /** The variable that names the project, when the credentials are an account's. */
  projectId?: string;
}

/** The one way to Mixpanel. */
export interface Client {
  readonly connection: Connection;
  /** Sends a request with credentials, pacing, redirects and retries; throws `MpError`. */
  send(request: WireRequest, options?: SendOptions): Promise<Answer>;
}
