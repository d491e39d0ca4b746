/**
 * JSON Lines to CSV or TSV, from bytes to bytes: no value is parsed, so that every digit stays.
 *
 * The rules are those of `csvFormat`, but an empty string is `""`: exports tell it from a value that is not there.
 */
import { epochMs } from "../events/event_time.ts";
import { numberAt } from "../json/json_numbers.ts";
import { JsonKind, JsonScope } from "../json/json_spans.ts";
import { compactJson, unescapeString } from "../json/json_text.ts";
import type { RecordColumns } from "../table/columns.ts";
import type { Column, EncodedEnd, EncodingReport, GrowingEncoder, RecordEncoder } from "../table/record_encoder.ts";
import type { RecordLayout } from "../table/record_layout.ts";
import { RecordRows } from "../table/record_rows.ts";
import type { TimeForm } from "../table/time_form.ts";
import { BYTE_ORDER_MARK, csvFormat } from "./csv.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** `-271821-04-20T00:00:00.000Z` */
const TIME_BYTES = 27;

const QUOTE = 0x22, COMMA = 0x2c, LINE_FEED = 10, RETURN = 13;

/** The lowest and the highest bit of each of four bytes. */
const ONES = 0x01010101, HIGHEST_BITS = 0x80808080 | 0;

/** What no database takes in a text, in the words of JSON. */
const NUL_ESCAPE = encoder.encode("\\u0000");

export interface CsvRecordOptions {
  /** What has no column is left out; else `encode` throws a `MisfitError` for it. */
  isSelection?: boolean;
  /** The name of a column with a JSON object of what has none. */
  rest?: string;
  nullText?: string;
  /** The header begins with a byte order mark. */
  bom?: boolean;
  time?: TimeForm;
}

/** An encoder for these columns. Of their types only that of times matters. */
export function csvRecordEncoder(
  columns: readonly Column[],
  layout: RecordLayout,
  separator: "," | "\t",
  options: CsvRecordOptions = {},
): RecordEncoder {
  return new CsvRecordEncoder(columns, layout, separator, options);
}

/** An encoder that begins with these columns and adds those that the finder finds. */
export function growingCsvEncoder(
  columns: readonly Column[],
  finder: RecordColumns,
  layout: RecordLayout,
  separator: "," | "\t",
  options: CsvRecordOptions = {},
): GrowingEncoder {
  return new CsvRecordEncoder(columns, layout, separator, options, finder);
}

class CsvRecordEncoder implements RecordEncoder, GrowingEncoder {
  readonly #header: Uint8Array;
  readonly #hasMark: boolean;
  readonly #rows: RecordRows;
  readonly #separator: number;
  /** What stands for null. */
  readonly #null: Uint8Array;
  readonly #hasRest: boolean;
  /** The index of the column of times that are written in another form, or -1. */
  readonly #timeColumn: number;
  readonly #timeForm: TimeForm | undefined;
  #out = new Uint8Array(64 * 1024);
  #outView = new DataView(this.#out.buffer);
  #unquoted = new Uint8Array(1024);
  #nuls = 0;
  /** How many columns there are. */
  #width: number;
  /** Bytes of rows. */
  #encoded = 0;
  /** Rows that were written when there were fewer columns. */
  readonly #narrow: { width: number; end: number }[] = [];
  /** Whether there are rows of one empty field in quotes, which is a null and would be a text beside other fields. */
  #hasBlankRows = false;

  constructor(
    columns: readonly Column[],
    layout: RecordLayout,
    separator: "," | "\t",
    options: CsvRecordOptions,
    finder?: RecordColumns,
  ) {
    const { isSelection = false, rest, nullText = "", bom = false, time } = options;
    this.#hasMark = bom;
    this.#separator = separator.charCodeAt(0);
    this.#header = this.#headerOf([...columns.map(({ name }) => name), ...rest === undefined ? [] : [rest]]);
    this.#hasRest = rest !== undefined;
    const others = finder !== undefined ? "add" : isSelection ? "drop" : this.#hasRest ? "collect" : "refuse";
    this.#rows = new RecordRows(columns, layout, others, finder);
    this.#width = columns.length;
    this.#null = encoder.encode(nullText);
    this.#timeForm = time;
    this.#timeColumn = time === undefined ? -1 : columns.findIndex(isTime);
  }

