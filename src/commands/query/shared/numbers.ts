/** How an answer with one number for each date is shown. */
import type { Presentation } from "../../../cli/operation_command.ts";

/** A row and a point for each date. Sums can be added up, averages cannot. */
export function presentNumbers(name: "sum" | "average") {
  return ({ results }: { results: Record<string, number> }): Presentation => {
    const numbers = Object.entries(results).sort(([a], [b]) => a < b ? -1 : 1);
    return {
      rows: numbers.map(([date, value]) => ({ date, [name]: value })),
      chart: {
        kind: "line",
        series: [{ name, points: numbers.map(([label, value]) => ({ label, value })) }],
        totals: name === "sum",
      },
    };
  };
}
