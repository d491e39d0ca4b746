/** What Mixpanel adds to JsonLogic: versions by SemVer 2.0.0, and times. What is neither fits no comparison. */

const SIGNS: Record<string, (order: number) => boolean> = {
  "===": (order) => order === 0,
  "!==": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

export function versionFits(actual: unknown, sign: unknown, wanted: unknown): boolean {
  const [a, b] = [sortKey(actual), sortKey(wanted)];
  return a !== undefined && b !== undefined && signFits(sign, a < b ? -1 : a > b ? 1 : 0);
}

/** `actual` is a text by RFC 3339, `wanted` milliseconds since 1970; whole seconds are compared. */
export function momentFits(actual: unknown, sign: unknown, wanted: unknown): boolean {
  if (typeof actual !== "string" || typeof wanted !== "number" || !Number.isFinite(wanted)) return false;
  const text = actual.trim().toUpperCase();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return false;
  try {
    // Temporal refuses days that no calendar has.
    const { epochMilliseconds } = Temporal.Instant.from(text);
    return signFits(sign, Math.floor(epochMilliseconds / 1000) - Math.trunc(wanted / 1000));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}

function signFits(sign: unknown, order: number): boolean {
  return typeof sign === "string" && Object.hasOwn(SIGNS, sign) && SIGNS[sign](order);
}

/** A text that sorts as the version does: numbers are padded, and a version ends above all of its pre-releases. */
function sortKey(version: unknown): string | undefined {
  if (typeof version !== "string" || version.length > 256) return undefined;
  const [, core, , suffix] = /^[vV]?([^-+]+)(-([^+]*))?(\+[0-9a-zA-Z.-]+)?$/.exec(version.trim()) ?? [];
  if (core === undefined) return undefined;
  const numbers = core.split(".");
  if (numbers.length > 3 || !numbers.every(isNumber)) return undefined;
  while (numbers.length < 3) numbers.push("0");
  const start = numbers.map(padded).join(".");
  if (suffix === undefined) return `${start} ~`;
  const words = suffix.split(".");
  if (!words.every((word) => /^[0-9a-zA-Z-]+$/.test(word) && (!/^\d+$/.test(word) || isNumber(word)))) return undefined;
  return `${start} ${words.map((word) => isNumber(word) ? `#${padded(word)}` : `a${word}`).join("\u0001")}`;
}

const isNumber = (word: string): boolean => /^(0|[1-9]\d*)$/.test(word);
const padded = (digits: string): string => digits.padStart(256, "0");
