/**
 * The names and letters of the global flags, and how they are read as words before any parser is there: the router must
 * find the command among them, and an error may be about the very arguments that say how it is to be printed. This file
 * loads nothing; what the flags mean is in `globals.ts`.
 */

/** The global flags that take a value, with their letters. */
export const GLOBAL_VALUES = {
  account: "a",
  project: "p",
  workspace: "w",
  region: undefined,
  format: "f",
  output: "o",
  jq: undefined,
  timeout: undefined,
  secret_in: undefined,
} as const;

/** The global flags that take none, with their letters. Those that are on by default are typed with `--no-`. */
export const GLOBAL_SWITCHES = {
  quiet: "q",
  verbose: "v",
  dry_run: undefined,
  color: undefined,
  bom: undefined,
  pacing: undefined,
  yes: "y",
} as const;

const VALUE_OF_LETTER: ReadonlyMap<string, string> = new Map(
  Object.entries(GLOBAL_VALUES).flatMap(([name, letter]) => letter === undefined ? [] : [[letter, `--${name}`]]),
);
const SHORT_FLAGS = new RegExp(
  `^-([${Object.values(GLOBAL_SWITCHES).join("")}]*)([${[...VALUE_OF_LETTER.keys()].join("")}]?)(.*)$`,
  "s",
);

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
    if (!Object.hasOwn(GLOBAL_VALUES, name.slice(2).replaceAll("-", "_"))) return { switches: "" };
    return { switches: "", name, value: equals < 0 ? undefined : word.slice(equals + 1) };
  }
  const [, switches = "", letter = "", rest = ""] = SHORT_FLAGS.exec(word) ?? [];
  if (letter === "") return { switches: rest === "" ? switches : "" };
  return { switches, name: VALUE_OF_LETTER.get(letter), value: rest === "" ? undefined : rest };
}

/** Whether the word after this one belongs to it. */
export function takesNextWord(word: string): boolean {
  const { name, value } = readGlobalWord(word);
  return name !== undefined && value === undefined;
}

/** Whether a word is one or more global flags. */
export function isGlobalFlag(word: string): boolean {
  const { switches, name } = readGlobalWord(word);
  return switches !== "" || name !== undefined ||
    Object.hasOwn(GLOBAL_SWITCHES, word.replace(/^--(no-)?/, "").replaceAll("-", "_"));
}

/** Whether a word is a flag, of whatever kind; `-` alone is none. */
export const isFlag = (word: string): boolean => /^-./s.test(word);

/** The place of the first word from here on that is neither a flag nor a global flag's value. */
export function skipFlags(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && isFlag(words[at]!)) at += takesNextWord(words[at]!) ? 2 : 1;
  return at;
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
