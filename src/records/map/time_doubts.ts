/** What is said of times that are read otherwise than they are written. */
import { type RecordProblem, ruleProblem } from "../record_rules.ts";
import type { TimeDoubt } from "./map_time.ts";
import { valueText } from "./map_values.ts";

export function doubtProblem(
  { rule, value, takenMs }: TimeDoubt,
  field: string,
  timeZone = "UTC",
): RecordProblem {
  const text = valueText(value);
  if (takenMs === undefined) return ruleProblem(rule, { field, detail: text });
  const moment = new Date(takenMs).toISOString().replace(".000Z", "Z");
  const detail = rule === "time_twice"
    ? `${text}: clocks in ${timeZone} show that twice; the first, ${moment}, is taken`
    : `${text}: no clock in ${timeZone} shows that; ${moment} is taken`;
  return ruleProblem(rule, { field, detail });
}
