import type { EventView } from "./rows/event_view.ts";
import type { CodedValue, RowFilter, RowValue } from "./rows/row_value.ts";
import { nameMasks, wordsOf } from "./rows/name_masks.ts";
import { type RowChoice, visitChunks } from "./rows/scan.ts";
import type { Chunk } from "./table/chunk.ts";
import { CHUNK_ROWS } from "./table/event_table.ts";
import type { Buckets } from "./time_buckets.ts";

/** Which numbers of which event to add up. */
export interface SegmentationSumQuery {
  event: string;
  buckets: Buckets;
  /** The number; whatever else it gives counts as zero. */
  on: RowValue;
  where?: RowFilter;
}

/** Adds a number of each event up, by bucket. (Mixpanel: `/segmentation/sum`) */
export function segmentationSum(view: EventView, query: SegmentationSumQuery): Record<string, number> {
  const { sums } = addUp(view, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index]]));
}

/**
 * The mean of a number over the events of each bucket, zero where there are none. Events without the number count as
 * zero. (Mixpanel: `/segmentation/average`)
 */
export function segmentationAverage(view: EventView, query: SegmentationSumQuery): Record<string, number> {
  const { sums, counts } = addUp(view, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index] / (counts[index] || 1)]));
}

interface Sums {
  sums: Float64Array;
  counts: Float64Array;
}

function addUp(view: EventView, { event, buckets, on, where }: SegmentationSumQuery): Sums {
  const totals = new Totals(view, { names: [event], buckets, where }, on);
  // Totals begin with those of the rows that are not looked at.
  return { sums: totals.sums.subarray(1), counts: totals.counts.subarray(1) };
}

/** So many codes are worth looking at before there is a row of each. */
const FEW_CODES = 65_536;

/** Sums and counts by bucket + 1. */
class Totals implements Sums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly #names = new Uint32Array(CHUNK_ROWS);
  readonly #codes = new Uint32Array(CHUNK_ROWS);
  readonly #masks: Int32Array;
  readonly #numbers = new Map<object, Float64Array>();

  constructor(view: EventView, choice: RowChoice, private readonly on: RowValue) {
    this.sums = new Float64Array(choice.buckets.keys.length + 1);
    this.counts = new Float64Array(choice.buckets.keys.length + 1);
    this.#masks = nameMasks(view, choice.names);
    visitChunks(view, choice, (chunk, buckets, visitRows) => {
      const coded = choice.where === undefined && chunk.hidden === undefined ? on.coded?.(chunk) : undefined;
      if (coded !== undefined && coded.count <= FEW_CODES) this.#addCodes(chunk, buckets, coded);
      else visitRows(this.#adder(chunk));
    });
  }

  #addCodes({ names, rows }: Chunk, buckets: Int32Array, coded: CodedValue): void {
    let numbers = this.#numbers.get(coded.source);
    if (numbers === undefined) {
      numbers = Float64Array.from({ length: coded.count }, (_, code) => numberOf(coded.valueOf(code)));
      this.#numbers.set(coded.source, numbers);
    }
    const names32 = wordsOf(names, this.#names);
    addCodes(rows, names32, wordsOf(coded.codes, this.#codes), buckets, numbers, this.#masks, this);
  }

  #adder(chunk: Chunk): (row: number, bucket: number) => void {
    const { sums, counts } = this;
    const valueOf = this.on.bind(chunk);
    return (row, bucket) => {
      counts[bucket + 1]++;
      sums[bucket + 1] += numberOf(valueOf(row));
    };
  }
}

function addCodes(
  rows: number,
  names: Uint32Array,
  codes: Uint32Array,
  buckets: Int32Array,
  numbers: Float64Array,
  masks: Int32Array,
  { sums, counts }: Sums,
): void {
  for (let row = 0; row < rows; row++) {
    const place = (buckets[row]! + 1) & masks[names[row]!]!;
    counts[place]++;
    sums[place] += numbers[codes[row]!]!;
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : 0;
}
