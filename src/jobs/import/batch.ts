/** Records on their way into one request. */
import type { ValuesBlock } from "../../records/read/record_block.ts";
import { giveBack } from "../../streams/chunks.ts";

const decoder = new TextDecoder();
const LINE_FEED = 10;
const FIRST_BYTES = 64 * 1024;
/** As many batches as can be under way. */
const MOST_SPARE = 20;

/** A record that was not taken, by `mp` or by Mixpanel. */
export interface RejectedRecord {
  source: string;
  /** First (mostly: only) line that is meant, from 1. */
  line: number;
  /** Set when the server did not say which of several lines it means. */
  lastLine?: number;
  /** How many records this entry stands for. */
  count: number;
  /** `event`, `properties.time`, … */
  field?: string;
  reason: string;
  /** What stood in the source, where that was kept, else what was sent. Unset when several lines are meant. */
  record?: RawRecord;
  /** When several lines are meant: each of them. */
  among?: readonly RejectedRecord[];
}

/** A record as it stood in its source: a line, or a value that was read from it. */
export type RawRecord =
  | { line: Uint8Array }
  | { value: unknown } & Pick<ValuesBlock, "columns" | "table"> & {
    fields?: readonly string[];
  };

/** Records whose lines follow each other in one source. Most batches are one such run, or few. */
interface Run {
  /** Index of its first record in the batch. */
  start: number;
  source: string;
  /** Line of that record, from 1. */
  line: number;
}

/** Records that are sent together, as the bytes of JSON Lines. */
export class Batch {
  readonly #runs: readonly Run[];
  /** Where it begins in the batch that the runs are about. */
  readonly #offset: number;
  readonly #raw: ReadonlyMap<number, RawRecord>;

  /**
   * @param bytes each record with its line feed
   * @param ends for each record the index after its line feed
   * @param raw what stood in the source for those that are sent otherwise, by their index; only where that is wanted
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly ends: readonly number[],
    runs: readonly Run[],
    raw: ReadonlyMap<number, RawRecord> = new Map(),
    offset = 0,
  ) {
    this.#runs = runs;
    this.#raw = raw;
    this.#offset = offset;
  }

  get count(): number {
    return this.ends.length;
  }

  /** What it takes of memory, about: what stood in the source is as long as what is sent. */
  get heldBytes(): number {
    return this.#raw.size === 0 ? this.bytes.length : 2 * this.bytes.length;
  }

