/** Goes through stored events in the order of time: each chunk has an order of its own, and these are merged. */
import type { Chunk } from "../../analytics/table/chunk.ts";
import type { EventTable } from "../../analytics/table/event_table.ts";
import type { ChunkTexts } from "./chunk_texts.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** One event after another: good until the next one is asked for. */
export class EventCursor {
  timeMs = 0;
  /** Of the table. */
  row = 0;
  #chunk: ChunkCursor | undefined;

  constructor(private readonly table: EventTable) {}

  moveTo(chunk: ChunkCursor): void {
    this.#chunk = chunk;
    this.timeMs = chunk.timeMs;
    this.row = chunk.row;
  }

  get nameCode(): number {
    return this.table.nameAt(this.row);
  }

  get name(): string {
    return this.table.names.value(this.nameCode) as string;
  }

  get personCode(): number {
    return this.table.personAt(this.row);
  }

  get distinctId(): string {
    return this.table.people.value(this.personCode) as string;
  }

  /** JSON text of the properties as they came, without `time` and `token`. */
  get json(): Uint8Array {
    return (this.#chunk as ChunkCursor).json;
  }

  get properties(): string {
    return decoder.decode(this.json);
  }
}

/** Where one is in a chunk. */
class ChunkCursor {
  timeMs = 0;
  row = 0;
  #place: number;
  readonly #end: number;
  readonly #order: Uint16Array;
  #read: ((place: number) => Uint8Array) | undefined;

  constructor(
    private readonly chunk: Chunk,
    private readonly texts: ChunkTexts,
    /** The first to come, and the first that comes no more. */
    place: number,
    end: number,
  ) {
    this.#order = texts.order;
    this.#place = place - 1;
    this.#end = end;
  }

  /** False at the end. */
  next(): boolean {
    if (++this.#place >= this.#end) return false;
    const row = this.#order[this.#place] as number;
    this.row = this.chunk.firstRow + row;
    this.timeMs = this.chunk.timesMs[row] as number;
    return true;
  }

  get json(): Uint8Array {
    this.#read ??= this.texts.reader();
    return this.#read(this.#place);
  }

  isBefore(other: ChunkCursor): boolean {
    return this.timeMs < other.timeMs || this.timeMs === other.timeMs && this.row < other.row;
  }
}

/** What lies between two moments, and after an event that has been seen. */
export interface Stretch {
  fromMs: number;
  toMs: number;
  /** The first row at `fromMs` that has not been seen. */
  fromRow: number;
}

/** Visits the events of a stretch. The visitor says whether to go on. */
export function* merged(
  table: EventTable,
  texts: readonly ChunkTexts[],
  { fromMs, toMs, fromRow }: Stretch,
): Generator<EventCursor, void> {
  const heap: ChunkCursor[] = [];
  table.chunks.forEach((chunk, index) => {
    const own = texts[index] as ChunkTexts;
    const first = placeOf(chunk, own.order, fromMs, fromRow);
    const cursor = new ChunkCursor(chunk, own, first, placeOf(chunk, own.order, toMs, 0));
    if (cursor.next()) heap.push(cursor);
  });
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(heap, index);
  const event = new EventCursor(table);
  while (heap.length > 0) {
    const first = heap[0] as ChunkCursor;
    event.moveTo(first);
    yield event;
    if (!first.next()) {
      const last = heap.pop() as ChunkCursor;
      if (heap.length === 0) return;
      if (last !== first) heap[0] = last;
    }
    sink(heap, 0);
  }
}

/** The first place that is not before a moment and, at that moment, not before a row of the table. */
export function placeOf(chunk: Chunk, order: Uint16Array, timeMs: number, tableRow: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = order[middle] as number;
    const time = chunk.timesMs[row] as number;
    if (time < timeMs || time === timeMs && chunk.firstRow + row < tableRow) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sink(heap: ChunkCursor[], from: number): void {
  let at = from;
  const cursor = heap[at] as ChunkCursor;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as ChunkCursor).isBefore(heap[child] as ChunkCursor)) child++;
    if (!(heap[child] as ChunkCursor).isBefore(cursor)) break;
    heap[at] = heap[child] as ChunkCursor;
    at = child;
  }
  heap[at] = cursor;
}
