/** ASCII in place of what charts, tables and marks are drawn with, for terminals whose locale is not UTF-8. */
import type { Output } from "../runtime/standard_streams.ts";

/**
 * Whether a terminal with this environment shows more than ASCII. The locale says so, as POSIX orders its variables;
 * where none is set, as in most containers, the terminal at the other end does as a rule.
 */
export function showsUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return !locale || /utf-?8/i.test(locale);
}

/** The same output, drawn in ASCII if it is a terminal. What else a text holds, such as names in any script, stays. */
export function withPlainCharacters(output: Output): Output {
  if (!output.isTerminal) return output;
  return {
    isTerminal: true,
    columns: () => output.columns(),
    rows: output.rows && (() => output.rows?.()),
    write: (content) => output.write(typeof content === "string" ? plainCharacters(content) : content),
  };
}

/** Each drawn character as one of ASCII, so that columns stay where they are. */
export function plainCharacters(text: string): string {
  return text.replace(
    /[\u2013\u2014\u2018-\u201d\u2022\u2026\u2190-\u2193\u2212\u2500-\u259f\u2713-\u2718\u2800-\u28ff\u00b7\u00d7]/g,
    plain,
  );
}

const PLAIN: Readonly<Record<string, string>> = {
  "\u00b7": ".",
  "\u00d7": "x",
  "\u2013": "-",
  "\u2014": "-",
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u2022": "*",
  "\u2026": "~",
  "\u2190": "<",
  "\u2191": "^",
  "\u2192": ">",
  "\u2193": "v",
  "\u2212": "-",
  "\u2500": "-",
  "\u2501": "=",
  "\u2502": "|",
  "\u2503": "|",
  "\u2713": "+",
  "\u2714": "+",
  "\u2717": "x",
  "\u2718": "x",
};

/** The dots of a braille character that lie in the upper half of its cell. */
const UPPER_DOTS = 0b00011011;

function plain(character: string): string {
  const known = PLAIN[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  if (code >= 0x2800) {
    const dots = code - 0x2800;
    const isHigh = (dots & UPPER_DOTS) !== 0;
    const isLow = (dots & ~UPPER_DOTS) !== 0;
    return isHigh && isLow ? ":" : isHigh ? "'" : isLow ? "." : " ";
  }
  // Blocks that fill less than half of a cell in a row of blocks: its end.
  if (code >= 0x258d && code <= 0x258f) return "-";
  if (code >= 0x2580 && code <= 0x259f) return "#";
  // Corners, tees and crossings.
  return code >= 0x2500 && code <= 0x257f ? "+" : character;
}
