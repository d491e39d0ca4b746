/** One request on its way through the sandbox. */
import type { Clock } from "../runtime/clock.ts";
import { giveSpare } from "../runtime/compression/inflate_whole.ts";
import { receiveBody } from "./received_body.ts";
import type { Faults } from "./faults.ts";
import { Fields } from "./fields.ts";
import type { HotShards } from "./ingestion/hot_shards.ts";
import type { Access } from "./principal.ts";
import type { ProfileSessions } from "./query/profile_sessions.ts";
import type { Quotas } from "./quotas.ts";
import { Refusal } from "./refusal.ts";
import type { SandboxSettings } from "./settings.ts";
import type { Project } from "./store/projects.ts";
import type { Store } from "./store/store.ts";
import type { Feed } from "./watch/feed.ts";
import { Outcome } from "./watch/outcome.ts";

/** What every endpoint may need. */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: SandboxSettings;
  readonly quotas: Quotas;
  readonly faults: Faults;
  readonly profileSessions: ProfileSessions;
  readonly hotShards: HotShards;
  readonly feed: Feed;
}

/** The largest body of endpoints that don't say. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;

export class SandboxCall {
  readonly url: URL;
  /** Who sends it; filled in by the pipeline before the endpoint sees it. */
  access: Access = { principal: { kind: "anyone" } };
  #body: Promise<Uint8Array> | undefined;
  #packedBody: Uint8Array | undefined;
  #fields: Promise<Fields> | undefined;

  constructor(
    readonly request: Request,
    /** The sender's IP address. */
    readonly remoteAddress: string,
    /** What stood in the places of the path's `{names}`. */
    readonly path: Readonly<Record<string, string>>,
    readonly services: Services,
    private readonly mostBodyBytes: number = MOST_BODY_BYTES,
    /** What comes of it, for those who watch. */
    readonly outcome: Outcome = new Outcome(),
  ) {
    this.url = new URL(request.url);
  }

  get store(): Store {
    return this.services.store;
  }

  get nowMs(): number {
    return this.services.clock.now();
  }

  /** The project that the credentials or the path name. Only for endpoints whose access rule finds one. */
  get project(): Project {
    if (this.access.project === undefined) throw new Refusal(400, "Missing required parameter: project_id");
    return this.access.project;
  }

  /**
   * The body, decompressed; it is read once.
   *
   * @throws Refusal 413 when it is larger than the endpoint takes; 400 when it is not the gzip that it says it is.
   */
  body(): Promise<Uint8Array> {
    this.#body ??= this.#readBody();
    return this.#body;
  }

  async #readBody(): Promise<Uint8Array> {
    const body = await receiveBody(this.request, this.mostBodyBytes);
    this.#packedBody = body.packed;
    return body.bytes;
  }

  /** The body as it came, if it was compressed and `body` has read it. */
  get packedBody(): Uint8Array | undefined {
    return this.#packedBody;
  }

  /** Gives back the memory of the body: nobody may use it any more. */
  async releaseBody(): Promise<void> {
    if (this.#packedBody === undefined) return;
    this.#packedBody = undefined;
    const body = await this.#body as Uint8Array;
    this.#body = Promise.reject(new Error("the body has been released"));
    // expected: that error, which is for whoever asks for the body
    this.#body.catch(() => {});
    giveSpare(body);
  }

  /** The parameters of query string and body together. */
  fields(): Promise<Fields> {
    this.#fields ??= this.#readFields();
    return this.#fields;
  }

  async #readFields(): Promise<Fields> {
    if (this.request.method === "GET" || this.request.body === null) return new Fields(this.url.searchParams);
    const text = new TextDecoder().decode(await this.body());
    return Fields.withBody(this.url.searchParams, text, this.request.headers.get("content-type") ?? "");
  }
}
