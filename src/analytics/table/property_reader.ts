/** Fills the columns of a table from the text of objects: without parsing them, where their text is their value. */
import { stringifyJson } from "../../streams/json/json.ts";
import { numberAt } from "../../streams/json/json_numbers.ts";
import { JsonKind, JsonSpans } from "../../streams/json/json_spans.ts";
import { canonicalString } from "../../streams/json/json_text.ts";
import { type ByteView, viewOf } from "./bytes.ts";
import { type ColumnBuilder, jsonOfNumber } from "./column_builder.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const QUOTE = 0x22, MINUS = 0x2d, POINT = 0x2e, ZERO = 0x30;

/** Keys of so many properties are known by number. */
const MOST_KEYS = 16_384;
/** Not even a key without a number. */
const NO_KEY = -2;
/** A decimal number of so many digits is what its double is printed as. */
const MOST_PLAIN_DIGITS = 15;
/** As in 0.000001. */
const MOST_LEADING_ZEROS = 6;

/** Where properties are put: the first row of a table that has none yet. */
interface Row {
  /** Its number in its chunk. */
  readonly fillIndex: number;
  builder(property: string): ColumnBuilder;
  readonly sentIds: ColumnBuilder;
  setSentId(json: ByteView, start: number, end: number): boolean;
}

export class PropertyReader {
  readonly #columns: SpannedColumns;
  readonly #spans = new JsonSpans("flat", { maxKeys: MOST_KEYS });

  /** @param isWanted as for `SpannedColumns` */
  constructor(table: Row, isWanted?: (property: string) => boolean) {
    this.#columns = new SpannedColumns(table, this.#spans, isWanted);
  }

  /** Sets the properties of a row from the JSON text of an object. False when it is none. */
  read(json: ByteView, start: number, end: number): boolean {
    if (!this.#spans.scan(json.bytes, start, end)) return false;
    this.#columns.fill(json, 0, this.#spans.count);
    return true;
  }
}

/** The columns of a table by the numbers that one scanner has for their keys. */
export class SpannedColumns {
  readonly #byKey: (ColumnBuilder | null | undefined)[] = [];
  #replacedTexts = 0;
  /** A text that is written in another way than it came. */
  #text = viewOf(new Uint8Array(256));

  /** @param isWanted whether a property is kept; asked once for each name. Default: all are */
  constructor(
    private readonly table: Row,
    private readonly spans: JsonSpans,
    private readonly isWanted: (property: string) => boolean = () => true,
  ) {}

  /**
   * Sets properties of a row: the members of the record that was scanned last from the first index up to the
   * second one, but those whose key has one of two numbers.
   */
  fill(json: ByteView, first: number, end: number, skipped = NO_KEY, alsoSkipped = NO_KEY): void {
    const { table, spans } = this;
    const { key: keys, kind: kinds, valueStart: starts, valueEnd: ends, valueIsPlain } = spans;
    // The number of a key that UTF-8 cannot have is that of another one.
    const areNumbersGood = spans.replaced.texts === this.#replacedTexts;
    this.#replacedTexts = spans.replaced.texts;
    const row = table.fillIndex;
    for (let index = first; index < end; index++) {
      const key = areNumbersGood ? keys[index] as number : -1;
      if (key === skipped || key === alsoSkipped) continue;
      let builder = this.#byKey[key];
      if (builder === undefined) builder = this.#column(key, index);
      if (builder === null) continue;
      const start = starts[index] as number;
      const valueEnd = ends[index] as number;
      const kind = kinds[index] as number;
      if (kind === JsonKind.string) {
        if (valueIsPlain[index] === 1) {
          const isSet = builder === table.sentIds && table.setSentId(json, start - 1, valueEnd + 1);
          if (!isSet) builder.set(row, json, start - 1, valueEnd + 1, NaN);
        } else {
          this.#setEscaped(builder, row, json, start, valueEnd);
        }
      } else if (kind === JsonKind.integer || kind === JsonKind.number) {
        this.#setNumber(builder, row, json, start, valueEnd, kind === JsonKind.integer);
      } else {
        builder.set(row, json, start, valueEnd, NaN);
      }
    }
  }

  /** Equal texts are written in one way. */
  #setEscaped(builder: ColumnBuilder, row: number, json: ByteView, start: number, end: number): void {
    if (end - start + 2 > this.#text.bytes.length) this.#text = viewOf(new Uint8Array(2 * (end - start + 2)));
    const { bytes } = this.#text;
    bytes[0] = QUOTE;
    const textEnd = canonicalString(json.bytes, start, end, bytes, 1);
    if (textEnd < 0) {
      const text = decoder.decode(json.bytes.subarray(start - 1, end + 1));
      return setText(builder, row, stringifyJson(JSON.parse(text)));
    }
    bytes[textEnd] = QUOTE;
    builder.set(row, this.#text, 0, textEnd + 1, NaN);
  }

  /** Equal numbers get equal texts. */
  #setNumber(
    builder: ColumnBuilder,
    row: number,
    json: ByteView,
    start: number,
    end: number,
    isInteger: boolean,
  ): void {
    const { bytes } = json;
    const isNegativeZero = bytes[start] === MINUS && bytes[start + 1] === ZERO;
    if (!isNegativeZero && (isInteger || isPlainDecimal(bytes, start, end))) {
      // Who keeps codes has no need for the number.
      const number = builder.hasNumbers ? numberAt(bytes, start, end) : NaN;
      builder.set(row, json, start, end, !isInteger || Number.isSafeInteger(number) ? number : NaN);
    } else {
      const number = numberAt(bytes, start, end);
      setText(builder, row, jsonOfNumber(number), number);
    }
  }

  /** Null for a property that is not kept. */
  #column(key: number, index: number): ColumnBuilder | null {
    const { spans } = this;
    if (key >= 0) {
      // No gaps: what is read for each value must be a plain list.
      while (this.#byKey.length < spans.keys.count) this.#byKey.push(undefined);
      return this.#byKey[key] = this.#builder(spans.keys.name(key));
    }
    const start = spans.keyStart[index] as number;
    const { bytes } = spans.scanner;
    const text = decoder.decode(bytes.subarray(start - 1, spans.scanner.skipString(start)));
    return this.#builder(JSON.parse(text) as string);
  }

  #builder(property: string): ColumnBuilder | null {
    return this.isWanted(property) ? this.table.builder(property) : null;
  }
}

function setText(builder: ColumnBuilder, row: number, json: string, number = NaN): void {
  const bytes = encoder.encode(json);
  builder.set(row, viewOf(bytes), 0, bytes.length, number);
}

/** Whether a number with a fraction is written as its double is printed. Some that are, are not known to be. */
function isPlainDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first > MOST_PLAIN_DIGITS + 1 || bytes[end - 1] === ZERO) return false;
  let leadingZeros = 0;
  let isLeading = true;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === POINT) continue;
    if (byte < ZERO || byte > ZERO + 9) return false;
    isLeading &&= byte === ZERO;
    if (isLeading) leadingZeros++;
  }
  // Small ones are printed with an exponent.
  return leadingZeros <= MOST_LEADING_ZEROS;
}
