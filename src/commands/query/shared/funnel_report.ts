/** A funnel whose steps are named, as a report: what its flags mean. */
import { z } from "zod";
import { inputError } from "../../../errors.ts";
import type { FunnelChanges } from "../../../reports/changes.ts";
import type { Breakdown, Conditions, FunnelReport, ReportStep } from "../../../reports/report.ts";
import { commonOf } from "./ask_flags.ts";
import { propertyOf, reportStepOf, windowOf } from "./ask_values.ts";
import { joinedConditions, plainEvent, typedEvent } from "./typed_event.ts";

const USUAL_WINDOW = { length: 14, unit: "day" } as const;
export const REENTRY = ["default", "basic", "aggressive", "optimized"] as const;

export const WITHIN = {
  within: z.string().optional().meta({
    placeholder: "SPAN",
    description: "How long people have from the first step on: 7d, 2h, 1session; default 14d",
  }),
};

/** What the flags of a question about a funnel say. */
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
  const { each, breakdowns, ...common } = commonOf(flags, typedDays);
  const split = splitsOf(flags, breakdowns);
  return {
    kind: "funnel",
    ...common,
    ...(split.length > 0 && { breakdowns: split }),
    steps: steps.map((step) => stepOf(step, each)),
    ...{ order: "loose", window: USUAL_WINDOW, math: "conversion_rate_unique" },
    ...countedOtherwise(flags, steps.length),
    unit: flags.unit ?? "day",
    chart: flags.unit === undefined ? "funnel-steps" : "line",
  };
}

/**
 * What the flags say of how so many steps are counted.
 *
 * @throws MpError (input)
 */
export function countedOtherwise(flags: FunnelFlags, steps: number): FunnelChanges {
  if (flags.interval !== undefined) {
    throw inputError(
      "Cannot use --bucket-days with a funnel that is asked as the web page asks",
      "use --unit day, week or month",
      "bad_flags",
    );
  }
  const window = windowOfFlags(flags);
  return {
    ...(flags.any_order !== undefined && { order: flags.any_order ? "any" : "loose" }),
    ...(window !== undefined && { window }),
    ...(flags.math !== undefined && { math: `conversion_rate_${flags.math}` }),
    ...(flags.reentry !== undefined && { reentry: flags.reentry }),
    ...(flags.hold !== undefined && { holdingConstant: flags.hold.map((one) => propertyOf(one)) }),
    ...(flags.exclude !== undefined && { exclusions: flags.exclude.map((one) => exclusionOf(one, steps)) }),
  };
}

/** What a funnel is split by, from `--on` and the breakdowns of `--by`. */
export const splitsOf = ({ on }: FunnelFlags, breakdowns: readonly Breakdown[] = []): Breakdown[] => [
  ...(on === undefined ? [] : [splitOf(on)]),
  ...breakdowns,
];

function stepOf(typed: string, each: Conditions | undefined): ReportStep {
  const { name, filter: own } = typedEvent("<step>", typed);
  const filter = joinedConditions("--where", own, each);
  return reportStepOf({ name, ...(filter !== undefined && { filter }) });
}

/** Of an expression to split by, a property alone has a place in a report. */
function splitOf(on: string): Breakdown {
  const property = propertyOf(on);
  if (property.name === on) {
    throw inputError(
      `Cannot use --on ${
        JSON.stringify(on)
      } in a funnel as the web page asks: a report splits by a property, and not by an expression`,
      "use --by PROPERTY",
      "bad_expression",
    );
  }
  return { kind: "property", property };
}

function windowOfFlags({ within, length, length_unit = "day" }: FunnelFlags): FunnelReport["window"] | undefined {
  if (within === undefined) return length === undefined ? undefined : { length, unit: length_unit };
  if (length === undefined) return windowOf(within);
  throw inputError(
    "Cannot use --within together with --length: they say the same",
    "leave one of them out",
    "bad_flags",
  );
}

/** `Refund`, anywhere between the first step and the last; `Refund:1-2`. */
function exclusionOf(typed: string, steps: number): { event: string; from: number; to: number } {
  const [, event = typed, from, to] = /^(.+):(\d+)-(\d+)$/s.exec(plainEvent("--exclude", typed)) ?? [];
  return from === undefined ? { event, from: 1, to: steps } : { event, from: Number(from), to: Number(to) };
}
