/**
 * The two operators that Mixpanel adds to JsonLogic, as its SDKs have them: each of `[actual, "<", target]`, and false
 * for anything that is no version or time.
 */

/** Versions by SemVer 2.0.0; a leading `v` is removed, and missing numbers are 0. */
export function compareVersions(actual: unknown, sign: unknown, target: unknown): boolean {
  const [left, right] = [versionOf(actual), versionOf(target)];
  return left !== undefined && right !== undefined && fits(orderOf(left, right), sign);
}

/** A time by RFC 3339 against milliseconds since 1970, both to the second. */
export function compareMoments(actual: unknown, sign: unknown, target: unknown): boolean {
  const seconds = secondsOf(actual);
  if (seconds === undefined || typeof target !== "number" || !Number.isFinite(target)) return false;
  return fits(seconds - Math.trunc(target / 1000), sign);
}

function fits(order: number, sign: unknown): boolean {
  switch (sign) {
    case "===":
      return order === 0;
    case "!==":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
  return false;
}

interface Version {
  numbers: bigint[];
  /** What stands between dots after the hyphen; numbers as numbers. */
  prerelease: (bigint | string)[];
}

const NUMBER = "(0|[1-9]\\d*)";
const VERSION = new RegExp(
  `^v?${NUMBER}(?:\\.${NUMBER})?(?:\\.${NUMBER})?(?:-([0-9a-z.-]+))?(?:\\+[0-9a-z.-]+)?$`,
  "i",
);
const LONGEST_VERSION = 256;

function versionOf(value: unknown): Version | undefined {
  if (typeof value !== "string" || value.length > LONGEST_VERSION) return undefined;
  const match = VERSION.exec(value.trim());
  if (match === null) return undefined;
  const words = match[4]?.split(".") ?? [];
  if (words.some((word) => word === "" || /^0\d+$/.test(word))) return undefined;
  return {
    numbers: match.slice(1, 4).map((digits) => BigInt(digits ?? "0")),
    prerelease: words.map((word) => /^\d+$/.test(word) ? BigInt(word) : word),
  };
}

function orderOf(left: Version, right: Version): number {
  for (const [index, number] of left.numbers.entries()) {
    const other = right.numbers[index]!;
    if (number !== other) return number < other ? -1 : 1;
  }
  // A version comes after its pre-releases.
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return Math.sign(right.prerelease.length - left.prerelease.length);
  }
  for (const [index, word] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    // Numbers come before words.
    if (typeof word !== typeof other) return typeof word === "bigint" ? -1 : 1;
    if (word !== other) return word < other ? -1 : 1;
  }
  return left.prerelease.length - right.prerelease.length;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function secondsOf(value: unknown): number | undefined {
  // Rules and properties have been put into lower case.
  const text = typeof value === "string" ? value.trim().toUpperCase() : "";
  const day = MOMENT.exec(text)?.[1];
  const timeMs = Date.parse(text);
  if (day === undefined || Number.isNaN(timeMs)) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return isReal ? Math.floor(timeMs / 1000) : undefined;
}
