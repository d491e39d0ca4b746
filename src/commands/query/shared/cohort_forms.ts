/** Who came back, in the forms in which it is printed. */
import type { Presentation } from "../../../cli/operation_command.ts";
import { cohortHeatMap, retentionCurve } from "../../../output/cohort_pictures.ts";
import { type CohortTable, countAt, intervalState } from "../../../output/cohort_table.ts";
import { cutPeriodNote } from "../../../output/periods.ts";

/** A row for each period in which people began, a column for each interval after that. */
export function presentCohorts(
  table: CohortTable,
  { from, to, curve, remark }: { from?: string; to?: string; curve: boolean; remark?: string },
): Presentation {
  const { unit, interval, nowMs } = table;
  const longest = Math.max(0, ...table.rows.map(({ counts }) => counts.length));
  const intervals = Array.from({ length: longest }, (_, index) => `${unit}_${index}`);
  const hasSegments = table.rows.some(({ segment }) => segment !== undefined);
  const cut = cutPeriodNote(table.rows.map(({ date }) => date), { unit, count: interval, nowMs, from, to });
  return {
    rows: table.rows.map((row) => ({
      date: row.date,
      ...(hasSegments ? { segment: row.segment } : {}),
      people: row.people,
      ...Object.fromEntries(intervals.map((key, index) => [key, countAt(table, row, index)])),
    })),
    columns: [
      "date",
      ...(hasSegments ? ["segment"] : []),
      "people",
      ...intervals.map((key, index) => ({
        key,
        title: key.replace("_", " "),
        as: "share" as const,
        isOpen: (row: Record<string, unknown>) => intervalState(table, String(row.date), index) === "open",
        value: (count: unknown, row: Record<string, unknown>) => shareOf(count, row.people),
      })),
    ],
    chart: curve ? retentionCurve(table) : cohortHeatMap(table),
    note: [cut, remark].filter((one) => one !== undefined).join(". ") || undefined,
  };
}

/** Where it is not known how many people there are, the count itself. */
function shareOf(count: unknown, people: unknown): number | string | null {
  if (typeof count !== "number") return null;
  return typeof people === "number" && people > 0 ? count / people : String(count);
}
