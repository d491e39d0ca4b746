/** How an answer with one number for each date is shown. */
import type { Presentation, View } from "../../../cli/operation_command.ts";
import { openPeriodNote, periodPoints, type PeriodUnit } from "../../../output/periods.ts";

/** A row and a point for each date. Sums can be added up, averages cannot. */
export function presentNumbers(name: "sum" | "average") {
  return (
    { results }: { results: Record<string, number> },
    { unit = "day" }: { unit?: PeriodUnit },
    { nowMs }: View,
  ): Presentation => {
    const periods = { unit, nowMs };
    const numbers = Object.entries(results).sort(([a], [b]) => a < b ? -1 : 1);
    const labels = numbers.map(([label]) => label);
    return {
      rows: numbers.map(([date, value]) => ({ date, [name]: value })),
      chart: {
        kind: "line",
        series: [{ name, points: periodPoints(labels, (label) => results[label] ?? null, periods) }],
        totals: name === "sum",
        openNote: openPeriodNote(labels, periods),
      },
    };
  };
}
