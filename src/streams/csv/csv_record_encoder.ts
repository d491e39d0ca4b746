/**
 * JSON Lines to CSV or TSV, from bytes to bytes: no value is parsed, so that every digit stays.
 *
 * The rules are those of `csvFormat`, but an empty string is `""`: exports tell it from a value that is not there.
 */
import { csvFormat } from "./csv.ts";
import { JsonKind } from "../json/json_spans.ts";
import { compactJson, unescapeString } from "../json/json_text.ts";
import type { Column, RecordEncoder, RecordLayout } from "../table/record_encoder.ts";
import { RecordRows } from "../table/record_rows.ts";

const QUOTE = 0x22, LINE_FEED = 10, RETURN = 13;

/**
 * An encoder for these columns; their types do not matter.
 *
 * @param isSelection what has no column is left out; else `encode` throws a `MisfitError` for it
 */
export function csvRecordEncoder(
  columns: readonly Column[],
  layout: RecordLayout,
  separator: "," | "\t",
  isSelection: boolean,
): RecordEncoder {
  return new CsvRecordEncoder(columns, layout, separator, isSelection);
}

class CsvRecordEncoder implements RecordEncoder {
  readonly #header: Uint8Array;
  readonly #rows: RecordRows;
  readonly #separator: number;
  #out = new Uint8Array(64 * 1024);
  #unquoted = new Uint8Array(1024);

  constructor(columns: readonly Column[], layout: RecordLayout, separator: "," | "\t", isSelection: boolean) {
    const names = columns.map(({ name }) => name);
    const header = names.length === 0 ? "" : csvFormat(names, { separator }).header();
    this.#header = new TextEncoder().encode(header);
    this.#rows = new RecordRows(columns, layout, isSelection);
    this.#separator = separator.charCodeAt(0);
  }

  begin(): Uint8Array {
    return this.#header;
  }

  encode(lines: Uint8Array): Uint8Array {
    const { members } = this.#rows;
    let write = 0;
    let line = 0;
    for (let start = 0; start < lines.length;) {
      const feed = lines.indexOf(LINE_FEED, start);
      const end = feed < 0 ? lines.length : feed;
      this.#rows.read(lines, start, end, ++line);
      // A byte that is not UTF-8 becomes three, a quote two; each field has a separator and can be quoted.
      this.#makeRoom(write, 3 * (end - start + members.length));
      write = this.#row(lines, write);
      start = end + 1;
    }
    return this.#out.subarray(0, write);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }

  #makeRoom(used: number, bytes: number): void {
    if (this.#out.length - used >= bytes) return;
    const out = new Uint8Array(Math.max(2 * this.#out.length, used + bytes));
    out.set(this.#out.subarray(0, used));
    this.#out = out;
  }

  #row(bytes: Uint8Array, to: number): number {
    const { members } = this.#rows;
    const out = this.#out;
    const separator = this.#separator;
    let write = to;
    for (let column = 0; column < members.length; column++) {
      if (column > 0) out[write++] = separator;
      const member = members[column] as number;
      if (member >= 0) write = this.#field(bytes, member, out, write);
    }
    if (write === to) {
      // Readers pass over a blank line, and the row with it.
      out[write++] = QUOTE;
      out[write++] = QUOTE;
    }
    out[write++] = LINE_FEED;
    return write;
  }

  #field(bytes: Uint8Array, member: number, out: Uint8Array, to: number): number {
    const { spans } = this.#rows;
    const start = spans.valueStart[member] as number;
    const end = spans.valueEnd[member] as number;
    switch (spans.kind[member]) {
      case JsonKind.null:
        return to;
      case JsonKind.string: {
        if (start === end) return quoted(bytes, start, end, out, to);
        if (spans.valueIsPlain[member] === 1) return this.#plain(bytes, start, end, out, to);
        const unquoted = this.#unquotedRoom(end - start);
        return this.#text(unquoted, unescapeString(bytes, start, end, unquoted, 0), out, to);
      }
      case JsonKind.list:
      case JsonKind.object: {
        const unquoted = this.#unquotedRoom(end - start);
        return this.#text(unquoted, compactJson(bytes, start, end, unquoted, 0), out, to);
      }
      default: {
        let write = to;
        for (let at = start; at < end; at++) out[write++] = bytes[at] as number;
        return write;
      }
    }
  }

  #unquotedRoom(bytes: number): Uint8Array {
    if (this.#unquoted.length < 3 * bytes) this.#unquoted = new Uint8Array(6 * bytes);
    return this.#unquoted;
  }

  /** A string without escapes: the separator alone can make quotes necessary. */
  #plain(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
    const separator = this.#separator;
    let write = to;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === separator) return quoted(bytes, start, end, out, to);
      out[write++] = byte;
    }
    return write;
  }

  /** The first `length` bytes of any text. */
  #text(text: Uint8Array, length: number, out: Uint8Array, to: number): number {
    const separator = this.#separator;
    let write = to;
    for (let at = 0; at < length; at++) {
      const byte = text[at] as number;
      const isSpecial = byte === separator || byte === QUOTE || byte === LINE_FEED || byte === RETURN;
      if (isSpecial) return quoted(text, 0, length, out, to);
      out[write++] = byte;
    }
    return write;
  }
}

function quoted(text: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
  let write = to;
  out[write++] = QUOTE;
  for (let at = start; at < end; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) out[write++] = QUOTE;
    out[write++] = byte;
  }
  out[write++] = QUOTE;
  return write;
}