  /** One record as it is sent, without its line feed. */
  text(index: number): string {
    return decoder.decode(this.#record(index));
  }

  texts(): string[] {
    return this.ends.map((_, index) => this.text(index));
  }

  /** Where a record comes from; the line is counted from 1. */
  placeOf(index: number): { source: string; line: number } {
    const at = index + this.#offset;
    const { start, source, line } = this.#runs.findLast((run) => run.start <= at) as Run;
    return { source, line: line + at - start };
  }

  /** Some of the records that follow each other. The bytes are shared. */
  slice(from: number, to: number): Batch {
    const start = from === 0 ? 0 : this.ends[from - 1] as number;
    const ends = this.ends.slice(from, to);
    const bytes = this.bytes.subarray(start, ends.at(-1) ?? start);
    return new Batch(bytes, ends.map((end) => end - start), this.#runs, this.#raw, this.#offset + from);
  }

  /** The records at these indexes. The bytes are copied. */
  pick(indexes: readonly number[]): Batch {
    const builder = new BatchBuilder(this.bytes.length);
    for (const index of indexes) {
      const { source, line } = this.placeOf(index);
      builder.add(this.#record(index), source, line, this.#raw.get(index + this.#offset));
    }
    return builder.batch();
  }

  /** Says that a record was not taken, and why. */
  reject(index: number, reason: string, field?: string): RejectedRecord {
    // The memory of a batch is used again when it is answered.
    const record = this.#raw.get(index + this.#offset) ?? { line: this.#record(index).slice() };
    return { ...this.placeOf(index), count: 1, field, reason, record };
  }

  #record(index: number): Uint8Array {
    const start = index === 0 ? 0 : this.ends[index - 1] as number;
    return this.bytes.subarray(start, (this.ends[index] as number) - 1);
  }
}

/**
 * Collects records for a batch. They are copied: at the latest when `settle` is called, after which the memory that they
 * are views of may be used again. Records that follow each other in memory are copied together.
 */
export class BatchBuilder {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Of what is copied. */
  #copied = 0;
  /** With what is still to be copied: whole lines after each other in one buffer. */
  #length = 0;
  #viewed: Uint8Array = new Uint8Array(0);
  #viewStart = 0;
  #viewEnd = 0;
  #ends: number[] = [];
  #runs: Run[] = [];
  #raw = new Map<number, RawRecord>();
  /** What the next record of the last run would be. */
  #nextLine = 0;
  #lastSource: string | undefined;
  readonly #spare: Uint8Array[] = [];
  /** More memory is taken only for what needs it. */
  readonly #mostBytes: number;

  /** @param mostBytes of a batch, mostly */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get count(): number {
    return this.#ends.length;
  }

  get bytes(): number {
    return this.#length;
  }

  /** Adds a record, which is copied at once. `raw` is what stood in its source, where that is to be known. */
  add(record: Uint8Array, source: string, line: number, raw?: RawRecord): void {
    this.settle();
    this.#place(source, line, raw);
    this.#reserve(this.#length + record.length + 1);
    this.#bytes.set(record, this.#length);
    this.#length += record.length + 1;
    this.#bytes[this.#length - 1] = LINE_FEED;
    this.#copied = this.#length;
    this.#ends.push(this.#length);
  }

  /** Adds the record that is in `bytes` from `start` to `end`, and has at least one byte. `raw` is as for `add`. */
  addLine(bytes: Uint8Array, start: number, end: number, source: string, line: number, raw?: RawRecord): void {
    this.#place(source, line, raw);
    const continues = start === this.#viewEnd + 1 && this.#viewEnd > this.#viewStart && bytes === this.#viewed &&
      bytes[this.#viewEnd] === LINE_FEED;
    if (!continues) {
      this.settle();
      this.#viewed = bytes;
      this.#viewStart = start;
    }
    this.#viewEnd = end;
    this.#length += end - start + 1;
    this.#ends.push(this.#length);
  }

  #place(source: string, line: number, raw: RawRecord | undefined): void {
    if (raw !== undefined) this.#raw.set(this.#ends.length, raw);
    if (line !== this.#nextLine || source !== this.#lastSource) {
      this.#runs.push({ start: this.#ends.length, source, line });
      this.#lastSource = source;
    }
    this.#nextLine = line + 1;
  }

  /** Copies what is still a view of other memory. */
  settle(): void {
    if (this.#viewEnd > this.#viewStart) {
      this.#reserve(this.#length);
      this.#bytes.set(this.#viewed.subarray(this.#viewStart, this.#viewEnd), this.#copied);
      this.#bytes[this.#length - 1] = LINE_FEED;
    }
    this.#copied = this.#length;
    this.#viewStart = this.#viewEnd = 0;
  }

  /** What was collected. The builder starts over. */
  batch(): Batch {
    this.settle();
    const batch = new Batch(this.#bytes.subarray(0, this.#length), this.#ends, this.#runs, this.#raw);
    this.#bytes = this.#spare.pop() ?? new Uint8Array(this.#roomFor(this.#length, this.#length + (this.#length >> 3)));
    this.#length = this.#copied = 0;
    this.#ends = [];
    this.#runs = [];
    this.#raw = new Map();
    this.#lastSource = undefined;
    return batch;
  }

  /**
   * Takes back the memory of a batch that nobody will look at again. Without it an import would leave a megabyte of
   * garbage for each batch, and memory would grow until it is collected.
   */
  recycle({ bytes }: Batch): void {
    if (this.#spare.length < MOST_SPARE && bytes.length > 0) this.#spare.push(new Uint8Array(bytes.buffer));
  }

  #reserve(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(this.#roomFor(needed, Math.max(this.#bytes.length * 2, FIRST_BYTES)));
    larger.set(this.#bytes.subarray(0, this.#copied));
    giveBack(this.#bytes);
    this.#bytes = larger;
  }

  #roomFor(needed: number, wanted: number): number {
    return Math.max(needed, Math.min(wanted, this.#mostBytes));
  }
}
