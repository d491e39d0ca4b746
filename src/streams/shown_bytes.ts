/** Texts whose bytes are no UTF-8, with each such byte in sight: what nobody has fixed is no JSON, and is not sent. */
import { utf8Length } from "./json/json_text.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** A half of a surrogate pair, which no UTF-8 has, stands for a byte; as in Python's `surrogateescape`. */
const BYTES_FROM = 0xdc00;
const STAND_INS = /[\udc80-\udcff]/gu;
/** In JSON, where they are escaped. A backslash that is one stays. */
const ESCAPED_STAND_INS = /\\\\|\\udc([89a-f][0-9a-f])/g;

/** The text, with a stand-in for each byte that is part of no character. */
export function withStandIns(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    let end = at;
    while (end < bytes.length) {
      const length = (bytes[end] as number) < 0x80 ? 1 : utf8Length(bytes, end);
      if (length === 0) break;
      end += length;
    }
    text += decoder.decode(bytes.subarray(at, end));
    if (end < bytes.length) text += String.fromCharCode(BYTES_FROM + (bytes[end] as number));
    at = end + 1;
  }
  return text;
}

/** The text of bytes, with `\\xff` for each that is part of no character. */
export function textWithBytes(bytes: Uint8Array): string {
  return withStandIns(bytes).replace(STAND_INS, (unit) => shown((unit.charCodeAt(0) - BYTES_FROM).toString(16)));
}

/** JSON with stand-ins in its strings, which then is none. */
export function jsonWithBytes(json: string): string {
  return json.replace(ESCAPED_STAND_INS, (all, byte?: string) => byte === undefined ? all : shown(byte));
}

const shown = (byte: string): string => `\\x${byte}`;
