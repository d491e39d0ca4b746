import type { z } from "zod";
import { funnel, type funnelStep } from "../../../api/funnels.ts";
import { nothingCounted } from "../../../cli/nothing_counted.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import type { FunnelCount, FunnelSteps } from "../../../output/funnel_table.ts";
import { presentFunnel, shareOf } from "./funnel_forms.ts";
import { askedPeriods } from "./series.ts";

type Step = z.output<typeof funnelStep>;

const DAY_MS = 86_400_000;

/** A funnel that somebody has saved, by its id. */
export const savedFunnel = operationCommand(funnel, {
  draws: true,
  args: ["funnel_id"],
  dateRange: true,
  examples: [],
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
    return presentFunnel(lists, {
      segmentTitle: propertyName(on) ?? "segment",
      periods: askedPeriods({ ...asked, bucketDays: interval }, nowMs),
    });
  },
});

/** The published shape has steps inside, segments have them as lists, and the reference has the lists alone. */
export function funnelSteps(data: z.output<typeof funnel.result>["data"]): FunnelSteps[] {
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
    ofFirst: step.overall_conv_ratio ?? shareOf(step.count, steps[0]?.count),
    ofPrevious: index === 0 ? null : step.step_conv_ratio ?? shareOf(step.count, steps[index - 1]?.count),
    seconds: step.avg_time ?? null,
    secondsFromFirst: step.avg_time_from_start ?? null,
  }));
}

/** The property of a simple `properties["country"]`. */
const propertyName = (on: string | undefined): string | undefined => /^properties\["([^"]+)"\]$/.exec(on ?? "")?.[1];
