import { z } from "zod";
import { retention } from "../../api/retention.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { cohortHeatMap, retentionCurve } from "../../output/cohort_pictures.ts";
import { type CohortRow, type CohortTable, countAt, intervalState } from "../../output/cohort_table.ts";
import { cutPeriodNote } from "../../output/periods.ts";

interface Cohort extends Omit<CohortRow, "people"> {
  first?: number;
  percents?: number[];
}

const DAY_MS = 86_400_000;
/** Up to how many days of a range each unit gives a picture that can be read. */
const LONGEST_RANGE = { day: 14, week: 112, month: Infinity };
const UNIT_DAYS = { day: 1, week: 7, month: 30 };
const MOST_INTERVALS = 12;

export default operationCommand(retention, {
  draws: true,
  description:
    `Looks at the people who did an event for the first time, and at how many of them came back 0, 1, 2, … intervals
later. An interval is counted from each person's own first event: a day is 24 hours, not a calendar day. A terminal shows
a heat map; the average is taken over the cohorts that have completed the interval. Unless told otherwise, the unit suits
the range (days up to two weeks, weeks up to 16, months), and there are as many intervals as it has units, up to 12.`,
  args: ["born_event"],
  dateRange: true,
  shows: z.object({
    curve: z.boolean().optional().meta({ description: "Draw the average as a curve in place of the heat map" }),
  }),
  examples: [
    {
      text: "Who buys again in the weeks after signing up",
      run: "mp query retention 'Sign Up' --event Purchase --last 8w",
    },
    { text: "Who comes back at all, day by day, as a table", run: "mp query retention 'Sign Up' --last 7d -f table" },
    {
      text: "Recurring use: everyone who bought, whenever they did",
      run: "mp query retention --retention-type compounded --event Purchase --last 30d --unit week --interval-count 3",
    },
  ],
  prepare: ({ from_date, to_date, unit, interval, interval_count }) => {
    if (!from_date || !to_date) return Promise.resolve({});
    const days = Math.round((Date.parse(to_date) - Date.parse(from_date)) / DAY_MS) + 1;
    const chosen = unit ?? (interval !== undefined ? "day" : suitedUnit(days));
    const periods = Math.ceil(days / (UNIT_DAYS[chosen] * (interval ?? 1)));
    return Promise.resolve({
      ...(unit === undefined && interval === undefined ? { unit: chosen } : {}),
      ...(interval_count === undefined ? { interval_count: Math.min(MOST_INTERVALS, Math.max(1, periods - 1)) } : {}),
    });
  },
  remark(result, { born_event, event, born_where }, context) {
    const rows = cohortsOf(result);
    const born = born_event ?? event;
    if (rows.every(({ people, counts }) => !people && counts.every((one) => one === 0))) {
      return nothingCounted(context, born === undefined ? [] : [born], { where: born_where });
    }
    const nobodyBack = event !== undefined && rows.every(({ counts }) => counts.every((one) => one === 0));
    return nobodyBack ? nothingCounted(context, [event]) : undefined;
  },
  present(result, { unit = "day", interval = 1, unbounded_retention, from_date, to_date }, { nowMs, shown }) {
    const table: CohortTable = { rows: cohortsOf(result), unit, interval, nowMs };
    const longest = Math.max(0, ...table.rows.map(({ counts }) => counts.length));
    const intervals = Array.from({ length: longest }, (_, index) => `${unit}_${index}`);
    const hasSegments = table.rows.some(({ segment }) => segment !== undefined);
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
      chart: shown.curve === true ? retentionCurve(table) : cohortHeatMap(table),
      note: noteOf(
        cutPeriodNote(table.rows.map(({ date }) => date), {
          unit,
          count: interval,
          nowMs,
          from: from_date,
          to: to_date,
        }),
        unbounded_retention === true ? LATER_COUNTS : undefined,
      ),
    };
  },
});

/** With `--unbounded` no value is final, and older cohorts have had more time. */
const LATER_COUNTS = "With --unbounded every value can still rise, and the older a cohort, the more time it has had";

function noteOf(...notes: readonly (string | undefined)[]): string | undefined {
  return notes.filter((one) => one !== undefined).join(". ") || undefined;
}

function suitedUnit(days: number): "day" | "week" | "month" {
  return days <= LONGEST_RANGE.day ? "day" : days <= LONGEST_RANGE.week ? "week" : "month";
}

/** Rows by date, or by date and segment in either order; with `data` around them or not. */
function cohortsOf(result: z.output<typeof retention.result>): CohortRow[] {
  const rows = ("data" in result ? result.data : result) as Record<string, Cohort | Record<string, Cohort>>;
  const cohorts = Object.entries(rows).flatMap(([outer, content]): Cohort[] => {
    if (Array.isArray(content.counts)) return [{ ...content as Cohort, date: outer }];
    return Object.entries(content as Record<string, Cohort>).map(([inner, row]) =>
      isDate(outer) ? { ...row, date: outer, segment: inner } : { ...row, date: inner, segment: outer }
    );
  });
  return cohorts.map(withPeople).sort((a, b) => a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
}

/** The reference has shares in place of how many people there are, which follows from the first of them. */
function withPeople({ date, segment, counts, first, percents }: Cohort): CohortRow {
  const share = percents?.[0];
  const people = first ?? (counts[0] === undefined || !share ? null : Math.round(counts[0] / share * 100));
  return { date, segment, counts, people };
}

/** Where it is not known how many people there are, the count itself. */
function shareOf(count: unknown, people: unknown): number | string | null {
  if (typeof count !== "number") return null;
  return typeof people === "number" && people > 0 ? count / people : String(count);
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text);
