/** How answers with dates and segments are shown. */
import type { Presentation, View } from "../../../cli/operation_command.ts";
import { comparedForms } from "../../../output/compared_series.ts";
import type { Periods, PeriodUnit } from "../../../output/periods.ts";
import { seriesForms } from "../../../output/series.ts";

interface SeriesAnswer {
  data: { series: string[]; values: Record<string, Record<string, number>> };
}

interface Asked extends AskedPeriods {
  type?: string;
}

/** What of a question decides which periods of its answer are whole. */
export interface AskedPeriods {
  unit?: PeriodUnit;
  /** The length of a period, in place of `unit`. */
  bucketDays?: number;
  from_date?: string;
  to_date?: string;
}

export function askedPeriods({ unit, bucketDays, from_date, to_date }: AskedPeriods, nowMs: number): Periods {
  return {
    unit: unit ?? "day",
    count: unit === undefined ? bucketDays : undefined,
    nowMs,
    from: from_date,
    to: to_date,
  };
}

/** Rows, a wide table and a line chart. Unique users and averages of single days must not be added up. */
export function presentSeries(keyName: string) {
  return ({ data }: SeriesAnswer, { type, ...asked }: Asked, { nowMs, compared }: View<SeriesAnswer>): Presentation => {
    const options = {
      keyName,
      totals: type === undefined || type === "general",
      periods: askedPeriods(asked, nowMs),
    };
    if (compared === undefined) return seriesForms(data.series, data.values, options);
    const dated = ({ series, values }: SeriesAnswer["data"]) => ({ dates: series, values });
    return comparedForms(dated(data), { ...dated(compared.result.data), ...compared.days }, options);
  };
}
