import type { z } from "zod";
import { funnel, type funnelStep } from "../../api/funnels.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { operationCommand, type Presentation } from "../../cli/operation_command.ts";
import { conversion, type FunnelCount, type FunnelSteps, sortedSegments } from "../../output/funnel_table.ts";
import { openPeriodNote, periodPoints, type Periods } from "../../output/periods.ts";
import { shareBar } from "../../output/share_bar.ts";
import { askedPeriods } from "./shared/series.ts";

type Step = z.output<typeof funnelStep>;

const BAR_CELLS = 20;
const DAY_MS = 86_400_000;

export default operationCommand(funnel, {
  draws: true,
  description:
    `Takes the people who began in these days through a saved funnel. --unit day, week or month (or --bucket-days N, in
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
  remark({ data }, { where }, context) {
    const firsts = funnelSteps(data).flatMap(({ steps }) => steps.slice(0, 1));
    if (firsts.some(({ count }) => count > 0)) return undefined;
    return nothingCounted(context, [...new Set(firsts.map(({ name }) => name))].filter(Boolean), { where });
  },
  present: ({ data }, { on, interval, ...asked }, { nowMs }) => {
    const lists = funnelSteps(data);
    const hasSegments = lists.some(({ segment }) => segment !== undefined);
    const isSingle = new Set(lists.map(({ date }) => date)).size < 2;
    const segmentTitle = propertyName(on) ?? "segment";
    const rows = isSingle ? sortedSegments(lists) : lists;
    return {
      rows: rows.flatMap(rowsOf),
      columns: [
        ...(isSingle ? [] : ["date"]),
        ...(hasSegments ? ["segment"] : []),
        "step",
        "event",
        "count",
        { key: "conversion", as: "share" },
        { key: "from_previous", title: "from previous", as: "share" },
        { key: "avg_time", title: "time since previous", as: "seconds" },
        { key: "conversion", title: "", format: bar, isPicture: true },
      ],
      chart: !isSingle
        ? lineChart(lists, askedPeriods({ ...asked, bucketDays: interval }, nowMs))
        : hasSegments
        ? { kind: "funnel_matrix", lists, segmentTitle }
        : barChart(lists[0]?.steps ?? []),
    };
  },
});

/** The published shape has steps inside, segments have them as lists, and the reference has the lists alone. */
function funnelSteps(data: z.output<typeof funnel.result>["data"]): FunnelSteps[] {
  return Object.entries(data).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([date, period]): FunnelSteps[] => {
    if (Array.isArray(period)) return [{ date, steps: plainSteps(period) }];
    if ("steps" in period && Array.isArray(period.steps)) return [{ date, steps: plainSteps(period.steps as Step[]) }];
    return Object.entries(period as Record<string, Step[]>)
      .map(([segment, steps]) => ({ date, segment, steps: plainSteps(steps) }));
  });
}

function plainSteps(steps: readonly Step[]): FunnelCount[] {
  return steps.map((step, index) => ({
    name: step.step_label ?? step.event ?? step.goal ?? step.name ?? "",
    count: step.count,
    ofFirst: step.overall_conv_ratio ?? share(step.count, steps[0]?.count),
    ofPrevious: index === 0 ? null : step.step_conv_ratio ?? share(step.count, steps[index - 1]?.count),
    seconds: step.avg_time ?? null,
    secondsFromFirst: step.avg_time_from_start ?? null,
  }));
}

function rowsOf({ date, segment, steps }: FunnelSteps) {
  return steps.map((step, index) => ({
    date,
    ...(segment === undefined ? {} : { segment }),
    step: index + 1,
    event: step.name,
    count: step.count,
    conversion: step.ofFirst,
    from_previous: step.ofPrevious,
    avg_time: step.seconds,
    avg_time_from_start: step.secondsFromFirst,
  }));
}

function share(count: number, of: number | undefined): number | null {
  return of === undefined || of === 0 ? null : count / of;
}

function barChart(steps: readonly FunnelCount[]): Presentation["chart"] {
  const rows = steps.map(({ name, count, ofFirst }, index) => ({
    label: `${index + 1}. ${name}`,
    value: count,
    share: ofFirst ?? 0,
  }));
  return { kind: "bar", rows };
}

/** How many of a hundred get to the end, over time; a line for each segment, everybody first. */
function lineChart(lists: FunnelSteps[], periods: Periods): Presentation["chart"] {
  const labels = [...new Set(lists.map(({ date }) => date))];
  const series = [...Map.groupBy(lists, ({ segment }) => segment ?? "conversion %")].map(([name, own]) => {
    const byDate = new Map(own.map((list) => [list.date, conversion(list)]));
    const percentOf = (label: string) => {
      const reached = byDate.get(label) ?? null;
      return reached === null ? null : Math.round(reached * 1000) / 10;
    };
    return { name, points: periodPoints(labels, percentOf, periods) };
  });
  return { kind: "line", series, totals: false, openNote: openPeriodNote(labels, periods) };
}

/** The property of a simple `properties["country"]`. */
const propertyName = (on: string | undefined): string | undefined => /^properties\["([^"]+)"\]$/.exec(on ?? "")?.[1];
const bar = (reached: unknown): string => typeof reached === "number" ? shareBar(reached, BAR_CELLS) : "";
