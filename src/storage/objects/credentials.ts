/** What proves to a store who asks: where it is fetched from, and when again. */
import { MpError } from "../../errors.ts";
import type { Transport } from "../../runtime/network/transport.ts";
import { readBytes } from "../../runtime/network/transport_body.ts";
import { isObject } from "../../streams/json/is_object.ts";

export interface CredentialOptions {
  transport: Transport;
  now(): number;
  /** Called with secrets before they are used. */
  onSecret?(secret: string): void;
  signal?: AbortSignal;
}

/** Keys or a token, as they were fetched. */
export interface Fetched<T> {
  value: T;
  /** Milliseconds since 1970. Unset: they do not run out. */
  expiresMs?: number;
}

/** The keys or token to use. `refused` is one that a store has refused: another is given, if there is one. */
export type CredentialSource<T> = (refused?: T) => Promise<T>;

/** What runs out soon is fetched again, so that no request is under way when it does. */
const EARLY_MS = 5 * 60_000;
const LONGEST_ANSWER_BYTES = 64 * 1024;

/** Fetches once, and again before what was fetched runs out or when it was refused. */
export function renewed<T>(fetchAnew: () => Promise<Fetched<T>>, now: () => number): CredentialSource<T> {
  let fetching: Promise<Fetched<T>> | undefined;
  const begin = async () => {
    try {
      return await fetchAnew();
    } catch (error) {
      // The next request may ask again.
      fetching = undefined;
      throw error;
    }
  };
  return async (refused) => {
    const current = fetching;
    const before = await current;
    const isOver = before !== undefined &&
      (before.value === refused || (before.expiresMs ?? Infinity) - EARLY_MS < now());
    // Another request may have asked again in the meantime.
    if (isOver && fetching === current) fetching = undefined;
    fetching ??= begin();
    return (await fetching).value;
  };
}

/** The status and the JSON object of an answer; an empty object where it is none. */
export async function askForJson(
  { transport, signal }: CredentialOptions,
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
    return isObject(json) ? json : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export function noCredentials(address: string, state: string, hint: string): MpError {
  return new MpError(`Cannot use ${address}: ${state}`, { category: "auth", code: "no_credentials", hint });
}

/** The address of a store or gateway that a variable holds, without a `/` at its end; undefined for what is none. */
export function endpointAddress(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isUsable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "";
  return isUsable ? value.replace(/\/+$/, "") : undefined;
}
