/** Moments at which programs that look at the clock tend to be wrong. */

/** A moment to test at. */
export interface Moment {
  name: string;
  /** By the clock on the wall, in whichever time zone the tests run. */
  local: string;
}

/**
 * Those shortly before a change are met by a run that goes on past it: before midnight some tests see both days.
 * Clocks change in America/St_Johns; in zones where they do not, that night is one like any other.
 */
export const MOMENTS: readonly Moment[] = [
  { name: "saturday-end", local: "2026-12-05T23:59:45" },
  { name: "monday-start", local: "2026-12-07T00:00:00" },
  { name: "new-years-eve", local: "2026-12-31T23:59:45" },
  { name: "new-year", local: "2027-01-01T00:00:00" },
  { name: "sunday-of-week-53", local: "2027-01-03T23:20:00" },
  { name: "march-start", local: "2027-03-01T00:00:05" },
  // Mixpanel retires project secrets on 2027-03-03.
  { name: "secrets-retired", local: "2027-03-04T09:30:00" },
  { name: "clocks-go-forward", local: "2027-03-14T01:59:45" },
  { name: "april-end", local: "2027-04-30T23:59:45" },
  { name: "clocks-go-back", local: "2027-11-07T01:59:45" },
  { name: "leap-day", local: "2028-02-29T00:00:10" },
  // The last second that fits into 32 bits is 03:14:07 UTC.
  { name: "seconds-beyond-32-bits", local: "2038-01-19T03:13:50" },
];

/** UTC, a zone that is half an hour off and changes its clocks, and the zone where each day begins first. */
export const ZONES: readonly string[] = ["UTC", "America/St_Johns", "Pacific/Kiritimati"];

/** When a moment is in a time zone, in milliseconds since 1970. Where the clock shows it twice, the first. */
export function timeOf(moment: Moment, zone: string): number {
  return Temporal.PlainDateTime.from(moment.local).toZonedDateTime(zone, { disambiguation: "earlier" })
    .epochMilliseconds;
}

/** The moment of that name, or any other that is written `2027-01-31T23:59:00`; undefined when it is neither. */
export function momentOf(text: string): Moment | undefined {
  const known = MOMENTS.find(({ name }) => name === text);
  if (known !== undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return known;
  try {
    Temporal.PlainDateTime.from(text, { overflow: "reject" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { name: text, local: text };
}
