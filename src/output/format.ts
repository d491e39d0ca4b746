/** Numbers, sizes and times as people read them. Done by hand, because `Intl` costs milliseconds at start-up. */

/**
 * A number with thousands separated: `1,234`, `-0.25`. Integers are exact at any size; fractions are
 * rounded to `fractionDigits` (6) and lose trailing zeros; smaller ones keep six significant digits.
 */
export function formatNumber(value: number | bigint, fractionDigits = 6): string {
  if (typeof value === "bigint") return group(value.toString());
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e21) return String(value);
  if (size !== 0 && size < 10 ** -fractionDigits) return String(Number(value.toPrecision(6)));
  if (Number.isInteger(value)) return group(String(value));
  const [whole, fraction = ""] = value.toFixed(fractionDigits).split(".");
  const kept = fraction.replace(/0+$/, "");
  return group(whole) + (kept === "" ? "" : `.${kept}`);
}

/** At most about six characters, for an axis: `950`, `12,000`, `1.25M`, `3B`. */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  if (size < 100_000) return formatNumber(Number(value.toPrecision(6)));
  if (size >= 1e15) return Number(value.toPrecision(3)).toExponential().replace("+", "");
  const [divisor, suffix] = COMPACT.find(([limit]) => size >= limit)!;
  return `${formatNumber(value / divisor, 2)}${suffix}`;
}
const COMPACT: [number, string][] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "K"]];

/** A size in decimal units: `999 B`, `12.3 MB`, `456 GB`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${Math.round(bytes)} B`;
  let value = bytes;
  let unit = -1;
  // 999.95 would be printed as 1000.0, so it belongs to the next unit.
  while (Math.abs(value) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Math.abs(value) < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${BYTE_UNITS[unit]}`;
}
const BYTE_UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** A span of time in its two largest units: `85 ms`, `4.2 s`, `42 s`, `1 m 05 s`, `2 h 03 m`, `3 d 04 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.max(0, Math.round(durationMs))} ms`;
  if (durationMs < 9_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`;
  const hours = Math.round(minutes / 60);
  return `${formatNumber(Math.floor(hours / 24))} d ${twoDigits(hours % 24)} h`;
}

/** A moment to the minute: `2026-11-23 12:00 UTC`. */
export function formatTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A part of a whole, from 0 to 1, as a percentage: `45.2%`, `100.0%`; `<0.1%` for what is not quite nothing. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return "<0.1%";
  return `${(share * 100).toFixed(1)}%`;
}

/** A count and its noun: `1 record`, `1,234 records`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

function group(digits: string): string {
  return digits.length <= 3 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");
