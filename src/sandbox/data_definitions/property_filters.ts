/** Conditions on one event's properties in the form of the web page's filters: what drop filters and deletions have. */
import type { SandboxCall } from "../call.ts";
import { type Clause, clausesOf, textAt } from "../query/bookmarks/clause.ts";
import { type FilterClock, filterTest } from "../query/bookmarks/filter_tests.ts";
import { reportClock } from "../query/report.ts";
import { Refusal } from "../refusal.ts";

/** Whether an event is meant, by its properties; undefined stands for one that is absent. */
export type EventFilter = (valueOf: (property: string) => unknown) => boolean;

/** The clock that dates in filters of a request are read by. */
export const filterClock = (call: SandboxCall): FilterClock => reportClock(call);

/**
 * The condition that all of the filters hold: a list of them, or a single one.
 *
 * @throws Refusal 400 for what the form does not have, and for filters on anything else than properties of events.
 */
export function eventFilterOf(clock: FilterClock, filters: unknown): EventFilter {
  const clauses = clausesOf(Array.isArray(filters) ? filters : [filters], "filters");
  const tests = clauses.map((clause, index) => {
    const path = `filters[${index}]`;
    return { property: propertyOf(clause, path), meets: filterTest(clock, clause, path) };
  });
  return (valueOf) => tests.every(({ property, meets }) => meets(valueOf(property)));
}

function propertyOf({ resourceType, value }: Clause, path: string): string {
  const type = textAt(resourceType, `${path}.resourceType`) ?? "events";
  if (type !== "events" && type !== "event") {
    throw new Refusal(400, `${path}.resourceType: only properties of events can be filtered here`);
  }
  const property = textAt(value, `${path}.value`) ?? "";
  if (property === "") throw new Refusal(400, `${path}.value: this field is required`);
  return property;
}
