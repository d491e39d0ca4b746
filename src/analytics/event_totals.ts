import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import { visitPeople, visitRows } from "./rows/scan.ts";
import type { Buckets } from "./time_buckets.ts";

/** Counts, for every event name of a time, its events, its distinct users, or its events per user. */
export function eventTotals(view: EventView, type: CountType, buckets: Buckets): Map<string, number> {
  const count = view.table.names.count;
  const events = new Float64Array(count);
  const users = new Float64Array(count);
  if (type === "general") {
    visitRows(view, { buckets }, ({ names }) => (row) => {
      events[names[row]!]++;
    });
  } else {
    const last = new Uint32Array(count);
    const { names } = view.byPerson;
    visitPeople(view, { buckets }, (person, at) => {
      const name = names[at]!;
      events[name]++;
      if (last[name] === person) return;
      last[name] = person;
      users[name]++;
    });
  }
  const totals = new Map<string, number>();
  for (let name = 0; name < count; name++) {
    if (events[name] === 0) continue;
    const total = type === "general" ? events[name]! : type === "unique" ? users[name]! : events[name]! / users[name]!;
    totals.set(view.nameOf(name), total);
  }
  return totals;
}
