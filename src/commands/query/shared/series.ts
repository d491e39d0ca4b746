/** How answers with dates and segments are shown. */
import type { Presentation, View } from "../../../cli/operation_command.ts";
import { comparedForms } from "../../../output/compared_series.ts";
import type { PeriodUnit } from "../../../output/periods.ts";
import { seriesForms } from "../../../output/series.ts";

interface SeriesAnswer {
  data: { series: string[]; values: Record<string, Record<string, number>> };
}

/** Rows, a wide table and a line chart. Unique users and averages of single days must not be added up. */
export function presentSeries(keyName: string) {
  return (
    { data }: SeriesAnswer,
    { type, unit = "day" }: { type?: string; unit?: PeriodUnit },
    { nowMs, compared }: View<SeriesAnswer>,
  ): Presentation => {
    const options = {
      keyName,
      totals: type === undefined || type === "general",
      periods: { unit, nowMs },
    };
    if (compared === undefined) return seriesForms(data.series, data.values, options);
    const dated = ({ series, values }: SeriesAnswer["data"]) => ({ dates: series, values });
    return comparedForms(dated(data), dated(compared.data), options);
  };
}
