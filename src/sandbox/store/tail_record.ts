/** Events that came together, as bytes. */
import { type ByteView, GrowingBytes, viewOf } from "../../analytics/table/bytes.ts";
import type { Dictionary } from "../../analytics/table/dictionary.ts";
import type { EventTable } from "../../analytics/table/event_table.ts";
import { asFloat64, asUint32, packed, unpacked } from "./sections.ts";

/** The events of a table from a row on, which are all in the chunk that is being filled. */
export function tailBytes(table: EventTable, firstRow: number, textAt: (row: number) => Uint8Array): Uint8Array {
  const count = table.rows - firstRow;
  const row = (index: number) => firstRow + index;
  const text = new GrowingBytes();
  const ends = new Uint32Array(3 * count);
  const put = (dictionary: Dictionary, code: number) =>
    text.append(dictionary.texts, dictionary.start(code), dictionary.end(code));
  for (let index = 0; index < count; index++) {
    put(table.names, table.nameAt(row(index)));
    ends[3 * index] = text.length;
    put(table.people, table.personAt(row(index)));
    ends[3 * index + 1] = text.length;
    text.appendBytes(textAt(row(index)));
    ends[3 * index + 2] = text.length;
  }
  const timesMs = Float64Array.from({ length: count }, (_, index) => table.timeAt(row(index)));
  return packed([timesMs, ends, text.bytes.subarray(0, text.length)]);
}

/** What `tailBytes` has put together. Of each event, one after another: its name and id as JSON, and its properties. */
export interface Tail {
  timesMs: Float64Array;
  text: ByteView;
  /** Three for each event. */
  ends: Uint32Array;
}

export function readTail(bytes: Uint8Array): Tail {
  const [times, ends, text] = unpacked(bytes) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array];
  return { timesMs: asFloat64(times), ends: asUint32(ends), text: viewOf(text) };
}
