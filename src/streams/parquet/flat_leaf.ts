/** A column in no list, as codes or numbers of some rows at a time: nothing is made of values that nobody asks for. */
import {
  BytesDictionary,
  fromHalves,
  newTextPlaces,
  type ParquetDictionary,
  type TextCoder,
  type TextPlaces,
  WordsDictionary,
} from "./parquet_dictionary.ts";
import { ParquetError } from "./parquet_error.ts";
import type { PageBytes } from "./parquet_page_bytes.ts";
import { type HeldBytes, type Page, type PagedColumn, ParquetPages, type ParquetSource } from "./parquet_pages.ts";

const NO_PAGE: Page = { entries: 0, valueCount: 0, values: () => Promise.resolve() };
const NO_VALUE = -1;
/** So many values are given codes at once, whether or not rows that are looked at have them. */
const FEW_VALUES = 4096;
const LENGTH_BYTES = 4, WORD_BYTES = 8;

/** Rows of one page that are taken. */
interface Part {
  /** Of these rows, how many have a value. */
  valueCount: number;
  /** Where the first of them goes, and how many there are. */
  first: number;
  count: number;
  /** By row: the position of its value among those of the part, or NO_VALUE. Undefined: each row has the next. */
  values: Int32Array | undefined;
}

export class FlatLeaf {
  readonly #pages: ParquetPages;
  readonly #column: PagedColumn;
  #page = NO_PAGE;
  /** Entries of the page that have been taken. */
  #taken = 0;
  /** What has been made of a dictionary's values. */
  #dictionary: ParquetDictionary | undefined;
  #codes = new Uint32Array(0);
  #numbers: Float64Array = new Float64Array(0);
  #texts = newTextPlaces(0);

  /** @param column `convert` makes numbers, or codes above 0, of values that are no texts */
  constructor(file: ParquetSource, column: PagedColumn, held: HeldBytes) {
    this.#column = column;
    try {
      this.#pages = new ParquetPages(file, column, held);
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** Frees what is held of the column. */
  close(): void {
    this.#page = NO_PAGE;
    this.#pages.close();
  }

  /**
   * The codes of the next rows, 0 for null.
   *
   * @param chosen the indexes of the only rows whose codes are wanted, in rising order; default all
   * @param coder gives codes to texts; default `convert` does
   * @param room where the codes are put, if it is enough; default new memory
   */
  async takeCodes(rows: number, chosen?: Uint32Array, coder?: TextCoder, room?: Uint32Array): Promise<Uint32Array> {
    const count = chosen?.length ?? rows;
    const codes = room !== undefined && count <= room.length ? room.subarray(0, count).fill(0) : new Uint32Array(count);
    await this.#takeParts(rows, chosen, async (part) => {
      const { placed, plain, values } = this.#page;
      if (placed !== undefined) {
        await placed.hold(part.valueCount);
        this.#codesAtPlaces(placed.take(part.valueCount), placed.dictionary, part, coder, codes);
      } else if (coder !== undefined && plain !== undefined) {
        await plainCodes(plain, part, coder, codes, this.#textRoom(part.count));
      } else {
        const found: unknown[] = [];
        await values(found, part.valueCount);
        if (coder !== undefined) codesOfValues(found, part, coder, codes);
        else eachValue(part, (value, at) => codes[at] = found[value] as number);
      }
    });
    return codes;
  }

  /** The numbers of the next rows, NaN for null; `chosen` as for codes. */
  async takeNumbers(rows: number, chosen?: Uint32Array): Promise<Float64Array> {
    const numbers = new Float64Array(chosen?.length ?? rows);
    await this.#takeParts(rows, chosen, async ({ first, count, valueCount, values: positions }) => {
      const into = numbers.subarray(first, first + count);
      const { plain, placed, values } = this.#page;
      const { type, divisor = 1 } = this.#column;
      if (placed !== undefined) {
        await placed.hold(valueCount);
        pickAtPlaces(this.#numbersOf(placed.dictionary), placed.take(valueCount), positions, into);
      } else if (plain !== undefined && (type === "INT64" || type === "DOUBLE")) {
        await plain.need(WORD_BYTES * valueCount);
        const bytes = plain.take(WORD_BYTES * valueCount);
        const { buffer, byteOffset } = bytes.byteOffset % WORD_BYTES === 0 ? bytes : bytes.slice();
        if (type === "DOUBLE") pick(new Float64Array(buffer, byteOffset, valueCount), positions, into);
        else fromHalves(new Int32Array(buffer, byteOffset, 2 * valueCount), positions, divisor, into);
      } else {
        const found: unknown[] = [];
        await values(found, valueCount);
        pick(Float64Array.from(found, Number), positions, into);
      }
    });
    return numbers;
  }

