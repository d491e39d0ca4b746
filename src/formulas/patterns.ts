/** Regular expressions in formulas: PCRE2, and case-insensitive unless the pattern begins with `(?-i)`. */

/** Documented by Mixpanel's own client as not working: braces are read as formula syntax, and the classes match nothing. */
const NOT_WORKING: readonly [pattern: RegExp, message: string][] = [
  [/(?<!\\)\{\d*,?\d*\}/, "Mixpanel does not understand {n} here: write the part as often as it comes"],
  [/\\d/, "Mixpanel does not understand \\d here: write [0-9]"],
  [/\\w/, "Mixpanel does not understand \\w here: write [A-Za-z0-9_]"],
];

const compiled = new Map<string, RegExp | undefined>();
const MOST_KEPT = 1000;

/** The pattern as a RegExp with the flag `g`; undefined for one that cannot be read. */
export function formulaPattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const found = readPattern(pattern);
  compiled.set(pattern, found);
  return found;
}

/** What is wrong with a pattern; undefined when nothing is. */
export function patternProblem(pattern: string): string | undefined {
  const known = NOT_WORKING.find(([wrong]) => wrong.test(pattern));
  if (known !== undefined) return known[1];
  return formulaPattern(pattern) === undefined ? "This is not a regular expression" : undefined;
}

function readPattern(pattern: string): RegExp | undefined {
  const [, start = "", rest = ""] = /^(\(\?-?i\))?([^]*)$/.exec(pattern)!;
  try {
    return new RegExp(rest, start === "(?-i)" ? "g" : "gi");
  } catch {
    // expected: SyntaxError, for a pattern that is none
    return undefined;
  }
}
