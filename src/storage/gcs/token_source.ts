/** Access tokens, fetched anew before they run out. */
import { MpError } from "../../errors.ts";
import { oneLine } from "../../client/wording.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import type { Transport } from "../../runtime/network/transport.ts";
import { readBytes } from "../../runtime/network/transport_body.ts";

export interface TokenOptions {
  transport: Transport;
  now(): number;
  /** Told of secrets before they are used. */
  onSecret?(secret: string): void;
  signal?: AbortSignal;
}

export interface FetchedToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresMs?: number;
}

/** Where tokens come from. */
export interface TokenIssuer {
  /** As it is named in messages. */
  who: string;
  newToken(): Promise<FetchedToken>;
}

/** Tokens that run out soon are fetched anew, so that no request is under way when they do. */
const EARLY_MS = 5 * 60_000;
const LONGEST_ANSWER_BYTES = 64 * 1024;

export class TokenSource {
  readonly #address: string;
  readonly #issuer: TokenIssuer;
  readonly #options: TokenOptions;
  #fetching: Promise<FetchedToken> | undefined;

  constructor(address: string, issuer: TokenIssuer, options: TokenOptions) {
    this.#address = address;
    this.#issuer = issuer;
    this.#options = options;
  }

  /** @param refused a token that the store has refused: another is given, if there is one */
  async token(refused?: string): Promise<string> {
    const current = this.#fetching;
    const before = await current;
    const isOver = before !== undefined &&
      (before.token === refused || (before.expiresMs ?? Infinity) - EARLY_MS < this.#options.now());
    // Another request may have asked anew in the meantime.
    if (isOver && this.#fetching === current) this.#fetching = undefined;
    const fetching = this.#fetching ??= this.#renew();
    return (await fetching).token;
  }

  async #renew(): Promise<FetchedToken> {
    try {
      const fetched = await this.#issuer.newToken();
      this.#options.onSecret?.(fetched.token);
      return fetched;
    } catch (error) {
      // The next request may ask again.
      this.#fetching = undefined;
      this.#options.signal?.throwIfAborted();
      if (!(error instanceof NetworkFault)) throw error;
      throw new MpError(
        `Cannot use ${this.#address}: no token could be fetched with ${this.#issuer.who}: ${
          oneLine(error.detail, 200)
        }`,
        {
          category: "network",
          code: error.kind,
          hint: "is the network up? One that needs a proxy needs HTTPS_PROXY",
          cause: error,
        },
      );
    }
  }
}

/** The status and the JSON of an answer; an empty object where it is none. */
export async function askForJson(
  { transport, signal }: TokenOptions,
  request: { url: URL; headers?: Record<string, string>; form?: Record<string, string>; timeoutMs: number },
): Promise<{ status: number; json: Record<string, unknown>; headers: Headers }> {
  const { url, form, timeoutMs } = request;
  const headers: Record<string, string> = { ...request.headers };
  if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
  const { status, body, headers: answered } = await transport({
    method: form === undefined ? "GET" : "POST",
    url,
    headers,
    body: form === undefined ? undefined : new URLSearchParams(form).toString(),
    signal,
    timeoutMs,
  });
  const text = new TextDecoder().decode(await readBytes(body, LONGEST_ANSWER_BYTES));
  return { status, json: jsonObject(text), headers: answered };
}

/** The JSON object of a text; an empty one for any other text. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const json = JSON.parse(text);
    return typeof json === "object" && json !== null ? json : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** The token in an answer, by OAuth's names; undefined where there is none. */
export function tokenOf(json: Record<string, unknown>, nowMs: number): FetchedToken | undefined {
  const { access_token: token, expires_in: seconds } = json;
  if (typeof token !== "string" || token === "") return undefined;
  return { token, expiresMs: typeof seconds === "number" ? nowMs + seconds * 1000 : undefined };
}

export function noCredentials(address: string, state: string, hint: string): MpError {
  return new MpError(`Cannot use ${address}: ${state}`, { category: "auth", code: "no_credentials", hint });
}