  get report(): EncodingReport {
    return { others: this.#rows.others, nuls: this.#nuls, replaced: this.#rows.spans.replaced.texts };
  }

  begin(): Uint8Array {
    return this.#header;
  }

  encode(lines: Uint8Array): Uint8Array {
    let write = 0;
    let line = 0;
    for (let start = 0; start < lines.length;) {
      const end = this.#rows.readLine(lines, start, ++line);
      const { length } = this.#rows.columnKeys;
      if (length > this.#width) this.#widen(length, this.#encoded + write);
      // A byte that is not UTF-8 becomes three, a quote two; each field has a separator and can be quoted, or is null.
      const rest = this.#hasRest ? 2 * this.#rows.restRoom() : 0;
      this.#makeRoom(write, 3 * (end - start) + (length + 1) * (3 + this.#null.length) + TIME_BYTES + rest);
      write = this.#row(lines, write);
      start = end + 1;
    }
    this.#encoded += write;
    return this.#out.subarray(0, write);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }

  endWith(columns: readonly Column[]): EncodedEnd | undefined {
    const isSame = columns.length === this.#width &&
      columns.every((column, index) => this.#rows.columnOf(column) === index);
    const isTimeKnown = this.#timeForm === undefined || columns.findIndex(isTime) === this.#timeColumn;
    if (!isSame || !isTimeKnown || (this.#narrow.length > 0 && this.#hasBlankRows)) return undefined;
    const header = this.#headerOf(columns.map(({ name }) => name));
    const { length } = this.#header;
    if (header.length === length) return { bytes: this.end() };
    const narrow = this.#narrow.map(({ width, end }) => {
      const fields = [...Array<string>(this.#width - width).fill(""), ""]
        .join(String.fromCharCode(this.#separator) + decoder.decode(this.#null));
      return { end: length + end, fill: encoder.encode(fields) };
    });
    return { bytes: this.end(), widening: { headerBytes: length, header, narrow } };
  }

  #headerOf(names: readonly string[]): Uint8Array {
    if (names.length === 0) return new Uint8Array(0);
    const header = csvFormat(names, { separator: this.#separator === COMMA ? "," : "\t" }).header();
    return encoder.encode((this.#hasMark ? BYTE_ORDER_MARK : "") + header.replaceAll("\0", "\\u0000"));
  }

  /** From here on, counted in bytes of rows, rows have more fields than before. */
  #widen(width: number, from: number): void {
    if (from > (this.#narrow.at(-1)?.end ?? 0)) this.#narrow.push({ width: this.#width, end: from });
    this.#width = width;
  }

  #makeRoom(used: number, bytes: number): void {
    if (this.#out.length - used >= bytes) return;
    const out = new Uint8Array(Math.max(2 * this.#out.length, used + bytes));
    out.set(this.#out.subarray(0, used));
    this.#out = out;
    this.#outView = new DataView(out.buffer);
  }

  #row(bytes: Uint8Array, to: number): number {
    const { members, columnKeys: { length } } = this.#rows;
    const out = this.#out;
    const separator = this.#separator;
    let write = to;
    for (let column = 0; column < length; column++) {
      if (column > 0) out[write++] = separator;
      const member = members[column] as number;
      if (member < 0) write = this.#nothing(out, write);
      else if (column === this.#timeColumn) write = this.#time(bytes, member, out, write);
      else write = this.#field(bytes, member, out, write);
    }
    if (this.#hasRest) {
      if (length > 0) out[write++] = separator;
      write = this.#restField(bytes, out, write);
    }
    if (write === to) {
      // Readers skip a blank line, and the row with it.
      this.#hasBlankRows = true;
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
        return this.#nothing(out, to);
      case JsonKind.string: {
        if (start === end) return this.#quoted(bytes, start, end, out, to);
        if (spans.valueIsPlain[member] === 1) return this.#plain(bytes, start, end, out, to);
        const unquoted = this.#unquotedRoom(end - start);
        return this.#text(unquoted, unescapeString(bytes, start, end, unquoted, 0, this.#rows.spans.replaced), out, to);
      }
      case JsonKind.list:
      case JsonKind.object: {
        const unquoted = this.#unquotedRoom(end - start);
        return this.#text(unquoted, compactJson(bytes, start, end, unquoted, 0, this.#rows.spans.replaced), out, to);
      }
      default: {
        let write = to;
        for (let at = start; at < end; at++) out[write++] = bytes[at] as number;
        return write;
      }
    }
  }

  #nothing(out: Uint8Array, to: number): number {
    if (this.#null.length > 0) out.set(this.#null, to);
    return to + this.#null.length;
  }

  #restField(bytes: Uint8Array, out: Uint8Array, to: number): number {
    if (!this.#rows.hasRest) return this.#nothing(out, to);
    const room = this.#rows.restRoom();
    if (this.#unquoted.length < room) this.#unquoted = new Uint8Array(2 * room);
    const rest = this.#unquoted;
    return this.#text(rest, this.#rows.writeRest(bytes, rest, 0), out, to);
  }

  /** A time in the form that was asked for; what is none stays as it is. */
  #time(bytes: Uint8Array, member: number, out: Uint8Array, to: number): number {
    const { kind, valueStart, valueEnd } = this.#rows.spans;
    const isNumber = kind[member] === JsonKind.integer || kind[member] === JsonKind.number;
    const ms = isNumber
      ? epochMs(numberAt(bytes, valueStart[member] as number, valueEnd[member] as number))
      : undefined;
    if (ms === undefined) return this.#field(bytes, member, out, to);
    const text = this.#timeForm === "iso"
      ? new Date(ms).toISOString()
      : String(this.#timeForm === "seconds" ? ms / 1000 : ms);
    return to + encoder.encodeInto(text, out.subarray(to)).written;
  }

  #unquotedRoom(bytes: number): Uint8Array {
    if (this.#unquoted.length < 3 * bytes) this.#unquoted = new Uint8Array(6 * bytes);
    return this.#unquoted;
  }

  /** A string without escapes: the separator alone can make quotes necessary. Four bytes are looked at and copied at a time. */
  #plain(bytes: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
    const { view } = this.#rows.spans;
    const outView = this.#outView;
    const separators = this.#separator * ONES;
    let write = to;
    let at = start;
    for (const last = end - 4; at <= last; at += 4) {
      const word = view.getInt32(at, true);
      const differing = word ^ separators;
      // The highest bit of a byte that is the separator; bytes above one may have it wrongly.
      if ((differing - ONES & ~differing & HIGHEST_BITS) !== 0) return this.#quoted(bytes, start, end, out, to);
      outView.setInt32(write, word, true);
      write += 4;
    }
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === this.#separator) return this.#quoted(bytes, start, end, out, to);
      out[write++] = byte;
    }
    return this.#isNullText(bytes, start, end) ? this.#quoted(bytes, start, end, out, to) : write;
  }

  /** The first `length` bytes of any text. */
  #text(text: Uint8Array, length: number, out: Uint8Array, to: number): number {
    const separator = this.#separator;
    let write = to;
    for (let at = 0; at < length; at++) {
      const byte = text[at] as number;
      const isSpecial = byte === separator || byte === QUOTE || byte === LINE_FEED || byte === RETURN || byte === 0;
      if (isSpecial) return this.#quoted(text, 0, length, out, to);
      out[write++] = byte;
    }
    return this.#isNullText(text, 0, length) ? this.#quoted(text, 0, length, out, to) : write;
  }

  /** Whether a text would be taken for null. */
  #isNullText(text: Uint8Array, start: number, end: number): boolean {
    const { length } = this.#null;
    if (length === 0 || end - start !== length) return false;
    for (let at = 0; at < length; at++) if (text[start + at] !== this.#null[at]) return false;
    return true;
  }

  #quoted(text: Uint8Array, start: number, end: number, out: Uint8Array, to: number): number {
    let write = to;
    out[write++] = QUOTE;
    for (let at = start; at < end; at++) {
      const byte = text[at] as number;
      if (byte === QUOTE) out[write++] = QUOTE;
      if (byte !== 0) {
        out[write++] = byte;
        continue;
      }
      out.set(NUL_ESCAPE, write);
      write += NUL_ESCAPE.length;
      this.#nuls++;
    }
    out[write++] = QUOTE;
    return write;
  }
}

function isTime({ name, source }: Column): boolean {
  return source === undefined ? name === "time" : source.key === "time" && source.scope === JsonScope.properties;
}
