/** How answers with dates and segments are shown. */
import type { Result } from "../../../output/print.ts";
import { seriesForms, type SeriesValues } from "../../../output/series.ts";

interface SeriesAnswer {
  data: { series: string[]; values: SeriesValues };
}

/** Rows, a wide table and a line chart. Unique users and averages of single days must not be added up. */
export function presentSeries(keyName: string) {
  return (result: SeriesAnswer, input: { type?: string }): Partial<Result> =>
    seriesForms(result.data.series, result.data.values, {
      keyName,
      totals: input.type === undefined || input.type === "general",
    });
}
