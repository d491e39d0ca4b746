/** What the stored events say of themselves: their names, their properties, the types of their values. */
import type { EventView } from "../../analytics/rows/event_view.ts";
import { type PropertyColumn, valueAt } from "../../analytics/table/property_column.ts";

/** Of one event. Times are milliseconds since 1970 on the clock that stored times are on. */
export interface EventFacts {
  count: number;
  firstMs: number;
  lastMs: number;
}

const facts = new WeakMap<EventView, Map<string, EventFacts>>();
const types = new WeakMap<EventView, TypeCounts>();

/** By the name of the event, in the order in which they came. */
export function eventFacts(view: EventView): Map<string, EventFacts> {
  const known = facts.get(view);
  if (known !== undefined) return known;
  const byCode = new Map<number, EventFacts>();
  for (const { rows, names, timesMs, hidden } of view.chunks) {
    for (let row = 0; row < rows; row++) {
      if (hidden?.[row] === 1) continue;
      const timeMs = timesMs[row] as number;
      const code = names[row] as number;
      const fact = byCode.get(code);
      if (fact === undefined) byCode.set(code, { count: 1, firstMs: timeMs, lastMs: timeMs });
      else {
        fact.count++;
        if (timeMs < fact.firstMs) fact.firstMs = timeMs;
        if (timeMs > fact.lastMs) fact.lastMs = timeMs;
      }
    }
  }
  const found = new Map([...byCode].map(([code, fact]) => [view.nameOf(code), fact]));
  facts.set(view, found);
  return found;
}

/** How often a property of an event has values of a type: by event, property and type. */
export type TypeCounts = Map<string, Map<string, Map<string, number>>>;

export function typeCounts(view: EventView): TypeCounts {
  const known = types.get(view);
  if (known !== undefined) return known;
  const counts: TypeCounts = new Map();
  for (const chunk of view.chunks) {
    for (const property of view.table.properties()) {
      const column = chunk.column(property);
      if (column === undefined) continue;
      for (let row = 0; row < chunk.rows; row++) {
        if (chunk.hidden?.[row] === 1) continue;
        const value = valueAt(column, row);
        if (value !== undefined) increment(counts, view.nameOf(chunk.names[row] as number), property, typeOf(value));
      }
    }
  }
  types.set(view, counts);
  return counts;
}

function increment(counts: TypeCounts, event: string, property: string, type: string): void {
  const ofEvent = counts.get(event) ?? new Map<string, Map<string, number>>();
  const ofProperty = ofEvent.get(property) ?? new Map<string, number>();
  ofProperty.set(type, (ofProperty.get(type) ?? 0) + 1);
  ofEvent.set(property, ofProperty);
  counts.set(event, ofEvent);
}

/** The type as JSON schemas name it. */
function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** The values of a property of one event, and how often each comes. */
export function valueCounts(view: EventView, event: string, property: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const chunk of view.chunks) {
    const column: PropertyColumn | undefined = chunk.column(property);
    if (column === undefined) continue;
    for (let row = 0; row < chunk.rows; row++) {
      if (chunk.hidden?.[row] === 1 || view.nameOf(chunk.names[row] as number) !== event) continue;
      const value = valueAt(column, row);
      if (value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    }
  }
  return counts;
}
