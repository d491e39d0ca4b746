/** Sends signed requests to an object store, and repeats those that failed in passing. */
import type { AwsV4Signer } from "aws4fetch";
import { Attempts, Failed, type RetryRule } from "../../client/attempts.ts";
import { isPassing, shortReason } from "../../client/network_errors.ts";
import { parseRetryAfterMs } from "../../client/retry.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { sha256 } from "../../runtime/hash.ts";
import { base64OfHex, md5Hex } from "../../runtime/md5.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import type { Transport, TransportAnswer } from "../../runtime/network/transport.ts";
import { readBytes } from "../../runtime/network/transport_body.ts";
import { faultError, refusalError, refusalOf, type S3Action, type S3Refusal } from "./s3_errors.ts";
import type { S3Credentials } from "./s3_credentials.ts";
import type { S3Settings } from "./s3_settings.ts";

export interface S3ClientOptions {
  clock: Clock;
  transport: Transport;
  userAgent: string;
}

export interface S3Request {
  method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Of the object; empty for the bucket. */
  key: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** What is being done, for messages: a verb, and the address as the user knows it. */
  verb: string;
  address: string;
  /** Statuses that are answers and not failures, besides those of success. */
  accepted?: readonly number[];
  signal?: AbortSignal;
}

/** For the head of an answer, with the time that sending the body takes. */
const TIMEOUT_MS = 300_000;
const LONGEST_ERROR_BYTES = 64 * 1024;
const LONGEST_TEXT_BYTES = 32 * 1024 * 1024;
const PASSING_CODES: ReadonlySet<string> = new Set([
  "s3_SlowDown",
  "s3_InternalError",
  "s3_ServiceUnavailable",
  "s3_RequestTimeout",
  "s3_OperationAborted",
  "s3_TooManyRequests",
]);

const REQUEST_RULE: RetryRule = {
  matches: (error) => isPassingRefusal(error) || isPassingFault(error),
  attempts: 7,
  // Its address is more likely wrong than the network down for a while.
  attemptsUnanswered: 3,
  backoff: { firstMs: 1000, mostMs: 30_000, jitter: 1 },
  retryAfter: { mostMs: 30_000, isCut: true },
};
/** The rest of a body is asked for whatever cut it off. */
const BODY_RULE: RetryRule = { ...REQUEST_RULE, matches: () => true };

export class S3Client {
  readonly #bucket: string;
  readonly #settings: S3Settings;
  readonly #options: S3ClientOptions;
  /** Keys for a day, derived from the secret: a signature then costs one hash instead of five. */
  readonly #signingKeys = new Map<string, ArrayBuffer>();
  #region: string;
  #hasAnswered = false;
  #signer: Promise<typeof AwsV4Signer> | undefined;

  constructor(bucket: string, settings: S3Settings, options: S3ClientOptions) {
    this.#bucket = bucket;
    this.#settings = settings;
    this.#options = options;
    this.#region = settings.region;
  }

  /**
   * An answer whose body is still to be read.
   *
   * @throws MpError of the category that fits, when the store refuses or cannot be reached.
   */
  async send(request: S3Request): Promise<TransportAnswer> {
    return await this.#repeated(request, (answer) => Promise.resolve(answer));
  }

