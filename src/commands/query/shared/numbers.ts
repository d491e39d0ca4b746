/** How an answer with one number for each date is shown. */
import type { Presentation, View } from "../../../cli/operation_command.ts";
import { comparedForms } from "../../../output/compared_series.ts";
import { openPeriodNote, periodPoints } from "../../../output/periods.ts";
import { type AskedPeriods, askedPeriods } from "./series.ts";

interface NumbersAnswer {
  results: Record<string, number>;
}

/** A row and a point for each date. Sums can be added up, averages cannot. */
export function presentNumbers(name: "sum" | "average") {
  return ({ results }: NumbersAnswer, asked: AskedPeriods, { nowMs, compared }: View<NumbersAnswer>): Presentation => {
    const periods = askedPeriods(asked, nowMs);
    const totals = name === "sum";
    const labels = datesOf(results);
    if (compared !== undefined) {
      const dated = (one: NumbersAnswer) => ({ dates: datesOf(one.results), values: { [name]: one.results } });
      return comparedForms(dated({ results }), { ...dated(compared.result), ...compared.days }, {
        periods,
        totals,
      });
    }
    return {
      rows: labels.map((date) => ({ date, [name]: results[date] })),
      chart: {
        kind: "line",
        series: [{ name, points: periodPoints(labels, (label) => results[label] ?? null, periods) }],
        totals,
        openNote: openPeriodNote(labels, periods),
      },
    };
  };
}

const datesOf = (results: Record<string, number>): string[] => Object.keys(results).sort();
