/** Events held against a tracking plan, which Mixpanel's own servers do not do as they come in. */
import type { SentEvent } from "./record.ts";

/** A plan as the emulator needs it: it does not know where it is from. */
export interface TrackingPlan {
  /** What is wrong with an event, each in words; nothing for one that is as planned. */
  problemsOf(event: string, properties: Readonly<Record<string, unknown>>): string[];
  /** Whether such events are refused; else they are stored with {@linkcode OUTSIDE_PLAN}. */
  refuses: boolean;
}

/** The property that tells what is wrong with an event that is stored nevertheless: a list of texts. */
const OUTSIDE_PLAN = "$mp_outside_plan";

/** Why an event is refused; undefined for one that is as planned, and where they are not refused. */
export function planRefusal(event: SentEvent, plan: TrackingPlan | undefined): string | undefined {
  if (plan?.refuses !== true) return undefined;
  const problems = problemsOf(event, plan);
  return problems.length === 0 ? undefined : `outside the plan: ${problems.join("; ")}`;
}

/** The property of an event that is stored though it is outside the plan. */
export function planMark(event: SentEvent, plan: TrackingPlan | undefined): Record<string, string[]> {
  if (plan === undefined || plan.refuses) return {};
  const problems = problemsOf(event, plan);
  return problems.length === 0 ? {} : { [OUTSIDE_PLAN]: problems };
}

const problemsOf = ({ event, properties = {} }: SentEvent, plan: TrackingPlan): string[] =>
  plan.problemsOf(String(event), properties);
