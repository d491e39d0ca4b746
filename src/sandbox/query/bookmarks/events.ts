/** Which events a behavior of a bookmark is about. (facts 2.5, 2.9) */
import { everyOf, type NamedRows, namedRowsOf } from "../../../analytics/rows/row_filters.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clausesOf, numberIn, textAt } from "./clause.ts";
import { customEventRows, eventLabel, eventRows } from "./event_names.ts";
import { filtersOf } from "./filters.ts";
import type { Question } from "./question.ts";

/** The events of a behavior: one, a custom event, or several that count as one. */
export function behaviorRows(question: Question, behavior: Clause, path: string): NamedRows {
  if (behavior.type === "simple") {
    const inner = clausesOf(behavior.behaviors, `${path}.behaviors`);
    if (inner.length === 0) throw new Refusal(400, `Invalid params: ${path}.behaviors is empty`);
    // Filters of the outer behavior have no effect. (facts 2.5)
    return namedRowsOf(
      question.view,
      inner.map((one, index) => behaviorRows(question, one, `${path}.behaviors[${index}]`)),
    );
  }
  const where = filtersOf(question, behavior.filters, `${path}.filters`, behavior.filtersDeterminer);
  const rows = rowsNamed(question, behavior, path);
  if (where === undefined) return rows;
  return { names: rows.names, where: everyOf(rows.where === undefined ? [where] : [rows.where, where]) };
}

function rowsNamed(question: Question, behavior: Clause, path: string): NamedRows {
  const name = textAt(behavior.name, `${path}.name`);
  if (name !== undefined) return eventRows(question, name);
  const id = behavior.type === "custom-event" ? numberIn(behavior.id, `${path}.id`) : undefined;
  if (id === undefined) throw new Refusal(400, `Invalid params: ${path} names no event`);
  return customEventRows(question, id);
}

/** What people see for a behavior. */
export function behaviorLabel({ renamed, name, type }: Clause): string {
  const shown = [renamed, name].find((one) => typeof one === "string" && one !== "");
  return shown === undefined ? String(type ?? "event") : eventLabel(shown as string);
}
