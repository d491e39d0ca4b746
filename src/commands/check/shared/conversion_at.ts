/** The one number of a funnel, and what is said where an answer has none. */
import { MpError } from "../../../errors.ts";
import { type FunnelSteps, OVERALL } from "../../../output/funnel_table.ts";

/**
 * How many of a hundred who began got to a step, counted from 1.
 *
 * @throws MpError when nobody began
 */
export function conversionAt(lists: readonly FunnelSteps[], step?: number): number {
  const all = lists.filter(({ segment }) => segment === undefined || segment === OVERALL);
  if (all.length !== 1) throw noNumber(`it has ${all.length} funnels`);
  const { steps } = all[0]!;
  if (step !== undefined && step > steps.length) throw noNumber(`the funnel has ${steps.length} steps`, "lower --step");
  if (steps[0] === undefined || steps[0].count === 0) throw noNumber("nobody began the funnel in these days");
  const share = steps[(step ?? steps.length) - 1]?.ofFirst;
  if (share === null || share === undefined) throw noNumber("the funnel has no conversion");
  return Math.round(share * 1e6) / 1e4;
}

export function noNumber(state: string, hint?: string): MpError {
  return new MpError(`Cannot find a number in the answer: ${state}`, { category: "failure", code: "no_number", hint });
}
