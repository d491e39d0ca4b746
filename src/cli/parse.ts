/** Reads a command's arguments with commander, on flags that come from its input schema. */
import { Argument, Command as Parser, CommanderError, Option } from "commander";
import { inputError } from "../errors.ts";
import { checkAgainst } from "../api/request.ts";
import type { LiveKind } from "../api/params.ts";
import { parseExactJson } from "../streams/json/json.ts";
import type { Command } from "./command.ts";
import { checkOrder, lastDays, resolveDay, resolveMoment } from "./dates.ts";
import { CHECK_FLAG, checkedExpression, takesExpressions } from "./expressions.ts";
import { synonymOf } from "./flag_synonyms.ts";
import { argumentName, flagsOf, type FlagSpec, hasNegation } from "./flags.ts";
import { type GlobalFlags, globalFlags, globalInput } from "./globals.ts";
import { nearest } from "../streams/nearest.ts";
import { shellWord } from "../runtime/shell_word.ts";

/** What the reader of arguments needs from outside. */
export interface ParseEnvironment {
  nowMs: number;
  /** Reads a file, or `-` for standard input, in place of the JSON value of `flag`. */
  readText(source: string, flag: string): Promise<string>;
  /** Called with the global flags as soon as they are read. */
  onGlobals?(globals: GlobalFlags): void;
  /** Asks a person for what was left out; undefined where nobody can be asked, or there is nothing to choose from. */
  pick?(kind: LiveKind, globals: GlobalFlags, event: string | undefined): Promise<string | undefined>;
}

export interface ParsedCommand {
  globals: GlobalFlags;
  /** Checked by the command's input schema. */
  input: Record<string, unknown>;
  /** How the days were named, where they were: `last 30d`, `7d to today`. */
  typedDays?: string;
  /** What was read otherwise than typed, for the user to know. */
  notes: string[];
}

const GLOBAL_FLAGS = flagsOf(globalInput);

/** The flag of a command with `dateRange`. */
export const LAST_FLAG: FlagSpec = {
  key: "last",
  flag: "--last",
  aliases: [],
  kind: "text",
  placeholder: "SPAN",
  description: "The last days up to today, in place of --from and --to: 30d, 4w",
  required: false,
};

/**
 * Parses and checks everything that was typed after the command's name.
 *
 * @throws MpError (input) with the offending flag, its value and, where one is near, the right word.
 */
export async function parseCommand(
  name: string,
  command: Command,
  argv: string[],
  environment: ParseEnvironment,
): Promise<ParsedCommand> {
  const own = flagsOf(command.input).map((spec) => asTyped(command, spec));
  const { typed, notes } = readArguments(name, command, own, argv);
  const globals = globalFlags(checkAgainst(globalInput, await pick(GLOBAL_FLAGS, typed, environment), `run ${name}`));
  environment.onGlobals?.(globals);
  const values = await pick(own, typed, environment);
  if (command.dateRange) applyDateRange(values, typed.get(LAST_FLAG.key) as string | undefined, environment.nowMs);
  await pickAbsent(own, values, (kind, event) => environment.pick?.(kind, globals, event));
  requireFlags(name, command, own, values);
  if (typed.get(CHECK_FLAG.key) !== false) notes.push(...await checkExpressions(own, values));
  const input = checkAgainst(command.input, values, `run ${name}`, positionalName(command));
  return { globals, input, typedDays: command.dateRange ? typedDays(typed) : undefined, notes };
}

/** A positional argument is called as its usage shows it: nobody has typed its flag. */
function asTyped(command: Command, spec: FlagSpec): FlagSpec {
  return command.args?.includes(spec.key) ? { ...spec, flag: `<${argumentName(spec.key)}>` } : spec;
}

