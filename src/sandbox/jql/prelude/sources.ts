/** `Events()`, `People()` and `join()`: what a script begins with. */
import { Collection } from "./collection.ts";

type Options = Record<string, unknown> | undefined | null;

const JOIN_TYPES = ["full", "left", "right", "inner"];

export function Events(given: Options): Collection {
  const { from_date, to_date, event_selectors } = given ?? {};
  const range = { fromDay: dayOf(from_date, "from_date"), toDay: dayOf(to_date, "to_date") };
  return new Collection({ kind: "events", ...range, selectors: event_selectors });
}

export function People(given: Options): Collection {
  return new Collection({ kind: "people", selectors: given?.user_selectors });
}

export function join(
  events: unknown,
  people: unknown,
  { type = "full", selectors }: { type?: string; selectors?: unknown } = {},
): Collection {
  if (!isFrom(events, "events") || !isFrom(people, "people")) throw new Error("join() needs Events() and People()");
  if (events.stages.length + people.stages.length > 0) {
    throw new Error("Nothing can be applied to a collection inside join()");
  }
  if (!JOIN_TYPES.includes(type)) throw new Error(`There is no join of the type ${type}`);
  return new Collection({ kind: "join", events: events.source, people: people.source, type, selectors });
}

function isFrom(value: unknown, kind: string): value is Collection {
  return value instanceof Collection && value.source.kind === kind;
}

function dayOf(value: unknown, name: string): string {
  const text = value instanceof Date ? value.toISOString() : value;
  if (typeof text === "string" && /^\d{4}-\d\d-\d\d/.test(text)) return text.slice(0, 10);
  throw new Error(`Events() needs ${name} as YYYY-MM-DD`);
}
