import { addDays, byFirstDay, type DayRange } from "../export/days.ts";

/** The same days, in order and in as few ranges as there can be. */
export function joinDays(ranges: readonly DayRange[]): DayRange[] {
  const joined: DayRange[] = [];
  for (const { from, to } of [...ranges].sort(byFirstDay)) {
    const last = joined.at(-1);
    if (last === undefined || from > addDays(last.to, 1)) joined.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return joined;
}
