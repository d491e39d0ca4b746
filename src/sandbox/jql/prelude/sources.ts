/** `Events()`, `People()` and `join()`: what a script begins with. */
import { JqlCollection } from "./collection.ts";
import type { EventsSource, JoinSource, JqlSource, PeopleSource } from "./source.ts";

type Options = Record<string, unknown> | undefined | null;

const JOIN_TYPES: readonly string[] = ["full", "left", "right", "inner"] satisfies JoinSource["type"][];

export function eventsCollection(given: Options): JqlCollection {
  const { from_date, to_date, event_selectors } = given ?? {};
  const range = { fromDay: dayOf(from_date, "from_date"), toDay: dayOf(to_date, "to_date") };
  return new JqlCollection({ kind: "events", ...range, selectors: event_selectors });
}

export function peopleCollection(given: Options): JqlCollection {
  return new JqlCollection({ kind: "people", selectors: given?.user_selectors });
}

export function joinCollections(
  events: unknown,
  people: unknown,
  { type = "full", selectors }: { type?: JoinSource["type"]; selectors?: unknown } = {},
): JqlCollection {
  if (!isFrom<EventsSource>(events, "events") || !isFrom<PeopleSource>(people, "people")) {
    throw new Error("join() needs Events() and People()");
  }
  if (events.stages.length + people.stages.length > 0) {
    throw new Error("Nothing can be applied to a collection inside join()");
  }
  if (!JOIN_TYPES.includes(type)) throw new Error(`There is no join of the type ${type}`);
  return new JqlCollection({ kind: "join", events: events.source, people: people.source, type, selectors });
}

function isFrom<S extends JqlSource>(value: unknown, kind: S["kind"]): value is JqlCollection & { source: S } {
  return value instanceof JqlCollection && value.source.kind === kind;
}

function dayOf(value: unknown, name: string): string {
  const text = value instanceof Date ? value.toISOString() : value;
  if (typeof text === "string" && /^\d{4}-\d\d-\d\d/.test(text)) return text.slice(0, 10);
  throw new Error(`Events() needs ${name} as YYYY-MM-DD`);
}
