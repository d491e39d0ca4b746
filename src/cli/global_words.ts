/**
 * Global flags as words, before any parser is there: the router must find the command among them, and an error may be
 * about the very arguments that say how it is to be printed. This file loads nothing; a test holds it to `globals.ts`.
 */

/** The letters of the global flags that stand alone. */
export const GLOBAL_SWITCH_LETTERS = "qvy";

/** The letters of the global flags that take a value, and their names. */
export const GLOBAL_VALUE_LETTERS: Readonly<Record<string, string>> = {
  a: "--account",
  p: "--project",
  w: "--workspace",
  f: "--format",
  o: "--output",
};

/** The names of all global flags that take a value. */
export const GLOBAL_VALUE_NAMES: ReadonlySet<string> = new Set([
  ...Object.values(GLOBAL_VALUE_LETTERS),
  "--region",
  "--jq",
  "--timeout",
]);

/** What a word with global flags says: `-qf json`, `-fjson`, `--format=json`. */
export interface GlobalWord {
  /** Letters that stand alone. */
  switches: string;
  /** The flag that takes a value. */
  name?: string;
  /** Its value; undefined when the next word is it. */
  value?: string;
}

/** Reads one word; a flag that is not global takes nothing, as far as can be known here. */
export function readGlobalWord(word: string): GlobalWord {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!GLOBAL_VALUE_NAMES.has(name)) return { switches: "" };
    return { switches: "", name, value: equals < 0 ? undefined : word.slice(equals + 1) };
  }
  const [, switches = "", letter = "", rest = ""] = /^-([qvy]*)([apwfo]?)(.*)$/s.exec(word) ?? [];
  if (letter === "") return { switches: rest === "" ? switches : "" };
  return { switches, name: GLOBAL_VALUE_LETTERS[letter], value: rest === "" ? undefined : rest };
}

/** Whether the word after this one belongs to it. */
export function takesNextWord(word: string): boolean {
  const { name, value } = readGlobalWord(word);
  return name !== undefined && value === undefined;
}

/** How the arguments ask for what is said beside the result. */
export interface AskedFor {
  format?: string;
  verbose: boolean;
  /** What follows `--progress`, which long commands take. */
  progress?: string;
}

/** The last of several counts. */
export function askedFor(argv: readonly string[]): AskedFor {
  let format: string | undefined;
  let progress: string | undefined;
  let verbose = false;
  for (let index = 0; index < argv.length && argv[index] !== "--"; index++) {
    const word = argv[index]!;
    const { switches, name, value } = readGlobalWord(word);
    verbose ||= switches.includes("v") || word === "--verbose";
    if (word.startsWith("--progress")) progress = /^--progress=(.*)$/s.exec(word)?.[1] ?? argv[index + 1];
    if (name === undefined) continue;
    const given = value ?? argv[++index];
    if (name === "--format") format = given;
  }
  return { format, verbose, progress };
}
