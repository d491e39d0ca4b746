/** Whether to write in colour, and the few styles that are used. */

/** What the decision depends on. */
export interface ColourOptions {
  /** Whether the output is a terminal. */
  isTerminal: boolean;
  environment: Record<string, string | undefined>;
  /** True when `--no-color` was given. */
  refused?: boolean;
}

/**
 * Whether escape sequences may be written. The flag is asked first, then NO_COLOR (not empty),
 * FORCE_COLOR and CLICOLOR_FORCE (`0` and `false` mean no), then whether there is a terminal that can.
 */
export function wantsColour(options: ColourOptions): boolean {
  const { NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM } = options.environment;
  if (options.refused || NO_COLOR) return false;
  if (FORCE_COLOR) return isYes(FORCE_COLOR);
  // CLICOLOR_FORCE=0 only says that nothing is forced.
  if (CLICOLOR_FORCE && isYes(CLICOLOR_FORCE)) return true;
  return options.isTerminal && TERM !== "dumb" && CLICOLOR !== "0";
}

/** Functions that dress a text, or return it as it is when there is no colour. The text is cleaned before. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
  cyan(text: string): string;
  /** The colour of the n-th series of a chart; eight are different. */
  series(index: number, text: string): string;
}

/** The styles of one output. */
export function createStyle(colour: boolean): Style {
  const dress = (code: string) => (text: string) => colour && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
  const palette = SERIES_CODES.map(dress);
  return {
    bold: dress("1"),
    dim: dress("2"),
    red: dress("31"),
    green: dress("32"),
    yellow: dress("33"),
    blue: dress("34"),
    magenta: dress("35"),
    cyan: dress("36"),
    series: (index, text) => palette[index % palette.length](text),
  };
}

// From the 16 colours that every terminal's theme defines, so that they suit dark and light ones.
const SERIES_CODES = ["36", "33", "35", "32", "34", "31", "96", "93"];

const isYes = (value: string): boolean => value !== "0" && value.toLowerCase() !== "false";
