/** The data of an ingestion request, in all the forms in which SDKs have sent it over the years. */
import type { SandboxCall } from "../call.ts";
import { isUtf8 } from "../../runtime/utf8.ts";
import { fromBase64 } from "../credentials.ts";
import { Fields } from "../fields.ts";
import { jsonOrUndefined } from "../request_json.ts";

/** JSON text: an object, an array, or (when `isLines`) an object a line. Empty when there was none. */
export class Payload {
  /** The text in UTF-8. */
  readonly bytes: Uint8Array;
  readonly isLines: boolean;
  /** Whether the data came as a form's field or in the query string, as older SDKs send it. */
  readonly isForm: boolean;
  /** Whether the body was not UTF-8; its bad bytes are U+FFFD in the text. */
  readonly hasBadBytes: boolean;
  /** The gzip data that `bytes` came as, if it was compressed. */
  readonly packed?: Uint8Array;
  /** `verbose`, `ip` and the like, from the query string or the form. */
  readonly controls: Fields;

  constructor({ bytes, isLines, isForm, hasBadBytes, packed, controls }: Omit<Payload, "text">) {
    this.bytes = bytes;
    this.isLines = isLines;
    this.isForm = isForm;
    this.hasBadBytes = hasBadBytes;
    this.packed = packed;
    this.controls = controls;
  }

  get text(): string {
    return decoder.decode(this.bytes);
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const LINE_FEED = 0x0a, SPACE = 0x20, FIRST_BEYOND_ASCII = 0x80;

/** Reads the data: a JSON body, JSON Lines, or a field `data` of JSON or base64 in a form or the query string. */
export async function readPayload(call: SandboxCall): Promise<Payload> {
  const query = call.url.searchParams;
  const body = call.request.method === "GET" ? new Uint8Array(0) : await call.body();
  const contentType = call.request.headers.get("content-type") ?? "";
  const hasBadBytes = !isUtf8(body);
  const bytes = hasBadBytes ? encoder.encode(new TextDecoder().decode(body)) : withoutMark(body);
  const start = firstCharacter(bytes);
  if (start === "{" || start === "[" || (contentType.includes("json") && start !== undefined)) {
    const isLines = contentType.includes("ndjson") || (start === "{" && hasSeveralLines(bytes));
    const packed = bytes === body ? call.packedBody : undefined;
    return new Payload({ bytes, isLines, isForm: false, hasBadBytes, packed, controls: new Fields(query) });
  }
  const form = new URLSearchParams(decoder.decode(bytes));
  const data = form.get("data") ?? query.get("data") ?? "";
  const controls = new Fields(query, form);
  return new Payload({ bytes: encoder.encode(decodeData(data)), isLines: false, isForm: true, hasBadBytes, controls });
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The first character that is no white space. */
function firstCharacter(bytes: Uint8Array): string | undefined {
  const first = bytes.find((byte) => byte > SPACE);
  if (first === undefined) return undefined;
  return first < FIRST_BEYOND_ASCII ? String.fromCharCode(first) : decoder.decode(bytes).trimStart()[0];
}

/** The data field is JSON or base64 of it. Base64 that was not percent-encoded has lost its pluses to spaces. */
function decodeData(data: string): string {
  const text = data.trim();
  if (text === "" || text.startsWith("{") || text.startsWith("[")) return text;
  return fromBase64(text.replaceAll(" ", "+")) ?? text;
}

/** Whether a body labelled as JSON is JSON Lines: the first line is an object by itself, and another follows. */
function hasSeveralLines(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(LINE_FEED);
  if (end < 0 || !bytes.subarray(end).some((byte) => byte > SPACE)) return false;
  return jsonOrUndefined(decoder.decode(bytes.subarray(0, end))) !== undefined;
}
