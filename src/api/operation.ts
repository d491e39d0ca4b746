/**
 * An operation is data. From one declaration come the request, its checks, the flags of its command, its help,
 * `--dry-run`, `mp api --list` and the generated reference. Adding an endpoint adds a declaration and nothing else.
 */
import type { z } from "zod";
import { paramMeta } from "./params.ts";
import type { Answer, CredentialKind, Family, Method, ProjectPlace, QuotaName } from "../client/types.ts";

/** One way to reach an operation. `{name}` in the path is filled from the parameter of that name. */
export interface Route {
  method: Method;
  family: Family;
  path: string;
  /** Names on the wire that differ from those of the other routes, by the parameter's name. */
  rename?: Readonly<Record<string, string>>;
  /** Values that are written otherwise than on the other routes, by the parameter's name. */
  write?: Readonly<Record<string, (value: unknown) => unknown>>;
}

/** How parameters that are neither in the path nor in the query string form the body. */
export interface BodyRule {
  kind: "json" | "form" | "ndjson" | "raw";
  /** The parameter that is the whole body, instead of an object of all that remain. */
  of?: string;
  /** Send no body at all where no parameter is in it, in place of an empty object (JSON only). */
  ifAny?: true;
  /** Compress it on the wire (ndjson only). */
  gzip?: boolean;
  /** For `raw`. */
  contentType?: string;
  /** The form field that carries the whole body's JSON text in base64: how trackers send `data=`. */
  base64Field?: string;
}

export interface Operation<Params extends z.ZodObject = z.ZodObject, Result extends z.ZodType = z.ZodType> {
  /** Stable name, `family.verb`. */
  id: string;
  /** One line, without a final period. */
  summary: string;
  /**
   * What the documentation appends to the path (`#profile-set`) to tell operations apart that share one. Never sent.
   */
  anchor?: string;
  /** The published route first; the next is tried when the endpoint before it does not exist. */
  routes: readonly [Route, ...Route[]];
  /** Credentials for the Authorization header, in order of preference. Empty: none. */
  auth: readonly CredentialKind[];
  /**
   * Where the project token goes, when the operation needs it besides or instead of `auth`. `query_if_known` sends it
   * when there is one, for endpoints that can do without.
   */
  token?: "query" | "query_if_known" | "payload";
  /** Where `project_id` goes. Default: by family, see {@linkcode projectPlace}. */
  projectIn?: ProjectPlace;
  quota?: QuotaName;
  params: Params;
  /** Parameters that go into the query string although the method has a body. */
  inQuery?: readonly string[];
  /** Default: `json` for POST, PUT and PATCH; nothing for GET and DELETE. */
  body?: BodyRule;
  /**
   * What the answer's body is. Default `json`, which may also come as JSON Lines, one item of a list on each. `lines` is
   * a stream of them that is not read at once.
   */
  answer?: "json" | "text" | "lines" | "nothing";
  /** Whether its answer tells a secret, which it may tell only once. */
  makesSecret?: true;
  /** The shape of the result, after the envelope is removed. */
  result: Result;
  /** Whether the result may come inside `{status, results}`. */
  envelope?: boolean;
  /** Whether sending it twice does no harm. Default: only for GET. */
  repeatable?: boolean;
  /**
   * For what changes something: the command that shows whether it was done, for when the answer is lost. `{name}` is
   * filled from the parameter of that name, `{name.0.key}` from what is in it.
   */
  look?: string;
  /** Of a change whose answer says little: whether it says that it was made. What says neither yes nor no is in doubt. */
  isDone?(text: string, answer: Answer): boolean;
  /** The parameter that names an address to answer with a redirect to. */
  redirect?: string;
  /** Parameters with which the answer is text instead of JSON: `{ server_format: "csv" }`. */
  textWith?: Readonly<Record<string, unknown>>;
  /** Said once to the user when the operation is used; when and why it goes away. */
  deprecated?: string;
  /** How an operation is known that neither the published spec nor the reference has. Its command's help says so. */
  unpublished?: Certainty;
}

/**
 * How sure the shape of an unpublished operation is: `recorded` from an answer of the real server, `client` from the
 * code of an official client that calls it, `one_client` from the generated code of one client alone.
 */
export type Certainty = "recorded" | "client" | "one_client";

/** What is said of each {@linkcode Certainty}. */
export const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  recorded: "Mixpanel does not publish this endpoint; known from recorded answers of the real server",
  client: "Mixpanel does not publish this endpoint; known from the code of its own clients",
  one_client: "Mixpanel does not publish this endpoint; seen in one client only, so the real server may differ",
};

/** Declares an operation. It only gives the declaration its precise type. */
export function operation<Params extends z.ZodObject, Result extends z.ZodType>(
  declaration: Operation<Params, Result>,
): Operation<Params, Result> {
  return declaration;
}

/** The same operation with its records in a form whose field `data` has them in base64, as older SDKs send them. */
export function asBase64Form<O extends Operation>(declared: O): O {
  return { ...declared, body: { kind: "form", of: declared.body?.of, base64Field: "data" } };
}

/** How a request can carry its records: in a body of their own, or in the field of a form. */
export const ENCODINGS = ["json", "form"] as const;
export type RecordEncoding = typeof ENCODINGS[number];

/** What the operations of the App API have in common. */
export const APP = { auth: ["service_account", "oauth"], envelope: true } as const;

const route = (method: Method) => (family: Family, path: string, names?: Pick<Route, "rename" | "write">): Route => ({
  method,
  family,
  path,
  ...names,
});
export const get = route("GET");
export const post = route("POST");
export const put = route("PUT");
export const patch = route("PATCH");
export const del = route("DELETE");

const PROJECT_FAMILIES: ReadonlySet<Family> = new Set(["query", "query_old", "export", "pipelines"]);

/** Where a request names the project, unless its operation says otherwise: by family. */
export function projectPlace({ family }: Pick<Route, "family">, declared?: Pick<Operation, "projectIn">): ProjectPlace {
  return declared?.projectIn ?? (PROJECT_FAMILIES.has(family) ? "query" : "none");
}

/** The names in a path's braces, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
}

/** A parameter's name as people type it: `start_date` and `startDate` are `start-date`. */
export function kebabCase(name: string): string {
  return name.replaceAll("_", "-").replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}

/** The names of a parameter: on the wire, and as a flag (`--from`). */
export function paramNames(name: string, schema: z.ZodType): { wire: string; flag: string } {
  const meta = paramMeta(schema);
  return { wire: meta.wire ?? name, flag: `--${meta.flag ?? kebabCase(name.replace(/^\$/, ""))}` };
}
