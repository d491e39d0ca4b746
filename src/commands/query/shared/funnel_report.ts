/** A funnel whose steps are named, as a report: what its flags mean. */
import { z } from "zod";
import { inputError } from "../../../errors.ts";
import type { Breakdown, Conditions, FunnelReport, ReportStep } from "../../../reports/report.ts";
import { commonOf } from "./ask_flags.ts";
import { propertyOf, reportStepOf, windowOf } from "./ask_values.ts";

const USUAL_WINDOW = { length: 14, unit: "day" } as const;
export const REENTRY = ["default", "basic", "aggressive", "optimized"] as const;

export const WITHIN = {
  within: z.string().optional().meta({
    placeholder: "SPAN",
    description: "How long people have from the first step on: 7d, 2h, 1session; default 14d",
  }),
};

/** What the flags of a question about steps say. */
export interface FunnelFlags {
  from_date?: string;
  to_date?: string;
  length?: number;
  length_unit?: "day" | "hour" | "minute" | "second";
  interval?: number;
  unit?: "day" | "week" | "month";
  on?: string;
  where?: string;
  within?: string;
  math?: "unique" | "total" | "session";
  any_order?: boolean;
  reentry?: typeof REENTRY[number];
  hold?: string[];
  exclude?: string[];
  by?: string[];
}

/**
 * The report that the steps and flags ask for.
 *
 * @param typedDays the range in words
 * @throws MpError (input)
 */
export function funnelReportOf(
  steps: readonly string[],
  flags: FunnelFlags,
  typedDays: string | undefined,
): FunnelReport {
  if (flags.interval !== undefined) {
    throw inputError(
      "Cannot use --bucket-days with steps that are named",
      "use --unit day, week or month",
      "bad_flags",
    );
  }
  const { each, ...common } = commonOf(flags, typedDays);
  const split = [...flags.on === undefined ? [] : [splitOf(flags.on)], ...common.breakdowns ?? []];
  return {
    kind: "funnel",
    ...common,
    ...(split.length > 0 && { breakdowns: split }),
    steps: steps.map((step): ReportStep => withFilter(reportStepOf(step), each)),
    order: flags.any_order ? "any" : "loose",
    window: windowOfFlags(flags),
    math: `conversion_rate_${flags.math ?? "unique"}`,
    unit: flags.unit ?? "day",
    chart: flags.unit === undefined ? "funnel-steps" : "line",
    ...(flags.reentry !== undefined && { reentry: flags.reentry }),
    ...(flags.hold !== undefined && { holdingConstant: flags.hold.map((one) => propertyOf(one)) }),
    ...(flags.exclude !== undefined && { exclusions: flags.exclude.map((one) => exclusionOf(one, steps.length)) }),
  };
}

const withFilter = (step: ReportStep, filter: Conditions | undefined): ReportStep =>
  filter === undefined ? step : { ...step, filter };

/** Of an expression to split by, a property alone has a place in a report. */
function splitOf(on: string): Breakdown {
  const property = propertyOf(on);
  if (property.name === on) {
    throw inputError(
      `Cannot use --on ${
        JSON.stringify(on)
      } with steps that are named: a report splits by a property, and not by an expression`,
      "use --by PROPERTY",
      "bad_expression",
    );
  }
  return { kind: "property", property };
}

function windowOfFlags({ within, length, length_unit = "day" }: FunnelFlags): FunnelReport["window"] {
  if (within === undefined) return length === undefined ? USUAL_WINDOW : { length, unit: length_unit };
  if (length === undefined) return windowOf(within);
  throw inputError(
    "Cannot use --within together with --length: they say the same",
    "leave one of them out",
    "bad_flags",
  );
}

/** `Refund`, anywhere between the first step and the last; `Refund:1-2`. */
function exclusionOf(typed: string, steps: number): { event: string; from: number; to: number } {
  const [, event = typed, from, to] = /^(.+):(\d+)-(\d+)$/s.exec(typed) ?? [];
  return from === undefined ? { event, from: 1, to: steps } : { event, from: Number(from), to: Number(to) };
}
