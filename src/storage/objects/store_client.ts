/** Sends requests to an object store: signs them, repeats those that failed in passing, and puts failures into words. */
import { Attempts, Failed, type RetryRule } from "../../client/attempts.ts";
import { isPassing, shortReason } from "../../client/network_errors.ts";
import { redactAnswer } from "../../client/redact.ts";
import { parseRetryAfterMs } from "../../client/retry.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import type { Transport, TransportAnswer } from "../../runtime/network/transport.ts";
import { readBytes } from "../../runtime/network/transport_body.ts";
import { faultError, refusalError, type StoreAction, type StoreRefusal, type StoreWords } from "./store_errors.ts";

export interface StoreClientOptions {
  clock: Clock;
  transport: Transport;
  userAgent: string;
}

export interface StoreRequest {
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

export interface SignedRequest {
  url: URL;
  headers: Record<string, string>;
  /**
   * Corrects what the store has refused, such as keys that have expired. Gives a name for what it did when the request
   * may now be granted: for one request, each thing is corrected once.
   */
  repair?(refusal: StoreRefusal): string | undefined;
}

/** What a store does in its own way. */
export interface StoreProtocol {
  /** The host that requests go to, for messages. */
  host(): string;
  sign(request: StoreRequest, nowMs: number): Promise<SignedRequest>;
  /** What an answer says about a failure; without a code where it says nothing. */
  refusalOf(status: number, headers: Headers, text: string): StoreRefusal;
  /** Codes of failures that may not occur another time, besides the statuses that say so. */
  passingCodes: ReadonlySet<string>;
  words: StoreWords;
}

/** For the head of an answer, with the time that sending the body takes. */
const TIMEOUT_MS = 300_000;
const LONGEST_ERROR_BYTES = 64 * 1024;
const LONGEST_TEXT_BYTES = 32 * 1024 * 1024;

const RULE: Omit<RetryRule, "matches"> = {
  attempts: 7,
  // Its address is more likely wrong than the network down for a while.
  attemptsUnanswered: 3,
  backoff: { firstMs: 1000, mostMs: 30_000, jitter: 1 },
  retryAfter: { mostMs: 30_000, isCut: true },
};
/** The rest of a body is asked for whatever cut it off. */
const BODY_RULE: RetryRule = { ...RULE, matches: () => true };

export class StoreClient {
  readonly #protocol: StoreProtocol;
  readonly #options: StoreClientOptions;
  readonly #requestRule: RetryRule;
  #hasAnswered = false;

  constructor(protocol: StoreProtocol, options: StoreClientOptions) {
    this.#protocol = protocol;
    this.#options = options;
    this.#requestRule = { ...RULE, matches: (error) => isPassingRefusal(protocol, error) || isPassingFault(error) };
  }

  /**
   * An answer whose body is still to be read.
   *
   * @throws MpError of the category that fits, when the store refuses or cannot be reached.
   */
  async send(request: StoreRequest): Promise<TransportAnswer> {
    return await this.#repeated(request, (answer) => Promise.resolve(answer));
  }

  /** The whole text of an answer. */
  async sendForText(request: StoreRequest): Promise<{ text: string; headers: Headers; status: number }> {
    return await this.#repeated(request, async ({ status, headers, body }) => {
      const bytes = await readBytes(body, LONGEST_TEXT_BYTES, () => tooLong(request));
      return { status, headers, text: new TextDecoder().decode(redactAnswer(bytes)) };
    });
  }

  /** The attempts at a body that breaks off. */
  bodyAttempts(signal?: AbortSignal): Attempts {
    return this.#attempts(BODY_RULE, signal);
  }

  /** What has become of a body that broke off. */
  brokenOff(request: Pick<StoreRequest, "verb" | "address">, fault: NetworkFault): Failed {
    return new Failed(faultError(this.#protocol.words, this.#action(request), fault), shortReason(fault));
  }

  #attempts(rule: RetryRule, signal: AbortSignal | undefined): Attempts {
    const { clock } = this.#options;
    return new Attempts({ rules: [rule], clock, signal, hasAnswered: () => this.#hasAnswered });
  }

  async #repeated<T extends { text?: string; headers: Headers }>(
    request: StoreRequest,
    take: (answer: TransportAnswer) => Promise<T>,
  ): Promise<T> {
    const { words } = this.#protocol;
    const { clock } = this.#options;
    const action = this.#action(request);
    const repaired = new Set<string>();
    const attempt = async (): Promise<T | Failed> => {
      const signed = await this.#protocol.sign(request, clock.now());
      let refusal: StoreRefusal;
      let askedMs: number | undefined;
      try {
        const answer = await this.#exchange(request, signed);
        this.#hasAnswered = true;
        const { status, headers, body } = answer;
        if ((status >= 200 && status < 300) || request.accepted?.includes(status)) {
          const taken = await take(answer);
          // A request that takes long is answered 200 at once, and what became of it follows.
          if (taken.text === undefined) return taken;
          refusal = this.#protocol.refusalOf(status, new Headers(), taken.text);
          if (refusal.code === undefined) return taken;
        } else {
          const text = new TextDecoder().decode(redactAnswer(await readBytes(body, LONGEST_ERROR_BYTES)));
          refusal = { ...this.#protocol.refusalOf(status, headers, text), aheadMs: aheadMs(headers, clock.now()) };
          askedMs = parseRetryAfterMs(headers.get("retry-after"), clock.now());
        }
      } catch (error) {
        request.signal?.throwIfAborted();
        if (!(error instanceof NetworkFault)) throw error;
        return new Failed(faultError(words, action, error), shortReason(error));
      }
      const repair = signed.repair?.(refusal);
      if (repair !== undefined && !repaired.has(repair)) {
        repaired.add(repair);
        return await attempt();
      }
      return new Failed(refusalError(words, action, refusal), `the store answered ${refusal.status}`, askedMs);
    };
    return await this.#attempts(this.#requestRule, request.signal).run(attempt);
  }

  async #exchange({ method, body, signal }: StoreRequest, { url, headers }: SignedRequest): Promise<TransportAnswer> {
    const { transport, userAgent } = this.#options;
    return await transport({
      method,
      url,
      headers: { "user-agent": userAgent, "accept-encoding": "identity", ...headers },
      body,
      signal,
      timeoutMs: TIMEOUT_MS,
    });
  }

  #action({ verb, address }: Pick<StoreRequest, "verb" | "address">): StoreAction {
    return { verb, address, host: this.#protocol.host() };
  }
}

/** A segment of a path, or a part of a query, as signatures want it. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The address of an object below that of its bucket. */
export function objectUrl(bucketUrl: string, { key, query }: Pick<StoreRequest, "key" | "query">): URL {
  const url = new URL(`${bucketUrl}/${key.split("/").map(encodeSegment).join("/")}`);
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`);
  url.search = pairs.join("&");
  return url;
}

function tooLong({ verb, address }: StoreRequest): MpError {
  return new MpError(`Cannot ${verb} ${address}: it is too large to be read at once`, {
    category: "failure",
    code: "too_large",
  });
}

function aheadMs(headers: Headers, nowMs: number): number | undefined {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(theirs) ? undefined : theirs - nowMs;
}

function isPassingFault({ cause }: MpError): boolean {
  return cause instanceof NetworkFault && (isPassing(cause) || cause.kind === "first_byte_timeout");
}

function isPassingRefusal({ passingCodes, words }: StoreProtocol, { status = 0, code }: MpError): boolean {
  const isOver = status === 429 || (status >= 500 && status !== 501);
  return isOver || passingCodes.has(code.slice(words.prefix.length + 1));
}
