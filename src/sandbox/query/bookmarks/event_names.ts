/** Events by their names, of which some stand for others. (facts 2.5, 9.1) */
import { type NamedRows, namedRowsOf } from "../../../analytics/rows/row_filters.ts";
import { textAt } from "./clause.ts";
import { alternativesOf } from "./definitions.ts";
import type { Question } from "./question.ts";
import { segmentFilters } from "./segment_filters.ts";

/** Names that stand for all events. */
export const ANY_EVENT: ReadonlySet<string> = new Set(["$all_events", "$mp_anything_event", "$any_event"]);
const CUSTOM_EVENT = /^\$custom_event:(\d+)$/;

/** What people see for a name that stands for all events. */
const ANY_EVENT_LABEL = "All Events";

/** Events of a name. The display name of a custom event is the name of no event: it counts nothing. (facts 2.5) */
export function eventRows(question: Question, name: string): NamedRows {
  const custom = CUSTOM_EVENT.exec(name);
  if (custom !== null) return customEventRows(question, Number(custom[1]));
  return ANY_EVENT.has(name) ? {} : { names: [name] };
}

export function customEventRows(question: Question, id: number): NamedRows {
  const alternatives = alternativesOf(question.call, id);
  if (alternatives.length === 0) return { names: [] };
  return namedRowsOf(
    question.view,
    alternatives.map((alternative, index) => {
      const name = textAt(alternative.event, `alternatives[${index}].event`) ?? "";
      const where = segmentFilters(question, alternative.valid_segfilter, "and", `alternatives[${index}]`);
      return { names: ANY_EVENT.has(name) ? undefined : [name], where };
    }),
  );
}

export function eventLabel(name: string): string {
  return ANY_EVENT.has(name) ? ANY_EVENT_LABEL : name;
}