  #textRoom(count: number): TextPlaces {
    if (count > this.#texts.starts.length) this.#texts = newTextPlaces(count);
    return this.#texts;
  }

  #numbersOf(dictionary: ParquetDictionary): Float64Array {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary;
      this.#numbers = dictionary instanceof WordsDictionary
        ? dictionary.numbers(this.#column.divisor ?? 1)
        : Float64Array.from({ length: dictionary.length }, (_, place) => Number(dictionary.at(place)));
    }
    return this.#numbers;
  }

  #codesAtPlaces(
    places: Uint32Array,
    dictionary: ParquetDictionary,
    { first, count, values }: Part,
    coder: TextCoder | undefined,
    codes: Uint32Array,
  ): void {
    const isNew = this.#dictionary !== dictionary;
    if (isNew) {
      this.#dictionary = dictionary;
      this.#codes = new Uint32Array(dictionary.length);
    }
    const known = this.#codes;
    if (coder === undefined || !(dictionary instanceof BytesDictionary)) {
      for (let index = 0; index < count; index++) {
        const place = placeOf(places, values, index);
        if (place >= 0) codes[first + index] = known[place]! || (known[place] = dictionary.at(place) as number);
      }
      return;
    }
    if (dictionary.length > FEW_VALUES) dictionary.code(unknownPlaces(places, values, count, known), coder, known);
    else if (isNew) dictionary.code(Uint32Array.from(known.keys()), coder, known);
    codesByPlaces(known, places, values, codes.subarray(first, first + count));
  }

  /** Takes the next rows page by page. */
  async #takeParts(rows: number, chosen: Uint32Array | undefined, take: (part: Part) => Promise<void>): Promise<void> {
    try {
      let first = 0;
      for (let at = 0; at < rows;) {
        if (this.#taken === this.#page.entries) await this.#nextPage();
        const entries = Math.min(rows - at, this.#page.entries - this.#taken);
        const part = this.#partOf(at, entries, chosen, first);
        await take(part);
        first += part.count;
        this.#taken += entries;
        at += entries;
      }
    } catch (error) {
      throw this.#placed(error);
    }
  }

  #partOf(at: number, entries: number, chosen: Uint32Array | undefined, first: number): Part {
    const definitions = this.#page.definitions?.take(entries);
    if (chosen === undefined && definitions === undefined) {
      return { valueCount: entries, first, count: entries, values: undefined };
    }
    const positions = definitions === undefined ? undefined : positionsOf(definitions, this.#column.definitionLevel);
    const valueCount = positions?.count ?? entries;
    if (chosen === undefined) return { valueCount, first, count: entries, values: positions!.values };
    const end = firstFrom(chosen, at + entries);
    // The same memory: a chosen row is its position, as long as all of them are in one page.
    if (positions === undefined && at === 0) {
      const values = new Int32Array(chosen.buffer, chosen.byteOffset + first * chosen.BYTES_PER_ELEMENT, end - first);
      return { valueCount, first, count: values.length, values };
    }
    const values = positionsOfChosen(chosen.subarray(first, end), at, positions?.values);
    return { valueCount, first, count: values.length, values };
  }

  async #nextPage(): Promise<void> {
    this.#page = NO_PAGE;
    this.#taken = 0;
    const page = await this.#pages.next();
    if (page === undefined) throw new ParquetError("damaged", "it ends before its rows");
    this.#page = page;
  }

  /** The error with the column's name. */
  #placed(error: unknown): unknown {
    return error instanceof ParquetError ? error.inColumn(this.#column.name) : error;
  }
}

