import type { z } from "zod";
import { frequency } from "../../api/retention.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { operationCommand, type Presentation } from "../../cli/operation_command.ts";
import { askable } from "./shared/from_files.ts";

interface Period {
  date: string;
  segment?: string;
  counts: number[];
}

export default askable(operationCommand(frequency, {
  draws: true,
  description:
    `For each period, the n-th number is how many people were active in at least n of its hours or days. The columns go
as far as anybody got.`,
  dateRange: true,
  examples: [
    {
      text: "On how many days of a week people come",
      run: "mp query frequency --last 4w --unit week --part day -f table",
    },
    {
      text: "In how many hours of a day they view products",
      run: "mp query frequency --last 7d --event 'View Product' -f table",
    },
  ],
  remark: (result, { event, where }, context) =>
    periodsOf(result).every(({ counts }) => counts.every((one) => one === 0))
      ? nothingCounted(context, event === undefined ? [] : [event], { where })
      : undefined,
  present(result, { unit, addiction_unit }) {
    const periods = periodsOf(result);
    const most = Math.max(0, ...periods.map(({ counts }) => counts.findLastIndex((count) => count > 0) + 1));
    const hasSegments = periods.some(({ segment }) => segment !== undefined);
    const columns = Array.from({ length: most }, (_, index) => `${index + 1}_${addiction_unit}s`);
    return {
      rows: periods.map(({ date, segment, counts }) => ({
        date,
        ...(hasSegments ? { segment } : {}),
        ...Object.fromEntries(columns.map((key, index) => [key, counts[index] ?? 0])),
      })),
      columns: [
        "date",
        ...(hasSegments ? ["segment"] : []),
        ...columns.map((key, index) => ({ key, title: `≥${index + 1} ${addiction_unit}${index === 0 ? "" : "s"}` })),
      ],
      chart: chartOf(periods, most, addiction_unit),
      note: new Set(periods.map(({ date }) => date)).size > 1
        ? `Who was active in several ${unit}s counts in each: the chart adds up people by ${unit}`
        : undefined,
    };
  },
}));

/** People of all periods together, as shares of those who were active at all. */
function chartOf(periods: readonly Period[], most: number, unit: string): Presentation["chart"] {
  const people = Array.from(
    { length: most },
    (_, index) => periods.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0),
  );
  const rows = people.map((value, index) => ({
    label: `at least ${index + 1} ${unit}${index === 0 ? "" : "s"}`,
    value,
    share: value / people[0]!,
  }));
  return { kind: "bar", rows };
}

/** Numbers by date, or by date and segment; with `data` around them or not. */
function periodsOf(result: z.output<typeof frequency.result>): Period[] {
  const rows = ("data" in result && !Array.isArray(result.data) ? result.data : result) as Record<
    string,
    number[] | Record<string, number[]>
  >;
  return Object.entries(rows).flatMap(([date, content]): Period[] =>
    Array.isArray(content)
      ? [{ date, counts: content }]
      : Object.entries(content).map(([segment, counts]) => ({ date, segment, counts }))
  );
}
