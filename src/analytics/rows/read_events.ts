/** Whole events, read back from their columns. */
import { setMember } from "../../streams/json/members.ts";
import type { AnalyticsEvent } from "../event.ts";
import type { Chunk } from "../table/chunk.ts";
import type { EventView } from "./event_view.ts";
import { PropertyValue } from "./property_value.ts";
import { chosenNames } from "./scan.ts";
import { placesByTime } from "./time_order.ts";

/** Which events. */
export interface EventChoice {
  /** First millisecond. */
  fromMs: number;
  /** First millisecond after. */
  toMs: number;
  /** Only events of these names. */
  names?: readonly string[];
  /** Only events of these people, by the codes that stand for them. */
  people?: ReadonlySet<number>;
}

/** The events of a view, each with the id that its person is known by, in the order of time. */
export function* readEvents(view: EventView, choice: EventChoice): Generator<AnalyticsEvent, void> {
  const places = placesByTime(view, (chunk) => chooser(view, chunk, choice));
  const left = new Map<number, number>();
  for (const place of places) left.set(place >>> 16, (left.get(place >>> 16) ?? 0) + 1);
  const readers = new Map<number, (row: number) => AnalyticsEvent>();
  // The last chunk is filled on while its events are read, and its memory is used again when it is full.
  const last = view.chunks.length - 1;
  if (left.has(last)) readers.set(last, readerOf(view, copyOf(view.chunks[last]!)));
  for (const place of places) {
    const index = place >>> 16;
    let read = readers.get(index);
    if (read === undefined) readers.set(index, read = readerOf(view, view.chunks[index]!));
    yield read(place & 0xffff);
    // A chunk's columns are let go with its last event.
    const remaining = left.get(index)! - 1;
    left.set(index, remaining);
    if (remaining === 0) readers.delete(index);
  }
}

function chooser(
  view: EventView,
  { timesMs, names: codes, people: codesOfPeople }: Chunk,
  { fromMs, toMs, names, people }: EventChoice,
): (row: number) => boolean {
  const chosen = chosenNames(view, names);
  return (row) => {
    const timeMs = timesMs[row]!;
    if (timeMs < fromMs || timeMs >= toMs || chosen[codes[row]!] === 0) return false;
    return people === undefined || people.has(view.personOf(codesOfPeople[row]!));
  };
}

function copyOf(chunk: Chunk): Chunk {
  const { firstRow, rows, timesMs, names, people } = chunk;
  return {
    firstRow,
    rows,
    timesMs: timesMs.slice(),
    names: names.slice(),
    people: people.slice(),
    column: (property) => chunk.column(property),
  };
}

/** Reads rows of a chunk, whose columns are looked for now. */
function readerOf(view: EventView, chunk: Chunk): (row: number) => AnalyticsEvent {
  const columns = view.table.properties().filter((property) => chunk.column(property) !== undefined)
    .map((property) => ({ property, valueOf: new PropertyValue(view, property).bind(chunk) }));
  return (row) => {
    const properties: Record<string, unknown> = {};
    for (const { property, valueOf } of columns) {
      const value = valueOf(row);
      if (value !== undefined) setMember(properties, property, value);
    }
    return {
      name: view.nameOf(chunk.names[row]!),
      timeMs: chunk.timesMs[row]!,
      distinctId: view.distinctIdOf(chunk.people[row]!),
      properties,
    };
  };
}
