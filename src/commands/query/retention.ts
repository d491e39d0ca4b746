import type { z } from "zod";
import { retention } from "../../api/retention.ts";
import { operationCommand, type Presentation } from "../../cli/operation_command.ts";
import { formatShare } from "../../output/format.ts";

interface Cohort {
  date: string;
  segment?: string;
  counts: number[];
  first?: number;
  percents?: number[];
}

export default operationCommand(retention, {
  draws: true,
  description:
    `Looks at the people who did an event for the first time, and at how many of them came back 0, 1, 2, … intervals
later. An interval is counted from each person's own first event: a day is 24 hours, not a calendar day.`,
  args: ["born_event"],
  dateRange: true,
  examples: [
    {
      text: "Who buys again in the weeks after signing up",
      run: "mp query retention 'Sign Up' --event Purchase --last 8w --unit week --interval-count 7",
    },
    {
      text: "Who comes back at all, day by day, as a table",
      run: "mp query retention 'Sign Up' --last 7d --interval-count 6 -f table",
    },
    {
      text: "Recurring use: everyone who bought, whenever they did",
      run: "mp query retention --type compounded --event Purchase --last 30d --unit week --interval-count 3",
    },
  ],
  present(result, { unit = "day" }) {
    const cohorts = cohortsOf(result);
    const longest = Math.max(0, ...cohorts.map(({ counts }) => counts.length));
    const intervals = Array.from({ length: longest }, (_, index) => `${unit}_${index}`);
    const hasSegments = cohorts.some(({ segment }) => segment !== undefined);
    return {
      rows: cohorts.map(({ date, segment, counts, first }) => ({
        date,
        ...(hasSegments ? { segment } : {}),
        people: first ?? null,
        ...Object.fromEntries(intervals.map((key, index) => [key, counts[index] ?? null])),
      })),
      columns: [
        "date",
        ...(hasSegments ? ["segment"] : []),
        "people",
        ...intervals.map((key) => ({
          key,
          title: key.replace("_", " "),
          align: "right" as const,
          format: (count: unknown, row: Record<string, unknown>) => shareOf(count, row.people),
        })),
      ],
      chart: curve(cohorts, longest),
    };
  },
});

/** Rows by date, or by date and segment in either order; with `data` around them or not. */
function cohortsOf(result: z.output<typeof retention.result>): Cohort[] {
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
function withPeople(cohort: Cohort): Cohort {
  const [count] = cohort.counts;
  const share = cohort.percents?.[0];
  if (cohort.first !== undefined || count === undefined || !share) return cohort;
  return { ...cohort, first: Math.round(count / share * 100) };
}

/** What share of all people came back after how long; a line for each segment. */
function curve(cohorts: Cohort[], longest: number): Presentation["chart"] {
  const series = [...Map.groupBy(cohorts, ({ segment }) => segment ?? "came back %")].map(([name, own]) => {
    const points = Array.from({ length: longest }, (_, index) => {
      const people = own.reduce((sum, { first = 0 }) => sum + first, 0);
      const returned = own.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0);
      return { label: String(index), value: people === 0 ? null : Math.round(returned / people * 1000) / 10 };
    });
    return { name, points };
  });
  return { kind: "line", series, totals: false };
}

function shareOf(count: unknown, people: unknown): string {
  if (typeof count !== "number") return "";
  return typeof people === "number" && people > 0 ? formatShare(count / people) : String(count);
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text);
