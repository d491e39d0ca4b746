/** The data of an ingestion request, in all the forms in which SDKs have sent it over the years. */
import type { SandboxCall } from "../call.ts";
import { fromBase64 } from "../credentials.ts";
import { Fields } from "../fields.ts";
import { jsonOrUndefined } from "../request_json.ts";

export interface Payload {
  /** JSON text: an object, an array, or (when `isLines`) an object a line. Empty when there was none. */
  text: string;
  isLines: boolean;
  /** Whether the data came as a form's field or in the query string, as older SDKs send it. */
  isForm: boolean;
  /** Whether the body was not UTF-8; its bad bytes are U+FFFD in `text`. */
  hasBadBytes: boolean;
  /** `verbose`, `ip` and the like, from the query string or the form. */
  controls: Fields;
}

/** Reads the data: a JSON body, JSON Lines, or a field `data` of JSON or base64 in a form or the query string. */
export async function readPayload(call: SandboxCall): Promise<Payload> {
  const query = call.url.searchParams;
  const body = call.request.method === "GET" ? new Uint8Array(0) : await call.body();
  const contentType = call.request.headers.get("content-type") ?? "";
  const hasBadBytes = !isUtf8(body);
  const text = new TextDecoder().decode(body);
  const start = text.trimStart()[0];
  if (start === "{" || start === "[" || (contentType.includes("json") && start !== undefined)) {
    const isLines = contentType.includes("ndjson") || (start === "{" && hasSeveralLines(text));
    return { text, isLines, isForm: false, hasBadBytes, controls: new Fields(query) };
  }
  const form = new URLSearchParams(text);
  const data = form.get("data") ?? query.get("data") ?? "";
  const controls = new Fields(query, form);
  return { text: decodeData(data), isLines: false, isForm: true, hasBadBytes, controls };
}

/** The data field is JSON or base64 of it. Base64 that was not percent-encoded has lost its pluses to spaces. */
function decodeData(data: string): string {
  const text = data.trim();
  if (text === "" || text.startsWith("{") || text.startsWith("[")) return text;
  return fromBase64(text.replaceAll(" ", "+")) ?? text;
}

/** Whether a body labelled as JSON is JSON Lines: the first line is an object by itself, and another follows. */
function hasSeveralLines(text: string): boolean {
  const end = text.indexOf("\n");
  if (end < 0 || text.slice(end).trim() === "") return false;
  return jsonOrUndefined(text.slice(0, end)) !== undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}
