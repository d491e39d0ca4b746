/** Takes the values of one property, row by row, and finds the form that suits them. */
import { type ByteView, GrowingBytes, viewOf, withRoom } from "./bytes.ts";
import { Dictionary } from "./dictionary.ts";
import { type SealedColumn, valueIn } from "./sealed_column.ts";
import type { Codes } from "./property_column.ts";

/** So many different values are few, however seldom each of them comes, */
const FEW_VALUES = 32_768;
/** and so are these, if their texts are longer than that. */
const FEW_LONG_VALUES = 4096, LONG_BYTES = 1024 * 1024;
/** More are few as long as most of what comes is not new. */
const MOST_NEW = 0.75;

const encoder = new TextEncoder();
const NO_NUMBER = NaN;
const BLANK_TEXT = viewOf(encoder.encode('"" '));

/**
 * A property begins with codes. Once there are too many different values for that, its chunks have numbers, as long as
 * there is nothing else, or texts.
 */
export class ColumnBuilder {
  /** Code 0 is no value at all. */
  dictionary: Dictionary;
  /** Whether a chunk before has values, and whether it has codes. */
  #isUsed = false;
  #isDictionaryUsed = false;
  #kind: SealedColumn["kind"] = "codes";
  /** Whether the chunk that begins next has codes, too. */
  #hasFewValues = true;
  #seen = 0;
  #count = 0;
  #rows = new Uint16Array(16);
  #codes = new Uint32Array(16);
  #numbers = new Float64Array(0);
  #text = new GrowingBytes();
  #ends = new Uint32Array(0);

  /** @param shared a dictionary that others use, too: then all values have codes in it */
  constructor(private readonly shared?: Dictionary) {
    this.dictionary = shared ?? new Dictionary("");
  }

  /** Whether numbers are kept as such now. */
  get hasNumbers(): boolean {
    return this.#kind === "numbers";
  }

  /** Whether any row has had a value. */
  get hasAny(): boolean {
    return this.#count > 0 || this.#isUsed;
  }

  /** How many rows of the chunk have a value. */
  get count(): number {
    return this.#count;
  }

