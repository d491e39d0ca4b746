import type { z } from "zod";
import { funnel, type funnelStep } from "../../api/funnels.ts";
import { operationCommand, type Presentation } from "../../cli/operation_command.ts";
import { formatDuration, formatShare } from "../../output/format.ts";

type Step = z.output<typeof funnelStep>;
type Periods = z.output<typeof funnel.result>["data"];

/** The steps of one period, or of one segment of it. */
interface StepList {
  date: string;
  segment?: string;
  steps: Step[];
}

const BAR_CELLS = 20;
const DAY_MS = 86_400_000;

export default operationCommand(funnel, {
  draws: true,
  description:
    `Takes the people who began in these days through a saved funnel. --unit day, week or month (or --interval N, in
days) looks at each such period by itself. --length and --length-unit say how long people have for it.`,
  args: ["funnel_id"],
  dateRange: true,
  examples: [
    { text: "The last thirty days as one funnel", run: "mp query funnel 7001 --last 30d" },
    { text: "Whether it gets better, week by week", run: "mp query funnel 7001 --last 8w --unit week -f chart" },
    {
      text: "By operating system, done within an hour",
      run: "mp query funnel 7001 --last 7d --on '$os' --length 1 --length-unit hour -f table",
    },
  ],
  // Mixpanel's own default is a funnel for each day; all days as one is what people ask for.
  prepare: ({ from_date, to_date, unit, interval }) => {
    if (unit !== undefined || interval !== undefined || !from_date || !to_date) return Promise.resolve({});
    return Promise.resolve({ interval: Math.round((Date.parse(to_date) - Date.parse(from_date)) / DAY_MS) + 1 });
  },
  present: ({ data }) => {
    const lists = stepLists(data);
    const hasSegments = lists.some(({ segment }) => segment !== undefined);
    const isSingle = new Set(lists.map(({ date }) => date)).size < 2;
    const keys = [...(isSingle ? [] : ["date"]), ...(hasSegments ? ["segment"] : []), "step", "event", "count"];
    return {
      rows: lists.flatMap(rowsOf),
      columns: [
        ...keys,
        { key: "conversion", format: (share) => bar(share as number | null) },
        { key: "from_previous", title: "from previous", align: "right", format: (share) => percent(share) },
        { key: "avg_time", title: "time since previous", align: "right", format: (seconds) => duration(seconds) },
      ],
      chart: isSingle && !hasSegments ? barChart(lists[0]?.steps ?? []) : lineChart(lists),
    };
  },
});

/** The published shape has steps inside, segments have them as lists, and the reference has the lists alone. */
function stepLists(data: Periods): StepList[] {
  return Object.entries(data).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([date, period]): StepList[] => {
    if (Array.isArray(period)) return [{ date, steps: period }];
    if ("steps" in period && Array.isArray(period.steps)) return [{ date, steps: period.steps as Step[] }];
    return Object.entries(period as Record<string, Step[]>).map(([segment, steps]) => ({ date, segment, steps }));
  });
}

function rowsOf({ date, segment, steps }: StepList) {
  return steps.map((step, index) => ({
    date,
    ...(segment === undefined ? {} : { segment }),
    step: index + 1,
    event: nameOf(step),
    count: step.count,
    conversion: step.overall_conv_ratio ?? share(step.count, steps[0]?.count),
    from_previous: index === 0 ? null : step.step_conv_ratio ?? share(step.count, steps[index - 1]?.count),
    avg_time: step.avg_time ?? null,
    avg_time_from_start: step.avg_time_from_start ?? null,
  }));
}

function nameOf({ step_label, event, goal, name }: Step): string {
  return step_label ?? event ?? goal ?? name ?? "";
}

function share(count: number, of: number | undefined): number | null {
  return of === undefined || of === 0 ? null : count / of;
}

function barChart(steps: readonly Step[]): Presentation["chart"] {
  const rows = steps.map((step, index) => ({
    label: `${index + 1}. ${nameOf(step)}`,
    value: step.count,
    share: share(step.count, steps[0]?.count) ?? 0,
  }));
  return { kind: "bar", rows };
}

/** How many of a hundred get to the end, over time; a line for each segment. */
function lineChart(lists: StepList[]): Presentation["chart"] {
  const bySegment = Map.groupBy(lists, ({ segment }) => segment ?? "conversion %");
  const series = [...bySegment].map(([name, own]) => ({
    name,
    points: own.map(({ date, steps }) => {
      const reached = share(steps.at(-1)?.count ?? 0, steps[0]?.count);
      return { label: date, value: reached === null ? null : Math.round(reached * 1000) / 10 };
    }),
  }));
  return { kind: "line", series, totals: false };
}

function bar(reached: number | null): string {
  if (reached === null) return "";
  const full = "█".repeat(Math.round(Math.min(1, reached) * BAR_CELLS));
  return `${full.padEnd(BAR_CELLS, "░")} ${formatShare(reached)}`;
}

const percent = (value: unknown): string => typeof value === "number" ? formatShare(value) : "";
const duration = (seconds: unknown): string => typeof seconds === "number" ? formatDuration(seconds * 1000) : "";
