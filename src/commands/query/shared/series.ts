/** How answers with dates and segments are shown. */
import type { View } from "../../../cli/operation_command.ts";
import type { PeriodUnit } from "../../../output/periods.ts";
import type { Result } from "../../../output/print.ts";
import { seriesForms, type SeriesValues } from "../../../output/series.ts";

interface SeriesAnswer {
  data: { series: string[]; values: SeriesValues };
}

/** Rows, a wide table and a line chart. Unique users and averages of single days must not be added up. */
export function presentSeries(keyName: string) {
  return (
    result: SeriesAnswer,
    { type, unit = "day" }: { type?: string; unit?: PeriodUnit },
    { nowMs }: View,
  ): Partial<Result> =>
    seriesForms(result.data.series, result.data.values, {
      keyName,
      totals: type === undefined || type === "general",
      periods: { unit, nowMs },
    });
}