  /** The whole text of an answer. */
  async sendForText(request: S3Request): Promise<{ text: string; headers: Headers }> {
    return await this.#repeated(request, async ({ status, headers, body }) => {
      const bytes = await readBytes(body, LONGEST_TEXT_BYTES);
      if (bytes.length >= LONGEST_TEXT_BYTES) throw tooLong(request);
      return { status, headers, text: new TextDecoder().decode(bytes) };
    });
  }

  /** The attempts at a body that breaks off. */
  bodyAttempts(signal?: AbortSignal): Attempts {
    return this.#attempts(BODY_RULE, signal);
  }

  /** What has become of a body that broke off. */
  brokenOff(request: Pick<S3Request, "verb" | "address">, fault: NetworkFault): Failed {
    return new Failed(faultError(this.#action(request), fault), shortReason(fault));
  }

  #attempts(rule: RetryRule, signal: AbortSignal | undefined): Attempts {
    const { clock } = this.#options;
    return new Attempts({ rules: [rule], clock, signal, hasAnswered: () => this.#hasAnswered });
  }

  async #repeated<T extends { text?: string; headers: Headers }>(
    request: S3Request,
    take: (answer: TransportAnswer) => Promise<T>,
  ): Promise<T> {
    const action = this.#action(request);
    let hasMoved = false;
    let expired: S3Credentials | undefined;
    const attempt = async (): Promise<T | Failed> => {
      const region = this.#region;
      const credentials = await this.#settings.credentials(expired);
      let refusal: S3Refusal;
      let askedMs: number | undefined;
      try {
        const answer = await this.#attempt(request, credentials);
        this.#hasAnswered = true;
        const { status, headers, body } = answer;
        if ((status >= 200 && status < 300) || request.accepted?.includes(status)) {
          const taken = await take(answer);
          // A request that takes long is answered 200 at once, and what became of it follows.
          refusal = refusalOf(status, headers, taken.text ?? "");
          if (refusal.code === undefined) return taken;
        } else {
          const text = new TextDecoder().decode(await readBytes(body, LONGEST_ERROR_BYTES));
          refusal = refusalOf(status, headers, text);
          askedMs = parseRetryAfterMs(headers.get("retry-after"), this.#options.clock.now());
        }
      } catch (error) {
        request.signal?.throwIfAborted();
        if (!(error instanceof NetworkFault)) throw error;
        return new Failed(faultError(action, error), shortReason(error));
      }
      // The bucket is in another region than it was looked for; from now on it is asked there.
      if (!hasMoved && refusal.region !== undefined && refusal.region !== region) {
        this.#region = refusal.region;
        hasMoved = true;
        return await attempt();
      }
      // A long job outlives keys that are good for an hour, where there is a way to get others.
      if (expired === undefined && isExpired(request, refusal, credentials)) {
        expired = credentials;
        return await attempt();
      }
      return new Failed(refusalError(action, refusal), `the store answered ${refusal.status}`, askedMs);
    };
    return await this.#attempts(REQUEST_RULE, request.signal).run(attempt);
  }

  async #attempt(request: S3Request, credentials: S3Credentials): Promise<TransportAnswer> {
    const { method, body, signal } = request;
    const { clock, transport, userAgent } = this.#options;
    const url = this.#url(request);
    const headers: Record<string, string> = { ...request.headers };
    if (body !== undefined) headers["content-md5"] = base64OfHex(md5Hex(body));
    // TLS protects the bytes; without it the signature must cover them.
    headers["x-amz-content-sha256"] = url.protocol === "https:" ? "UNSIGNED-PAYLOAD" : hashOf(body);
    this.#signer ??= import("aws4fetch").then((module) => module.AwsV4Signer);
    const Signer = await this.#signer;
    const signed = await new Signer({
      method,
      url: url.href,
      headers,
      ...credentials,
      service: "s3",
      region: this.#region,
      cache: this.#signingKeys,
      datetime: new Date(clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    }).sign();
    return await transport({
      method,
      url,
      headers: { "user-agent": userAgent, "accept-encoding": "identity", ...Object.fromEntries(signed.headers) },
      body,
      signal,
      timeoutMs: TIMEOUT_MS,
    });
  }

  #url({ key, query }: Pick<S3Request, "key" | "query">): URL {
    const { endpoint } = this.#settings;
    const domain = this.#region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    // A certificate for *.s3.… covers no name with further dots, and other stores seldom have a name for each bucket.
    const base = endpoint !== undefined || this.#bucket.includes(".")
      ? `${endpoint ?? `https://s3.${this.#region}.${domain}`}/${this.#bucket}`
      : `https://${this.#bucket}.s3.${this.#region}.${domain}`;
    const url = new URL(`${base}/${key.split("/").map(encodeSegment).join("/")}`);
    const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`);
    url.search = pairs.join("&");
    return url;
  }

  #action({ verb, address }: Pick<S3Request, "verb" | "address">): S3Action {
    return { verb, address, host: this.#url({ key: "" }).host };
  }
}

function tooLong({ verb, address }: S3Request): MpError {
  return new MpError(`Cannot ${verb} ${address}: it is too large to be read at once`, {
    category: "failure",
    code: "too_large",
  });
}

function isPassingFault({ cause }: MpError): boolean {
  return cause instanceof NetworkFault && (isPassing(cause) || cause.kind === "first_byte_timeout");
}

/** An answer to HEAD has no text to say so. */
function isExpired({ method }: S3Request, { code, status }: S3Refusal, { sessionToken }: S3Credentials): boolean {
  return code === "ExpiredToken" || (method === "HEAD" && status === 400 && sessionToken !== undefined);
}

function isPassingRefusal({ status = 0, code }: MpError): boolean {
  return status === 429 || (status >= 500 && status !== 501) || PASSING_CODES.has(code);
}

const encodeSegment = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

function hashOf(body: Uint8Array | undefined): string {
  const hash = sha256();
  if (body !== undefined) hash.update(body);
  return hash.hex();
}
