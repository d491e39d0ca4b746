/** The one fetch: every request to Mixpanel goes through here. */
import { MpError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { sha256Hex } from "../runtime/hash.ts";
import { NetworkFault } from "../runtime/network/network_fault.ts";
import type { Transport, TransportAnswer } from "../runtime/network/transport.ts";
import { readBytes } from "../runtime/network/transport_body.ts";
import { type InspectBody, streamingAnswer, wholeAnswer } from "./answer.ts";
import { Attempts, Failed } from "./attempts.ts";
import { authorizationHeader, credentialLabel } from "./authorize.ts";
import { concatenate } from "../streams/chunks.ts";
import { doubtHint } from "./doubt.ts";
import { echoError, errorInBody, type Exchange, LARGEST_ANSWER_BYTES, statusError, tooLargeError } from "./errors.ts";
import { isLoopback } from "./hosts.ts";
import { networkError, shortReason } from "./network_errors.ts";
import { AccessTokens } from "./oauth_token.ts";
import type { Ledger, Reservation } from "./pacing/ledger.ts";
import type { LedgerKey } from "./pacing/ledger_store.ts";
import { countsWithStatus, QUOTAS } from "./pacing/quotas.ts";
import { carriesSecrets, type PreparedRequest, prepareRequest } from "./prepare.ts";
import { redactAnswer, redactHeaders, rememberSecret } from "./redact.ts";
import { isExpectedRedirect, redirectTarget } from "./redirects.ts";
import { parseRetryAfterMs, PATIENT_RULES, REQUEST_RULES } from "./retry.ts";
import type { SessionPlace } from "./credentials.ts";
import { TokenSession } from "./token_session.ts";
import { answerLine, requestLine, shownUrl } from "./trace.ts";
import type { Answer, Client, Connection, SendOptions, WireRequest } from "./types.ts";
import { formatSize, formatWait } from "./wording.ts";

/** What the client is made of. */
export interface ClientParts {
  transport: Transport;
  clock: Clock;
  userAgent: string;
  /** Called with requests, answers and decisions; without secrets. */
  trace?: (line: string) => void;
  /** Called with waits and warnings that concern the user. */
  notice?: (line: string) => void;
  ledger?: Ledger;
  /** How long to wait in all when a server says when to come back. Default 60 s. */
  patienceMs?: number;
}

/** An access token was refused, which client credentials or the session can replace. */
class StaleToken extends Failed {}

const DEFAULT_PATIENCE_MS = 60_000;
/** What is read of a body that only serves a message, or the list of refused records of an import. */
const LONGEST_ERROR_BYTES = 16 * 1024 * 1024;

/** A client for one connection. */
export function createClient(connection: Connection, parts: ClientParts): Client {
  return new MixpanelClient(connection, parts);
}

class MixpanelClient implements Client {
  readonly #parts: ClientParts;
  readonly #tokens: AccessTokens;
  #session: TokenSession | undefined;
  #hasWarnedOfSecret = false;
  #hasWarnedOfEcho = false;

  constructor(readonly connection: Connection, parts: ClientParts) {
    this.#parts = parts;
    this.#tokens = new AccessTokens((request, signal) => this.send(request, { signal }), () => parts.clock.now());
  }

  async send(request: WireRequest, options: SendOptions = {}): Promise<Answer> {
    const { signal, once } = options;
    const { clock, notice } = this.#parts;
    const prepared = await prepareRequest(request, this.connection);
    this.#warnOfSecret(prepared);
    const rules = options.patienceMs === undefined ? REQUEST_RULES : PATIENT_RULES;
    const attempts = new Attempts({
      rules: once ? [] : rules,
      clock,
      signal,
      patienceMs: options.patienceMs ?? this.#parts.patienceMs ?? DEFAULT_PATIENCE_MS,
      repeatable: request.repeatable,
      onWait: options.onWait ??
        ((wait) => wait && notice?.(`${wait.reason}; trying again in ${formatWait(wait.milliseconds)}`)),
    });
    let hasReplacedToken = false;
    let hasBegun = false;
    const attempt = async (): Promise<Answer | Failed> => {
      throwIfAborted(signal);
      hasBegun = true;
      const outcome = await this.#attempt(prepared, options);
      if (!(outcome instanceof StaleToken) || hasReplacedToken) return outcome;
      hasReplacedToken = true;
      return await attempt();
    };
    try {
      return await attempts.run(attempt);
    } catch (error) {
      throwIfAborted(signal, hasBegun ? doubtHint(request) : undefined);
      throw error;
    }
  }

  /** One attempt, with its place in the ledger. */
  async #attempt(prepared: PreparedRequest, options: SendOptions): Promise<Answer | Failed> {
    const { clock, ledger, trace } = this.#parts;
    const { signal } = options;
    const bearer = await this.#bearer(prepared, signal);
    const place = this.#ledgerPlace(prepared);
    const reservation = place && await ledger?.reserve(place.key, place.quota, options);
    const exchange: Exchange = {
      request: prepared.request,
      url: prepared.url,
      connection: this.connection,
      authorization: prepared.authorization,
    };
    const startedAt = clock.now();
    const begun: Uint8Array[] = [];
    try {
      const answer = await this.#follow(prepared, exchange, bearer, signal);
      if (place) ledger?.observe(place.key, place.quota, answer.status, answer.headers);
      const isSuccess = isWhole(answer.status, prepared.request.streaming) ||
        isExpectedRedirect(prepared.request, answer);
      redactHeaders(answer.headers);
      if (isSuccess && prepared.request.streaming) {
        trace?.(answerLine(answer.status, clock.now() - startedAt, "streaming"));
        return this.#streaming(prepared, exchange, answer, startedAt, signal, reservation);
      }
      const received = isSuccess
        ? await readBytes(keeping(answer.body, begun), LARGEST_ANSWER_BYTES, () => tooLargeError(exchange))
        : await readBytes(answer.body, LONGEST_ERROR_BYTES);
      trace?.(answerLine(answer.status, clock.now() - startedAt, received.length));
      // Tokens are asked for in order to be used. Whatever else a server says is free of what it was asked with.
      const { family, auth } = prepared.request;
      const hasTokens = isSuccess && family === "oauth" && auth.length === 0;
      const bytes = hasTokens ? received : redactAnswer(received);
      if (isSuccess && bytes !== received) this.#warnOfEcho(exchange);
      reservation?.release({ counted: countsWithStatus(answer.status) });
      if (isSuccess) {
        const { status, headers } = answer;
        const head = { status, headers, url: shownUrl(exchange.url) };
        return wholeAnswer(head, bytes, this.#inspection(exchange, answer));
      }
      return this.#refused(exchange, answer, bytes, bearer);
    } catch (error) {
      reservation?.release({ counted: !(error instanceof NetworkFault) || error.sent });
      throwIfAborted(signal);
      if (!(error instanceof NetworkFault)) throw error;
      trace?.(`← ${error.kind} after ${Math.round(clock.now() - startedAt)} ms: ${error.detail}`);
      const received = new TextDecoder().decode(redactAnswer(concatenate(begun)));
      return new Failed(networkError(error, exchange, this.#timeoutMs(prepared.request), received), shortReason(error));
    }
  }

  /** Sends the request, and again wherever it is redirected to; `exchange.url` keeps up. */
  async #follow(
    prepared: PreparedRequest,
    exchange: Exchange,
    bearer: string | undefined,
    signal?: AbortSignal,
  ): Promise<TransportAnswer> {
    const { transport, trace, userAgent } = this.#parts;
    const { request, authorization } = prepared;
    const headers: Record<string, string> = { "user-agent": userAgent, ...prepared.headers };
    const proof = authorization && authorizationHeader(authorization, bearer);
    if (proof !== undefined) headers.authorization = proof;
    let method: string = request.method;
    let body = prepared.body;
    for (let followed = 0;; followed++) {
      trace?.(requestLine(method, exchange.url, authorization, body?.length));
      const answer = await transport({
        method,
        url: exchange.url,
        headers,
        body,
        signal,
        timeoutMs: this.#timeoutMs(request),
        freshConnection: !request.repeatable,
      });
      if (isExpectedRedirect(request, answer)) return answer;
      const target = redirectTarget(exchange, answer, followed, carriesSecrets(prepared));
      if (target === undefined) return answer;
      trace?.(`← ${answer.status}, sent on to ${shownUrl(target.url)}`);
      await answer.body.cancel();
      exchange.url = target.url;
      if (!target.asGet) continue;
      method = "GET";
      body = undefined;
      delete headers["content-type"];
      delete headers["content-encoding"];
    }
  }

  #streaming(
    prepared: PreparedRequest,
    exchange: Exchange,
    answer: TransportAnswer,
    startedAt: number,
    signal: AbortSignal | undefined,
    reservation: Reservation | undefined,
  ): Answer {
    const { clock, trace } = this.#parts;
    const { status, headers } = answer;
    return streamingAnswer({ status, headers, url: shownUrl(exchange.url) }, answer.body, {
      check: (start) => {
        if (redactAnswer(start) !== start) throw echoError(exchange);
      },
      tooLarge: () => tooLargeError(exchange),
      inspect: this.#inspection(exchange, answer),
      explain: (error) => {
        throwIfAborted(signal);
        return error instanceof NetworkFault ? networkError(error, exchange, this.#timeoutMs(prepared.request)) : error;
      },
      onEnd: (receivedBytes) => {
        reservation?.release();
        trace?.(`  ${formatSize(receivedBytes)} in ${Math.round(clock.now() - startedAt)} ms`);
      },
    });
  }

  #inspection(exchange: Exchange, { status, headers }: TransportAnswer): InspectBody {
    const { clock, notice } = this.#parts;
    return (text, isWhole) => {
      if (!isWhole) {
        notice?.(`the answer of ${exchange.url.host} is not UTF-8: U+FFFD stands for the bytes that are not`);
      }
      return errorInBody(exchange, { status, headers, text, now: clock.now() });
    };
  }

  #refused(
    exchange: Exchange,
    answer: TransportAnswer,
    bytes: Uint8Array,
    bearer: string | undefined,
  ): Failed {
    const { status, headers } = answer;
    const now = this.#parts.clock.now();
    const retryAfterMs = parseRetryAfterMs(headers.get("retry-after"), now);
    const text = new TextDecoder().decode(bytes);
    const hasStaleToken = status === 401 && bearer !== undefined;
    if (hasStaleToken) {
      this.#tokens.forget(bearer);
      this.#session?.forget(bearer);
    }
    const error = statusError(exchange, { status, headers, text, retryAfterMs, now });
    const reason = status === 429 ? "rate limited" : `the server answered ${status}`;
    return new (hasStaleToken ? StaleToken : Failed)(error, reason, retryAfterMs);
  }

  async #bearer({ authorization }: PreparedRequest, signal?: AbortSignal): Promise<string | undefined> {
    const token = authorization?.kind === "session"
      ? await this.#sessionAt(authorization.place).get(signal)
      : authorization?.kind === "client_credentials"
      ? await this.#tokens.get(authorization.clientId, authorization.clientSecret, signal)
      : undefined;
    rememberSecret(token);
    return token;
  }

  #sessionAt(place: SessionPlace): TokenSession {
    const send = (request: WireRequest, signal?: AbortSignal) => this.send(request, { signal });
    return this.#session ??= new TokenSession(place, send, () => this.#parts.clock.now(), this.#parts.notice);
  }

  #ledgerPlace(prepared: PreparedRequest): { key: LedgerKey; quota: NonNullable<WireRequest["quota"]> } | undefined {
    const { request, url } = prepared;
    const { quota } = request;
    if (!this.connection.pacing || quota === undefined || request.countsAgainstQuota === false) return undefined;
    const project = QUOTAS[quota].scope === "project" ? projectOf(prepared, this.connection) : undefined;
    return {
      quota,
      key: { host: url.host, project: project ?? fingerprint(prepared), assumed: !isLoopback(url) },
    };
  }

  #timeoutMs(request: WireRequest): number {
    return request.timeoutMs ?? this.connection.timeoutMs;
  }

  #warnOfEcho({ url }: Exchange): void {
    if (this.#hasWarnedOfEcho) return;
    this.#hasWarnedOfEcho = true;
    this.#parts.notice?.(`the answer of ${url.host} holds credentials of yours; [redacted] stands in their place`);
  }

  #warnOfSecret({ authorization }: PreparedRequest): void {
    if (authorization?.kind !== "project_secret" || this.#hasWarnedOfSecret) return;
    this.#hasWarnedOfSecret = true;
    this.#parts.notice?.("project secrets stop working on 2027-03-03; use a service account (MP_USERNAME, MP_SECRET)");
  }
}

