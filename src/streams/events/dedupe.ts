/**
 * Finds events that are there twice, in bounded memory, whatever their number.
 *
 * The events are read twice: the first time their keys are remembered as hashes of 128 bits, the second time the copies
 * are left out. When there are more hashes than the budget holds, they go to disk in parts that belong together, and
 * each part is looked at by itself.
 */
import { EventKeys } from "./event_key.ts";
import { isBlankLine } from "./event_lines.ts";
import { HashTable } from "./hash_table.ts";
import {
  ENTRY_WORDS,
  FIRST,
  MOST_LEVELS,
  ordinalOf,
  type Spill,
  spilledEntries,
  SpilledHashes,
} from "./spilled_hashes.ts";

const LINE_FEED = 10;
const DEFAULT_BUDGET_BYTES = 16 * 1024 * 1024;

/** The numbers, from 0, of the events that are copies of earlier ones. */
export class Duplicates {
  /** Only pages with a copy are in memory. */
  readonly #pages = new Map<number, Uint8Array>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(ordinal: number): boolean {
    const page = this.#pages.get(Math.floor(ordinal / 65_536));
    return page !== undefined && ((page[(ordinal & 0xffff) >>> 3] as number) >>> (ordinal & 7) & 1) === 1;
  }

  add(ordinal: number): void {
    const number = Math.floor(ordinal / 65_536);
    let page = this.#pages.get(number);
    if (page === undefined) this.#pages.set(number, page = new Uint8Array(8192));
    page[(ordinal & 0xffff) >>> 3]! |= 1 << (ordinal & 7);
    this.#count++;
  }
}

export interface DuplicateFinderOptions {
  spill: Spill;
  /** For the hashes in memory; while their table grows, it takes half as much again. Default 16 MiB. */
  budgetBytes?: number;
}

/**
 * Finds the copies among events: those with the same name, `distinct_id`, `time` and `$insert_id` as an earlier one. An
 * event without an `$insert_id` is a copy of nothing.
 */
export class DuplicateFinder {
  readonly #keys = new EventKeys();
  readonly #duplicates = new Duplicates();
  readonly #spill: Spill;
  readonly #table: HashTable;
  #spilled: SpilledHashes | undefined;
  #ordinal = 0;

  constructor({ spill, budgetBytes = DEFAULT_BUDGET_BYTES }: DuplicateFinderOptions) {
    this.#spill = spill;
    this.#table = new HashTable(budgetBytes);
  }

  /** @param block whole lines, each with its line feed; they may be changed when it returns */
  async observe(block: Uint8Array): Promise<void> {
    const keys = this.#keys;
    for (let start = 0, end; start < block.length; start = end) {
      end = endOfLine(block, start);
      if (isBlankLine(block, start, end - 1)) continue;
      const ordinal = this.#ordinal++;
      if (!keys.read(block, start, end)) continue;
      if (this.#spilled !== undefined) {
        if (this.#spilled.add(keys.hash, 0, ordinal)) await this.#spilled.writeFull();
      } else if (!this.#table.add(keys.hash, 0)) {
        this.#duplicates.add(ordinal);
      } else if (this.#table.isFull) {
        this.#spilled = await this.#spillTable("hashes", 0);
      }
    }
  }

  /** What was found. Nothing can be observed after it; nothing is left in the spill. */
  async finish(): Promise<Duplicates> {
    for (const name of await this.#spilled?.finish() ?? []) await this.#resolve(name, 1);
    this.#table.clear();
    return this.#duplicates;
  }

  /** What is in the table came before all that follows, and there is none of it twice. */
  async #spillTable(name: string, level: number): Promise<SpilledHashes> {
    const spilled = new SpilledHashes(this.#spill, name, level);
    const { words } = this.#table;
    for (const at of this.#table.places()) if (spilled.add(words, at, FIRST)) await spilled.writeFull();
    this.#table.clear();
    return spilled;
  }

  /** Looks for copies in one part; a part that is too large is parted again. */
  async #resolve(name: string, level: number): Promise<void> {
    const table = this.#table;
    table.clear();
    let inner: SpilledHashes | undefined;
    for await (const entries of spilledEntries(this.#spill.read(name))) {
      for (let at = 0; at < entries.length; at += ENTRY_WORDS) {
        const ordinal = ordinalOf(entries, at);
        if (inner !== undefined) {
          if (inner.add(entries, at, ordinal)) await inner.writeFull();
        } else if (!table.add(entries, at)) {
          this.#duplicates.add(ordinal);
        } else if (table.isFull && level < MOST_LEVELS) {
          inner = await this.#spillTable(name, level);
        }
      }
    }
    await this.#spill.remove(name);
    for (const part of await inner?.finish() ?? []) await this.#resolve(part, level + 1);
  }
}

/**
 * The lines without those that are copies. What comes out are views of the blocks, as long as possible.
 *
 * @param blocks the lines that were observed, in the same order; the blocks may be others
 * @param onDropped told how many events, and of how many bytes, were left out
 */
export async function* withoutDuplicates(
  blocks: AsyncIterable<Uint8Array>,
  duplicates: Duplicates,
  onDropped: (events: number, bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array, void> {
  if (duplicates.count === 0) return yield* blocks;
  let ordinal = 0;
  for await (const block of blocks) {
    let runStart = 0;
    for (let start = 0, end; start < block.length; start = end) {
      end = endOfLine(block, start);
      if (isBlankLine(block, start, end - 1) || !duplicates.has(ordinal++)) continue;
      onDropped(1, end - start);
      if (start > runStart) yield block.subarray(runStart, start);
      runStart = end;
    }
    if (runStart < block.length) yield runStart === 0 ? block : block.subarray(runStart);
  }
}

function endOfLine(block: Uint8Array, start: number): number {
  return block.indexOf(LINE_FEED, start) + 1 || block.length;
}