/** The index of the first number in rising order that is no less than a limit. */
function firstFrom(rising: Uint32Array, limit: number): number {
  let low = 0, high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// What runs for each row are small functions: engines compile them sooner, and in less time.

/** By chosen row of a part that begins at a row: the position of its value. */
function positionsOfChosen(chosen: Uint32Array, at: number, positions: Int32Array | undefined): Int32Array {
  const values = new Int32Array(chosen.length);
  for (let index = 0; index < values.length; index++) {
    const entry = chosen[index]! - at;
    values[index] = positions === undefined ? entry : positions[entry]!;
  }
  return values;
}

/** Codes by the places of values, which are those of rows or, where positions are given, found at them. */
function codesByPlaces(
  known: Uint32Array,
  places: Uint32Array,
  positions: Int32Array | undefined,
  into: Uint32Array,
): void {
  if (positions === undefined) {
    for (let index = 0; index < into.length; index++) into[index] = known[places[index]!]!;
    return;
  }
  for (let index = 0; index < into.length; index++) {
    const position = positions[index]!;
    if (position >= 0) into[index] = known[places[position]!]!;
  }
}

/** By entry: the position of its value, or NO_VALUE; and how many there are. */
function positionsOf(definitions: Uint8Array, full: number): { values: Int32Array; count: number } {
  const values = new Int32Array(definitions.length);
  let count = 0;
  for (let entry = 0; entry < values.length; entry++) values[entry] = definitions[entry] === full ? count++ : NO_VALUE;
  return { values, count };
}

function eachValue({ first, count, values }: Part, take: (value: number, at: number) => void): void {
  for (let index = 0; index < count; index++) {
    const value = values === undefined ? index : values[index]!;
    if (value >= 0) take(value, first + index);
  }
}

/** The place of a row's value in the dictionary, or below 0. */
function placeOf(places: Uint32Array, values: Int32Array | undefined, index: number): number {
  const value = values === undefined ? index : values[index]!;
  return value < 0 ? NO_VALUE : places[value]!;
}

/** The places in rising order that rows have and of which no code is known. */
function unknownPlaces(
  places: Uint32Array,
  values: Int32Array | undefined,
  count: number,
  known: Uint32Array,
): Uint32Array {
  const isUnknown = new Uint8Array(known.length);
  for (let index = 0; index < count; index++) {
    const place = placeOf(places, values, index);
    if (place >= 0 && known[place] === 0) isUnknown[place] = 1;
  }
  const found = new Uint32Array(known.length);
  let next = 0;
  for (let place = 0; place < isUnknown.length; place++) {
    found[next] = place;
    next += isUnknown[place]!;
  }
  return found.subarray(0, next);
}

/** Gives codes to values that were made one by one, which are bytes in memory that nobody else may write to. */
function codesOfValues(found: readonly unknown[], part: Part, coder: TextCoder, codes: Uint32Array): void {
  const texts = newTextPlaces(part.count);
  const all: Uint8Array[] = [];
  let at = 0;
  eachValue(part, (value, target) => {
    const text = found[value] as Uint8Array;
    all.push(text);
    texts.starts[texts.count] = at + LENGTH_BYTES;
    texts.ends[texts.count] = at += LENGTH_BYTES + text.length;
    texts.targets[texts.count++] = target;
  });
  const bytes = new Uint8Array(at);
  all.forEach((text, index) => bytes.set(text, texts.starts[index]));
  coder.code({ bytes, view: new DataView(bytes.buffer) }, texts, codes);
}

/** Gives codes to texts that lie one after another, each with its length before it. */
async function plainCodes(
  page: PageBytes,
  part: Part,
  coder: TextCoder,
  codes: Uint32Array,
  texts: TextPlaces,
): Promise<void> {
  const walk: TextWalk = { at: 0, value: 0, index: 0 };
  while (walk.value < part.valueCount) {
    if (page.left < LENGTH_BYTES) await page.need(LENGTH_BYTES);
    const { bytes } = page;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    walk.at = page.at;
    texts.count = 0;
    const missing = locateTexts(view, walk, part, texts);
    coder.code({ bytes, view }, texts, codes);
    page.at = walk.at;
    if (missing > 0) await page.need(missing);
  }
}

/** The next text of a page: where it lies, its position, and the first row that may have it or a later one. */
interface TextWalk {
  at: number;
  value: number;
  index: number;
}

/** Notes where the texts of rows lie. Returns how many bytes have to be there for the next one, 0 when they are not known. */
function locateTexts(view: DataView, walk: TextWalk, part: Part, texts: TextPlaces): number {
  const { values, valueCount, first, count } = part;
  const { starts, ends, targets } = texts;
  const length = view.byteLength;
  let { at, value, index } = walk;
  let missing = 0;
  let found = 0;
  for (; value < valueCount && at + LENGTH_BYTES <= length; value++) {
    const end = at + LENGTH_BYTES + view.getUint32(at, true);
    if (end > length) {
      missing = end - at;
      break;
    }
    if (values === undefined) index = value;
    else while (index < count && values[index]! < value) index++;
    if (index < count && (values === undefined || values[index] === value)) {
      starts[found] = at + LENGTH_BYTES;
      ends[found] = end;
      targets[found++] = first + index;
    }
    at = end;
  }
  texts.count = found;
  walk.at = at;
  walk.value = value;
  walk.index = index;
  return missing;
}

/** Numbers by their positions, NaN for NO_VALUE; without positions, one after another. */
function pick(numbers: Float64Array, positions: Int32Array | undefined, into: Float64Array): void {
  if (positions === undefined) return into.set(numbers);
  for (let index = 0; index < into.length; index++) {
    const position = positions[index]!;
    into[index] = position < 0 ? NaN : numbers[position]!;
  }
}

function pickAtPlaces(
  numbers: Float64Array,
  places: Uint32Array,
  positions: Int32Array | undefined,
  into: Float64Array,
): void {
  for (let index = 0; index < into.length; index++) {
    const position = positions === undefined ? index : positions[index]!;
    into[index] = position < 0 ? NaN : numbers[places[position]!]!;
  }
}