  /**
   * Sets the value of a row, which is none before the last one; a second value takes the place of the first.
   *
   * @param number the value when it is one that a double holds, or NaN; needed where `hasNumbers` says so
   */
  set(row: number, json: ByteView, start: number, end: number, number: number): void {
    const index = this.#place(row);
    if (this.#kind !== "codes") return this.#setOther(index, json, start, end, number);
    const { dictionary } = this;
    const before = dictionary.count;
    // Code 0 of a shared dictionary is a value that comes, and another text for it has another code.
    const code = dictionary.code(json, start, end) || dictionary.code(BLANK_TEXT, 0, BLANK_TEXT.bytes.length);
    this.#putCode(index, code);
    if (code === before && code > FEW_LONG_VALUES && this.#hasManyValues()) this.#leaveCodes();
  }

  /** Sets the value of a row, which is one of a shared dictionary, and not its first. */
  setCode(row: number, code: number): void {
    this.#putCode(this.#place(row), code);
  }

  /** The index of the row's value. */
  #place(row: number): number {
    if (this.#count > 0 && this.#rows[this.#count - 1] === row) this.truncate(row);
    const index = this.#count;
    if (index === this.#rows.length) this.#rows = withRoom(this.#rows, index + 1);
    this.#rows[index] = row;
    this.#count = index + 1;
    return index;
  }

  #putCode(index: number, code: number): void {
    if (index >= this.#codes.length) this.#codes = withRoom(this.#codes, index + 1);
    this.#codes[index] = code;
    this.#seen++;
  }

  #hasManyValues(): boolean {
    if (this.shared !== undefined) return false;
    const { count, texts } = this.dictionary;
    return (count > FEW_VALUES || texts.length > LONG_BYTES) && count > MOST_NEW * this.#seen;
  }

  #setOther(index: number, json: ByteView, start: number, end: number, number: number): void {
    if (this.#kind === "numbers") {
      if (!Number.isNaN(number)) {
        if (index >= this.#numbers.length) this.#numbers = withRoom(this.#numbers, index + 1);
        this.#numbers[index] = number;
        return;
      }
      this.#leaveNumbers(index);
    }
    this.#text.append(json, start, end);
    if (index >= this.#ends.length) this.#ends = withRoom(this.#ends, index + 1);
    this.#ends[index] = this.#text.length;
  }

  /** Too many values: the chunk that is open has them in another form from here on. */
  #leaveCodes(): void {
    this.#hasFewValues = false;
    const { dictionary } = this;
    const numbers = this.#numbersOfCodes();
    this.#kind = numbers === undefined ? "texts" : "numbers";
    for (let index = 0; index < this.#count; index++) {
      const code = this.#codes[index] as number;
      const number = numbers === undefined ? NO_NUMBER : numbers[index] as number;
      this.#setOther(index, dictionary.texts, dictionary.start(code), dictionary.end(code), number);
    }
    this.#codes = new Uint32Array(0);
    if (!this.#isDictionaryUsed) this.dictionary = new Dictionary("");
  }

  /** The values of the chunk, when all of them are numbers that a double holds. */
  #numbersOfCodes(): Float64Array | undefined {
    const numbers = new Float64Array(this.#count);
    for (let index = 0; index < numbers.length; index++) {
      const value = this.dictionary.value(this.#codes[index] as number);
      if (typeof value !== "number") return undefined;
      numbers[index] = value;
    }
    return numbers;
  }

  /** Something else than a number has come: those before it become texts. */
  #leaveNumbers(count: number): void {
    this.#kind = "texts";
    for (let index = 0; index < count; index++) {
      const number = this.#numbers[index] as number;
      const json = viewOf(encoder.encode(jsonOfNumber(number)));
      this.#setOther(index, json, 0, json.bytes.length, number);
    }
  }

  /** Takes back what rows from this one on have. */
  truncate(row: number): void {
    while (this.#count > 0 && (this.#rows[this.#count - 1] as number) >= row) this.#count--;
    if (this.#kind === "texts") this.#text.length = this.#count === 0 ? 0 : this.#ends[this.#count - 1] as number;
  }

  /** The value of a row of the chunk; undefined where there is none. */
  valueAt(row: number): unknown {
    const count = this.#count;
    const rows = this.#rows.subarray(0, count);
    if (this.#kind === "numbers") {
      return valueIn({ kind: "numbers", rows, values: this.#numbers }, row, this.dictionary);
    }
    if (this.#kind === "codes") return valueIn({ kind: "codes", rows, codes: this.#codes }, row, this.dictionary);
    return valueIn({ kind: "texts", rows, text: this.#text.bytes, ends: this.#ends }, row, this.dictionary);
  }

  /** Goes on after a chunk that has been sealed elsewhere. */
  use(column: SealedColumn): void {
    this.#isUsed = true;
    if (column.kind === "codes") this.#isDictionaryUsed = true;
    if (column.kind === "codes" || this.shared !== undefined) return;
    this.#hasFewValues = false;
    if (column.kind === "numbers" && this.#numbers.length === 0) this.#numbers = new Float64Array(16);
    this.#kind = this.#numbers.length > 0 ? "numbers" : "texts";
  }

  /** What the chunk has so far. */
  sealed(rowCount: number): SealedColumn {
    const count = this.#count;
    const rows = count === rowCount ? undefined : this.#rows.slice(0, count);
    if (this.#kind === "numbers") return { kind: "numbers", rows, values: this.#numbers.slice(0, count) };
    if (this.#kind === "texts") {
      return { kind: "texts", rows, text: this.#text.copy(), ends: this.#ends.slice(0, count) };
    }
    const codes = narrowed(this.#codes.subarray(0, count));
    if (rows === undefined || count * (codes.BYTES_PER_ELEMENT + 2) < rowCount * codes.BYTES_PER_ELEMENT) {
      return { kind: "codes", rows, codes };
    }
    const all = new (codes.constructor as new (length: number) => Codes)(rowCount);
    for (let index = 0; index < count; index++) all[rows[index] as number] = codes[index] as number;
    return { kind: "codes", codes: all };
  }

  /** Begins with another chunk. */
  begin(): void {
    if (this.#count > 0) this.#isUsed = true;
    if (this.#kind === "codes" && this.#count > 0) this.#isDictionaryUsed = true;
    if (this.#kind === "texts") {
      this.#text = new GrowingBytes(this.#text.length);
      this.#ends = new Uint32Array(this.#ends.length);
    }
    this.#count = 0;
    // What was mixed may be numbers alone again.
    if (!this.#hasFewValues) this.#kind = this.#numbers.length > 0 ? "numbers" : "texts";
  }
}

/**
 * The narrowest form of codes.
 *
 * @param isOwn whether nobody else has them: then they may be the form themselves
 */
export function narrowed(codes: Uint32Array, isOwn = false): Codes {
  let bits = 0;
  for (let index = 0; index < codes.length; index++) bits |= codes[index] as number;
  if (bits >>> 0 <= 0xff) return new Uint8Array(codes);
  if (bits >>> 0 <= 0xffff) return new Uint16Array(codes);
  return isOwn ? codes : codes.slice();
}

/** The JSON text that is read as this number again, and not as a long integer. */
export function jsonOfNumber(number: number): string {
  if (Object.is(number, -0)) return "-0";
  if (!Number.isFinite(number)) return number < 0 ? "-1e999" : "1e999";
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? String(number) : number.toExponential();
}
