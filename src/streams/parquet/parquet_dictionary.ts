/** The values of a dictionary, converted when they are asked for: wide tables have hundreds of dictionaries of texts. */
import { ParquetError } from "./parquet_error.ts";
import type { Conversion } from "./parquet_types.ts";

/** Texts in memory, the i-th from `starts[i]` up to `ends[i]`, whose code goes to `targets[i]`. */
export interface TextPlaces {
  count: number;
  starts: Uint32Array;
  ends: Uint32Array;
  targets: Uint32Array;
}

/** Gives texts codes where they lie, so that nothing is made of each of them. */
export interface TextCoder {
  /** Puts the codes of texts of UTF-8 into an array. The byte before and the one behind each text may be written to. */
  code(text: ViewedBytes, places: TextPlaces, into: Uint32Array): void;
}

export function newTextPlaces(count: number): TextPlaces {
  return { count: 0, starts: new Uint32Array(count), ends: new Uint32Array(count), targets: new Uint32Array(count) };
}

/** Bytes, and the same memory by words. */
export interface ViewedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Values by their places. */
export interface ParquetDictionary {
  readonly length: number;
  at(place: number): unknown;
}

const LENGTH_BYTES = 4, WORD_BYTES = 8;
/** What a value takes that is kept, about. */
const KEPT_BYTES = 64;

/** A dictionary of texts or other bytes of any length, of which those that were asked for lately are kept. */
export class BytesDictionary implements ParquetDictionary {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #viewed: ViewedBytes;
  readonly #convert: Conversion;
  readonly #starts: Uint32Array;
  readonly #kept: unknown[];
  /** By the places in `#kept`: the place of the value in the dictionary, plus 1. */
  readonly #keptPlaces: Uint32Array;

  /**
   * @param bytes each value with its length before it
   * @param mostKept bytes that kept values may take, about
   */
  constructor(bytes: Uint8Array, convert: Conversion, count: number, mostKept: number) {
    if (count * LENGTH_BYTES > bytes.length) throw new ParquetError("damaged", "a page ends early");
    this.length = count;
    this.#bytes = bytes;
    this.#convert = convert;
    this.#starts = new Uint32Array(count + 1);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#viewed = { bytes, view };
    let at = 0;
    for (let place = 0; place < count; place++) {
      if (at + LENGTH_BYTES > bytes.length) throw new ParquetError("damaged", "a page ends early");
      at += LENGTH_BYTES + view.getUint32(at, true);
      if (at > bytes.length) throw new ParquetError("damaged", "a page ends early");
      this.#starts[place + 1] = at;
    }
    const slots = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(2 * count, mostKept / KEPT_BYTES))));
    this.#kept = new Array(slots);
    this.#keptPlaces = new Uint32Array(slots);
  }

  /** The codes of values whose places are given in rising order, each where the place is in an array. */
  code(places: Uint32Array, coder: TextCoder, into: Uint32Array): void {
    const texts = newTextPlaces(places.length);
    for (const place of places) {
      texts.starts[texts.count] = this.#starts[place]! + LENGTH_BYTES;
      texts.ends[texts.count] = this.#starts[place + 1]!;
      texts.targets[texts.count++] = place;
    }
    coder.code(this.#viewed, texts, into);
  }

  at(place: number): unknown {
    const slot = place & (this.#keptPlaces.length - 1);
    if (this.#keptPlaces[slot] === place + 1) return this.#kept[slot];
    const start = (this.#starts[place] as number) + LENGTH_BYTES;
    const value = this.#convert(this.#bytes.subarray(start, this.#starts[place + 1]));
    this.#kept[slot] = value;
    this.#keptPlaces[slot] = place + 1;
    return value;
  }
}

/** A dictionary of whole numbers or doubles of 64 bits. */
export class WordsDictionary implements ParquetDictionary {
  readonly length: number;
  readonly #view: DataView;
  readonly #kept: unknown[] = [];

  constructor(
    private readonly bytes: Uint8Array<ArrayBuffer>,
    private readonly isDouble: boolean,
    private readonly convert: Conversion,
  ) {
    this.length = bytes.length / WORD_BYTES;
    this.#view = new DataView(bytes.buffer);
  }

  at(place: number): unknown {
    // One by one: an array with gaps would be a slow one.
    for (let next = this.#kept.length; next <= place; next++) {
      const at = next * WORD_BYTES;
      this.#kept.push(this.convert(this.isDouble ? this.#view.getFloat64(at, true) : this.#view.getBigInt64(at, true)));
    }
    return this.#kept[place];
  }

  /** All of them, divided and rounded down; whole ones beyond 2^53 are rounded. */
  numbers(divisor: number): Float64Array {
    const { buffer } = this.bytes;
    return this.isDouble ? new Float64Array(buffer) : fromHalves(new Int32Array(buffer), undefined, divisor);
  }
}

const TWO_TO_32 = 0x100000000;

/**
 * Whole numbers from their halves, by their positions or one after another; NaN for a position below 0.
 *
 * @param divisor what they are divided by, exactly, and rounded down
 */
export function fromHalves(
  halves: Int32Array,
  positions: Int32Array | undefined,
  divisor: number,
  into = new Float64Array(positions?.length ?? halves.length / 2),
): Float64Array {
  for (let index = 0; index < into.length; index++) {
    const position = positions === undefined ? index : positions[index]!;
    const high = position < 0 ? NaN : halves[2 * position + 1]!, low = halves[2 * position]! >>> 0;
    into[index] = divisor === 1 ? high * TWO_TO_32 + low : divided(high, low, divisor);
  }
  return into;
}

function divided(high: number, low: number, divisor: number): number {
  const quotient = Math.floor(high / divisor);
  return quotient * TWO_TO_32 + Math.floor(((high - quotient * divisor) * TWO_TO_32 + low) / divisor);
}
