/** Sends requests to the HTTP interface of an engine: repeats those that failed in passing, and puts failures into words. */
import { Attempts, Failed, type RetryRule } from "../client/attempts.ts";
import { FAULT_STATES, isPassing, shortReason } from "../client/network_errors.ts";
import { redactAnswer } from "../client/redact.ts";
import { parseRetryAfterMs } from "../client/retry.ts";
import { oneLine } from "../client/wording.ts";
import { MpError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { NetworkFault } from "../runtime/network/network_fault.ts";
import type { Transport } from "../runtime/network/transport.ts";
import { readBytes } from "../runtime/network/transport_body.ts";
import { parseJson } from "../streams/json/json.ts";

export interface EngineRequest {
  method: "GET" | "POST" | "DELETE";
  url: URL;
  body?: string | Uint8Array;
  headers?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Whether it may be sent again when its answer is lost. Default true: it only reads. */
  isRepeatable?: boolean;
  /** Default that of the client. */
  timeoutMs?: number;
}

export interface EngineAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface EngineClientOptions {
  transport: Transport;
  clock: Clock;
  /** Of every request, credentials among them. */
  headers: Readonly<Record<string, string>>;
  /** What is done to what, for messages: `ask clickhouse://host/db.table`. */
  action: string;
  timeoutMs: number;
  /** The engine as people write it. */
  title: string;
  /** Where people can look when nothing answers: `8123, unless it is set otherwise`. */
  usualPort: string;
  /** The error that a refusal is, by the engine's own words; undefined where it has none. */
  refusal(answer: EngineAnswer): MpError | undefined;
}

/** Answers are numbers of a report; what is longer is none. */
const LONGEST_BYTES = 512 * 1024 * 1024;

const RULE: RetryRule = {
  matches: ({ cause, status = 0, category }) =>
    cause instanceof NetworkFault
      ? isPassing(cause)
      : [429, 502, 503, 504].includes(status) && (category === "server" || category === "rate_limited"),
  attempts: 5,
  attemptsUnanswered: 2,
  backoff: { firstMs: 200, mostMs: 5000, jitter: 0.5 },
  retryAfter: { mostMs: 30_000, isCut: true },
};

export class EngineClient {
  readonly #options: EngineClientOptions;
  #hasAnswered = false;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  /** @throws MpError of the category that fits, when the engine refuses or cannot be reached. */
  async send(request: EngineRequest): Promise<EngineAnswer> {
    const { clock } = this.#options;
    const { signal, isRepeatable: repeatable } = request;
    const hasAnswered = () => this.#hasAnswered;
    return await new Attempts({ rules: [RULE], clock, signal, repeatable, hasAnswered }).run(() => this.#once(request));
  }

  /** The JSON of an answer, in which integers beyond 2^53 are bigints; undefined for what is none. */
  async sendForJson(request: EngineRequest): Promise<unknown> {
    const { text } = await this.send(request);
    try {
      return parseJson(text);
    } catch {
      // expected: SyntaxError, since something else than the engine may answer
      return undefined;
    }
  }

  async #once(request: EngineRequest): Promise<EngineAnswer | Failed> {
    const { transport, clock, headers, timeoutMs } = this.#options;
    const { method, url, body, signal } = request;
    try {
      const { status, headers: theirs, body: content } = await transport({
        method,
        url,
        headers: { "accept-encoding": "gzip", ...headers, ...request.headers },
        body,
        signal,
        timeoutMs: request.timeoutMs ?? timeoutMs,
      });
      this.#hasAnswered = true;
      const bytes = await readBytes(content, LONGEST_BYTES, () => this.error("its answer is too long", "failure"));
      const answer = { status, headers: theirs, text: new TextDecoder().decode(redactAnswer(bytes)) };
      if (status >= 200 && status < 300) return answer;
      const error = this.#options.refusal(answer) ?? this.#unexplained(answer, url);
      return new Failed(
        error,
        `it answered ${status}`,
        parseRetryAfterMs(theirs.get("retry-after"), clock.now()),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NetworkFault)) throw error;
      return new Failed(this.#fault(error, url), shortReason(error));
    }
  }

  /** An error about what is being done. */
  error(state: string, category: MpError["category"], more: Partial<MpError> = {}): MpError {
    return new MpError(`Cannot ${this.#options.action}: ${state}`, { ...more, category });
  }

  /** What speaks no protocol of the engine's. */
  strangeAnswer(): MpError {
    const { title, usualPort } = this.#options;
    return this.error(`the answer is not one of ${title}'s`, "server", {
      code: "bad_answer",
      hint: `does ${title} run there? Its HTTP port is ${usualPort}`,
    });
  }

  #unexplained({ status, text }: EngineAnswer, { host }: URL): MpError {
    const said = oneLine(text, 200);
    const state = `${host} answered ${status}${said === "" || said.startsWith("<") ? "" : ` (${said})`}`;
    const category = status === 401 || status === 403 ? "auth" : status >= 500 ? "server" : "failure";
    return this.error(state, status === 429 ? "rate_limited" : category, { code: `engine_${status}`, status });
  }

  #fault(fault: NetworkFault, { host }: URL): MpError {
    const state = FAULT_STATES[fault.kind]?.(host) ?? `the network failed: ${oneLine(fault.detail, 200)}`;
    return this.error(state, "network", { code: fault.kind, hint: this.#faultHint(fault.kind), cause: fault });
  }

  #faultHint(kind: NetworkFault["kind"]): string | undefined {
    if (kind === "first_byte_timeout") return "allow more time with --timeout";
    if (kind === "tls" || kind === "bad_answer") return "?secure in the address asks for HTTPS; without it, it is HTTP";
    if (kind.startsWith("certificate")) {
      return "with an authority of its own: name its PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";
    }
    if (kind.startsWith("proxy")) return "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or set NO_PROXY";
    const { title, usualPort } = this.#options;
    return `does ${title} run there? Its HTTP port is ${usualPort}`;
  }
}