/** The raw values by key; keys of flags that were not typed are absent. Earlier names of flags are noted. */
function readArguments(
  name: string,
  command: Command,
  own: FlagSpec[],
  argv: string[],
): { typed: Map<string, unknown>; notes: string[] } {
  const positional = command.args ?? [];
  const typed = new Map<string, unknown>();
  const notes: string[] = [];
  const parser = new Parser(name).exitOverride().helpOption(false).allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  const args = positional.map((key) => {
    const spec = own.find((one) => one.key === key);
    if (spec === undefined) throw new Error(`${name}: no input is called ${key}`);
    const dots = spec.kind === "list" ? "..." : "";
    parser.addArgument(new Argument(`[${key}${dots}]`));
    return spec;
  });
  const flags = [...own.filter((one) => !positional.includes(one.key)), ...GLOBAL_FLAGS];
  if (command.dateRange) flags.push(LAST_FLAG);
  if (takesExpressions(own)) flags.push(CHECK_FLAG);
  const options = flags.flatMap((spec) => [
    { spec, option: optionOf(spec) },
    ...spec.aliases.map((alias) => ({ spec, option: optionOf({ ...spec, flag: alias, short: undefined }).hideHelp() })),
  ]);
  for (const { spec, option } of options) {
    parser.addOption(option);
    if (hasNegation(spec)) parser.addOption(new Option(option.long!.replace("--", "--no-")).hideHelp(option.hidden));
  }
  try {
    parser.parse(argv.map((word) => isNegative(word, positional) ? AS_IT_IS + word : word), { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      throw usageError(name, error, { flags: flags.map(({ flag }) => flag), positional }, parser.args);
    }
    throw error;
  }
  const values = parser.opts();
  for (const { spec, option } of options) {
    const attribute = option.attributeName();
    if (parser.getOptionValueSource(attribute) !== "cli") continue;
    if (option.hidden) {
      if (typed.has(spec.key)) throw twoNames(spec, option);
      notes.push(`${option.long} is now ${spec.flag}`);
    }
    typed.set(spec.key, asItIs(values[attribute]));
  }
  const given = parser.processedArgs.map(asItIs).filter((value) =>
    value !== undefined && !(Array.isArray(value) && value.length === 0)
  );
  placesOf(args, given.length).forEach(({ key }, index) => typed.set(key, given[index]));
  return { typed, notes };
}

function twoNames(spec: FlagSpec, option: Option): Error {
  return inputError(
    `Cannot use ${spec.flag} together with ${option.long}: they are two names of one flag`,
    `give ${spec.flag} alone`,
    "bad_flags",
  );
}

/** Which arguments so many words are: what is required, and as many of the others as are left, in their order. */
function placesOf(args: readonly FlagSpec[], words: number): FlagSpec[] {
  let spare = words - args.filter(({ required }) => required).length;
  return args.filter(({ required }) => required || spare-- > 0).slice(0, words);
}

/** Before a word that the reader of arguments must not take for a flag. No shell can pass it. */
const AS_IT_IS = "\0";

function asItIs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asItIs);
  return typeof value === "string" && value.startsWith(AS_IT_IS) ? value.slice(1) : value;
}

