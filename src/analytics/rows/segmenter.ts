/** The segments that rows are in when a report is split by a value, as numbers. */
import { segmentKeys } from "../segment_key.ts";
import type { Chunk } from "../table/chunk.ts";
import type { RowValue } from "./row_value.ts";

/** A row in no segment. */
const NO_SEGMENT = -1;
/** Numbers from this one down stand for several segments: see {@linkcode Segmenter.several}. */
const FIRST_LIST = -2;
/** A code whose segment was not asked for yet. */
export const UNKNOWN_SEGMENT = -2_147_483_648;

/** Segments by the codes of a column. */
export interface CodedSegments {
  codes: ArrayLike<number>;
  /** By code; UNKNOWN_SEGMENT where `resolve` has to be asked first. */
  segments: Int32Array;
  resolve(code: number): number;
}

export class Segmenter {
  /** The text that stands for each segment, by number: in the order in which they came up. */
  readonly keys: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #lists: (readonly number[])[] = [];
  readonly #listNumbers = new Map<string, number>();
  readonly #byCode = new Map<object, Int32Array>();
  readonly #alone: (readonly number[])[] = [];

  /** `keysOf` gives the keys of a value; a row whose value has none is in no segment. */
  constructor(
    private readonly value: RowValue,
    private readonly keysOf: (value: unknown) => readonly string[] = segmentKeys,
  ) {}

  /** A function that gives a row's segment, or NO_SEGMENT, or a number that stands for several. */
  bind(chunk: Chunk): (row: number) => number {
    const coded = this.coded(chunk);
    if (coded === undefined) {
      const compute = this.value.bind(chunk);
      return (row) => this.#numberOf(compute(row));
    }
    const { codes, segments, resolve } = coded;
    return (row) => {
      const code = codes[row]!;
      const segment = segments[code]!;
      return segment === UNKNOWN_SEGMENT ? resolve(code) : segment;
    };
  }

  /** The same by codes, where the value depends on one column of codes. */
  coded(chunk: Chunk): CodedSegments | undefined {
    const coded = this.value.coded?.(chunk);
    if (coded === undefined) return undefined;
    const { codes, source, valueOf, count } = coded;
    let known = this.#byCode.get(source);
    if (known === undefined) this.#byCode.set(source, known = new Int32Array(count).fill(UNKNOWN_SEGMENT));
    const segments = known;
    return { codes, segments, resolve: (code) => segments[code] = this.#numberOf(valueOf(code)) };
  }

  /** The segments of a number that `bind` gave. */
  several(number: number): readonly number[] {
    if (number >= 0) return this.#alone[number] ??= [number];
    return number === NO_SEGMENT ? [] : this.#lists[FIRST_LIST - number]!;
  }

  /** The number of a key; it is added when it is new. */
  add(key: string): number {
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, number = this.keys.push(key) - 1);
    return number;
  }

  #numberOf(value: unknown): number {
    const keys = this.keysOf(value);
    if (keys.length === 1) return this.add(keys[0]!);
    if (keys.length === 0) return NO_SEGMENT;
    const numbers = keys.map((key) => this.add(key));
    const name = numbers.join();
    let list = this.#listNumbers.get(name);
    if (list === undefined) this.#listNumbers.set(name, list = FIRST_LIST - (this.#lists.push(numbers) - 1));
    return list;
  }
}