/** A body, each of whose chunks is also kept. */
async function* keeping(body: AsyncIterable<Uint8Array>, kept: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of body) {
    kept.push(chunk);
    yield chunk;
  }
}

/** The project that a request names in its query, its path or by the connection. */
function projectOf({ url, authorization }: PreparedRequest, connection: Connection): string | undefined {
  const named = url.searchParams.get("project_id") ?? /\/projects\/(\d+)/.exec(url.pathname)?.[1];
  if (named !== undefined) return named;
  // A secret or token names a project of its own, which need not be the connection's.
  const namesItself = authorization?.kind === "project_secret" || authorization?.kind === "project_token";
  return namesItself ? undefined : connection.projectId;
}

/** Tells credentials apart without giving them away. */
function fingerprint({ authorization }: PreparedRequest): string {
  if (authorization?.kind === "service_account" || authorization?.kind === "client_credentials") {
    return credentialLabel(authorization);
  }
  return `${credentialLabel(authorization)} ${sha256Hex(JSON.stringify(authorization ?? {})).slice(0, 8)}`;
}

/** @param doubt what to do about a change that may have been made by then */
function throwIfAborted(signal: AbortSignal | undefined, doubt?: string): void {
  if (!signal?.aborted) return;
  const reason = signal.reason instanceof MpError
    ? signal.reason
    : new MpError("Interrupted", { category: "interrupted", cause: signal.reason });
  if (doubt === undefined) throw reason;
  throw new MpError(reason.message, { ...reason, hint: doubt, inDoubt: true, cause: reason });
}

/** Nobody asks for a part (206); and of a stream, "later" (202) and "nothing" (204) are no more than that it did not come. */
function isWhole(status: number, isStream: boolean | undefined): boolean {
  if (isStream) return status === 200 || status === 203;
  return status >= 200 && status < 300 && status !== 206;
}
