/** Texts of times that are counted in units of ten to the minus `digits` seconds. */

type Digits = 3 | 6 | 9;

/**
 * ISO text of a time since 1970. Milliseconds are always there, finer digits in threes when they are not zeros. Undefined for
 * a time that dates do not reach.
 */
export function isoTime(count: bigint, digits: Digits): string | undefined {
  const perMillisecond = 10n ** BigInt(digits - 3);
  const rest = ((count % perMillisecond) + perMillisecond) % perMillisecond;
  const date = new Date(Number((count - rest) / perMillisecond));
  if (Number.isNaN(date.getTime())) return undefined;
  const finer = digits === 3 ? "" : String(rest).padStart(digits - 3, "0").replace(/(?:000)+$/, "");
  return date.toISOString().replace(/Z$/, `${finer}Z`);
}

/** A time of day, such as `13:45:00` or `13:45:00.123`, with as many threes of digits as it needs. */
export function timeOfDay(count: bigint, digits: Digits): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(count / perSecond);
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const fraction = String(count % perSecond).padStart(digits, "0").replace(/(?:000)+$/, "");
  const text = `${two(seconds / 3600)}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
  return fraction === "" ? text : `${text}.${fraction}`;
}
