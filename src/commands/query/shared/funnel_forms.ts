/** How far people got, in the forms in which it is printed: of a saved funnel, and of one whose steps were named. */
import type { Presentation } from "../../../cli/operation_command.ts";
import { conversion, type FunnelCount, type FunnelSteps, sortedSegments } from "../../../output/funnel_table.ts";
import { openPeriodNote, periodPoints, type Periods } from "../../../output/periods.ts";
import { shareBar } from "../../../output/share_bar.ts";

const BAR_CELLS = 20;

/** A row for each period, segment and step. One period is drawn as bars or as a matrix, several as lines. */
export function presentFunnel(
  answered: FunnelSteps[],
  { segmentTitle, periods }: { segmentTitle: string; periods: Periods },
): Presentation {
  const lists = answered.map(withoutSharesOfNobody);
  const hasSegments = lists.some(({ segment }) => segment !== undefined);
  const isSingle = new Set(lists.map(({ date }) => date)).size < 2;
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
      ? lineChart(lists, periods)
      : hasSegments
      ? { kind: "funnel_matrix", lists, segmentTitle }
      : barChart(lists[0]?.steps ?? []),
  };
}

/** Where nobody began, there is no share, whatever a server says. */
function withoutSharesOfNobody(list: FunnelSteps): FunnelSteps {
  if (list.steps[0]?.count !== 0) return list;
  return { ...list, steps: list.steps.map((step) => ({ ...step, ofFirst: null, ofPrevious: null })) };
}

/** A part of the people of a step; null where there is nothing to divide by. */
export function shareOf(count: number, of: number | undefined): number | null {
  return of === undefined || of === 0 ? null : count / of;
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

const bar = (reached: unknown): string => typeof reached === "number" ? shareBar(reached, BAR_CELLS) : "";
