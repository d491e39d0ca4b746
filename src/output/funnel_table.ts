/** How far people got, as a plain result: the steps of a funnel, by segment and period where it was split by them. */

export interface FunnelCount {
  name: string;
  count: number;
  /** Of the first step, and of the step before, from 0 to 1; null where there is nothing to divide by. */
  ofFirst: number | null;
  ofPrevious: number | null;
  /** Average seconds since the step before, and since the first. */
  seconds: number | null;
  secondsFromFirst: number | null;
}

/** The steps of one period, or of one segment of it. */
export interface FunnelSteps {
  date: string;
  segment?: string;
  steps: readonly FunnelCount[];
}

/** Everybody, whatever the segment. */
export const OVERALL = "$overall";

export const conversion = ({ steps }: FunnelSteps): number | null => steps.at(-1)?.ofFirst ?? null;

/** Everybody first, then the segments by how many people began. */
export function sortedSegments(lists: readonly FunnelSteps[]): FunnelSteps[] {
  const size = ({ segment, steps }: FunnelSteps) => segment === OVERALL ? Infinity : steps[0]?.count ?? 0;
  return [...lists].sort((one, other) => size(other) - size(one) || 0);
}