/** Whether a word begins with a minus and is no flag: a negative number, or an expression where one is expected. */
function isNegative(word: string, positional: readonly string[]): boolean {
  return /^-[^-A-Za-z]/.test(word) || (positional.includes("expression") && /^-\s*[A-Za-z]+\s*[([]/.test(word));
}

function optionOf(spec: FlagSpec): Option {
  const flag = spec.defaultValue === true ? spec.flag.replace("--", "--no-") : spec.flag;
  const names = spec.short === undefined ? flag : `-${spec.short}, ${flag}`;
  if (spec.kind === "boolean") return new Option(names);
  const option = new Option(`${names} <value>`);
  if (spec.kind !== "list") return option;
  return option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
}

/** Turns texts into the values that the schema expects. */
async function pick(
  flags: FlagSpec[],
  typed: Map<string, unknown>,
  environment: ParseEnvironment,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const spec of flags) {
    const raw = typed.get(spec.key);
    if (raw !== undefined) values[spec.key] = await readValue(spec, raw, environment);
  }
  return values;
}

async function readValue(spec: FlagSpec, raw: unknown, environment: ParseEnvironment): Promise<unknown> {
  if (typeof raw !== "string") return raw;
  if (spec.kind === "number") {
    const number = Number(raw);
    if (raw.trim() === "" || Number.isNaN(number)) {
      throw inputError(`Cannot use ${spec.flag} ${JSON.stringify(raw)}: not a number`);
    }
    return number;
  }
  if (spec.kind === "moment") return resolveMoment(raw, spec.flag, environment.nowMs);
  if (spec.kind === "day") return resolveDay(raw, spec.flag, environment.nowMs);
  if (spec.kind === "json" || spec.kind === "json_text") return await readJson(spec, raw, environment);
  if (spec.choices !== undefined && !spec.choices.includes(raw)) throw notAChoice(spec, raw);
  return raw;
}

function notAChoice({ flag, choices = [] }: FlagSpec, raw: string): Error {
  const near = nearest(raw, choices);
  return inputError(
    `Cannot use ${flag} ${JSON.stringify(raw)}: not one of ${choices.join(", ")}`,
    near === undefined ? undefined : `did you mean ${flag} ${near}?`,
    "bad_choice",
  );
}

async function readJson(spec: FlagSpec, raw: string, environment: ParseEnvironment): Promise<unknown> {
  const fromSource = raw === "-" || raw.startsWith("@");
  const content = fromSource ? await environment.readText(raw === "-" ? "-" : raw.slice(1), spec.flag) : raw;
  try {
    const value = parseExactJson(content);
    return spec.kind === "json" ? value : content;
  } catch (error) {
    const shown = fromSource ? raw : JSON.stringify(raw.length > 60 ? raw.slice(0, 57) + "…" : raw);
    throw inputError(
      `Cannot use ${spec.flag} ${shown}: not JSON (${(error as Error).message})`,
      `quote it for the shell: ${spec.flag} '{"plan": "pro"}', or name a file: ${spec.flag} @file.json`,
      "bad_json",
    );
  }
}

/** Puts the expressions in as they will be sent; returns what is to be said about them. */
async function checkExpressions(flags: FlagSpec[], values: Record<string, unknown>): Promise<string[]> {
  const notes: string[] = [];
  for (const spec of flags) {
    const typed = values[spec.key];
    if (spec.kind !== "expression" || typeof typed !== "string") continue;
    const { text, note } = await checkedExpression(spec, typed);
    values[spec.key] = text;
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

function applyDateRange(values: Record<string, unknown>, last: string | undefined, nowMs: number): void {
  if (last !== undefined) {
    if (values.from_date !== undefined || values.to_date !== undefined) {
      throw inputError("Cannot use --last together with --from or --to", "give one or the other");
    }
    const range = lastDays(last, nowMs);
    [values.from_date, values.to_date] = [range.from, range.to];
  } else if (values.from_date !== undefined) values.to_date ??= resolveDay("today", "--to", nowMs);
  checkOrder(values.from_date, values.to_date);
}

/** The days in words that mean the same days tomorrow, or others, as the user's do. */
function typedDays(typed: ReadonlyMap<string, unknown>): string | undefined {
  const [last, from, to = "today"] = [LAST_FLAG.key, "from_date", "to_date"].map((key) => {
    const text = typed.get(key);
    return typeof text === "string" ? text.trim().toLowerCase() : undefined;
  });
  if (last !== undefined) return `last ${last}`;
  return from === undefined ? undefined : `${from} to ${to}`;
}

/** Puts in what a person picks, where nothing else is missing that would make picking vain. */
async function pickAbsent(
  own: readonly FlagSpec[],
  values: Record<string, unknown>,
  pick: (kind: LiveKind, event: string | undefined) => Promise<string | undefined> | undefined,
): Promise<void> {
  const absent = own.filter((spec) => spec.required && values[spec.key] === undefined);
  if (absent.some(({ completes }) => completes === undefined)) return;
  for (const { key, kind, completes } of absent) {
    const event = typeof values.event === "string" ? values.event : undefined;
    if (completes === "properties" && event === undefined) continue;
    const picked = await pick(completes!, event);
    if (picked !== undefined) values[key] = kind === "list" ? [picked] : picked;
  }
}

function requireFlags(name: string, command: Command, own: FlagSpec[], values: Record<string, unknown>): void {
  const absent = own.filter((spec) => spec.required && values[spec.key] === undefined);
  if (absent.length === 0) return;
  const positional = positionalName(command);
  const words = absent.map((spec) => positional(spec.key) ?? spec.flag);
  const range = command.dateRange && absent.some((spec) => spec.key === "from_date");
  throw inputError(
    `Cannot run ${name}: ${words.join(", ").replace(/, (?=[^,]*$)/, " and ")} ${
      words.length === 1 ? "is" : "are"
    } missing`,
    [
      ...range ? ["add --last 30d, or --from DAY --to DAY"] : [],
      ...listHints(absent, values),
      ...range ? [] : [`see 'mp ${name} --help'`],
    ].join("; "),
    "missing_argument",
  );
}

/** Which commands list what is missing. */
function listHints(absent: readonly FlagSpec[], { event }: Record<string, unknown>): string[] {
  const lists = absent.flatMap(({ listedBy }) => listedBy ?? []);
  const typed = typeof event === "string" ? shellWord(event) : "EVENT";
  return [...new Set(lists)].map((list) => `'${list.replace("EVENT", () => typed)}' shows what there is`);
}

/** Names positional arguments as the usage line does, and nothing else. */
function positionalName(command: Command): (key: string) => string | undefined {
  return (key) => command.args?.includes(key) ? `<${argumentName(key)}>` : undefined;
}

/** Commander's words in ours: what is wrong, and as a hint the argument of that name, or the nearest flag. */
function usageError(
  name: string,
  error: CommanderError,
  { flags: known, positional }: { flags: readonly string[]; positional: readonly string[] },
  words: readonly string[],
): Error {
  const [message = "", ...suggestion] = error.message.replace(/^error: /, "").split("\n");
  const unknown = /^unknown option '(--[\w-]+)/.exec(message)?.[1];
  const argument = positional.map(argumentName).find((word) => `--${word}` === unknown);
  const near = (unknown && synonymOf(unknown, known)) ??
    /Did you mean (?:one of )?(--[\w-]+)/.exec(suggestion.join(" "))?.[1];
  const state = message.replace(/^too many arguments.*Expected (\d+) \S+ but got (\d+).*/, "$1 expected but got $2");
  const counted = state === message
    ? message.replace(/^option '(?:-\w, )?(--\S+) <value>' argument missing$/, "$1 needs a value")
    : `too many arguments, ${state}`;
  const pair = state === message || !known.includes("--property")
    ? undefined
    : words.find((word) => /^[^=]+=/.test(word));
  const meant = pair === undefined ? near : `--property ${shellWord(pair)}`;
  const flagHint = meant === undefined ? `see 'mp ${name} --help'` : `did you mean ${meant}?`;
  const hint = argument === undefined ? flagHint : `<${argument}> is an argument: leave out --${argument}`;
  return inputError(`Cannot run ${name}: ${counted.replace(/\.$/, "")}`, hint, "usage");
}
