/**
 * What can come next on a command line: the hidden `mp __complete [--new] -- WORD…`, which the shells' scripts ask. The
 * last word is the one being typed; `--new` is for shells that cannot pass an empty one. Answers are lines of a value and,
 * after a tab, its description; `:files` says that a file name would do as well.
 */
import { readConfig } from "../settings/file.ts";
import { configPath } from "../settings/paths.ts";
import { runningSandbox, SANDBOX_ACCOUNT } from "../settings/running_sandbox.ts";
import type { LiveKind } from "../api/params.ts";
import type { Command, Entry } from "./command.ts";
import type { World } from "./context.ts";
import { flagsOf, type FlagSpec, hasNegation } from "./flags.ts";
import { skipFlags } from "./global_words.ts";
import { globalInput } from "./globals.ts";
import { argumentsOf } from "./help.ts";

/** A word that can come next. */
export interface Completion {
  value: string;
  description: string;
}

export interface Completions {
  items: Completion[];
  /** Whether the name of a file can come next. */
  files: boolean;
}

/** Where values come from that no declaration has. */
export interface CompletionSources {
  accounts(): Promise<readonly string[]>;
  /** Words with the commands' own names in place of others, the user's own among them. */
  expand?(words: readonly string[]): Promise<string[]>;
  /** The user's own commands. */
  aliases?(): Promise<readonly Completion[]>;
  /** Other names of commands, of one word or two: offered when a part of one is typed, since a name is enough to learn. */
  shortcuts?: readonly Completion[];
  /** Pages of help that belong to no command, but for the guides. */
  topics?: readonly Completion[];
  guides?(): Promise<readonly Completion[]>;
  /**
   * What the project has of a kind; nothing when it is not known in time.
   *
   * @param words the line so far, for its global flags
   * @param event the event that the line names, if any
   */
  live?(kind: LiveKind, words: readonly string[], event: string | undefined): Promise<readonly Completion[]>;
}

const NOTHING: Completions = { items: [], files: false };

/** Answers the shell. It never fails: a line that cannot be completed is left alone. */
export async function printCompletions(
  tree: readonly Entry[],
  argv: readonly string[],
  world: World,
  own: Omit<CompletionSources, "accounts">,
): Promise<void> {
  const dashes = argv.indexOf("--");
  const words = [...argv.slice(dashes + 1), ...argv.slice(0, Math.max(0, dashes)).includes("--new") ? [""] : []];
  const accounts = async () => {
    const { names } = await readConfig(configPath(world.env));
    const isRunning = !names.includes(SANDBOX_ACCOUNT) && await runningSandbox(world.env) !== undefined;
    return isRunning ? [...names, SANDBOX_ACCOUNT] : names;
  };
  // expected: any, since a shell that waits for completions has no place for an error
  const { items, files } = await complete(tree, words, { ...own, accounts }).catch(() => NOTHING);
  const lines = items.map(({ value, description }) => `${value}\t${description.replace(/\s+/g, " ")}\n`);
  await world.stdout.write([...lines, ...files ? [":files\n"] : []].join(""));
}

/** What can stand in place of the last word. */
export async function complete(
  tree: readonly Entry[],
  words: readonly string[],
  sources: CompletionSources,
): Promise<Completions> {
  const { before: typedBefore, current } = asTyped(words);
  const before = await sources.expand?.(typedBefore) ?? typedBefore;
  const nameAt = skipFlags(before, 0);
  const name = before[nameAt];
  const prefixed = (items: Completion[]): Completions => ({
    items: items.filter(({ value }) => value.startsWith(current)),
    files: false,
  });
  if (name === "help") {
    const after = before.slice(nameAt + 1);
    if (after[0] === "guides") return prefixed(after.length === 1 ? [...await sources.guides?.() ?? []] : []);
    const found = await complete(tree, words.slice(nameAt + 1), sources);
    if (after.length > 0) return found;
    const pages = prefixed([...sources.topics ?? [], ...await sources.guides?.() ?? []]);
    return { ...found, items: [...found.items, ...pages.items] };
  }
  const entry = tree.find((one) => one.name === name);
  if (name === undefined) {
    const global = await valueOfGlobal(before, current, sources);
    if (global !== undefined) return global;
    if (current.startsWith("-")) return prefixed(namesOf(globalFlags()));
    const others = current === "" ? [] : withoutRepeats(nextWords(sources.shortcuts ?? [], []));
    const own = await sources.aliases?.() ?? [];
    return prefixed([...tree.map((one) => ({ value: one.name, description: one.summary })), ...own, ...others]);
  }
  if (entry === undefined) return prefixed(withoutRepeats(nextWords(sources.shortcuts ?? [], before.slice(nameAt))));
  const rest = before.slice(nameAt + 1);
  if ("command" in entry) return await completeCommand((await entry.command()).default, rest, current, sources);
  const { group } = await entry.group();
  const verbAt = skipFlags(rest, 0);
  const typed = rest.slice(verbAt);
  const verb = [typed.slice(0, 2).join(" "), typed[0] ?? ""].find((one) => Object.hasOwn(group, one));
  if (verb !== undefined) {
    const { default: command } = await group[verb]!();
    const left = [...rest.slice(0, verbAt), ...typed.slice(verb.split(" ").length)];
    return await completeCommand(command, left, current, sources);
  }
  if (current.startsWith("-")) return prefixed(namesOf(globalFlags()));
  const verbs = await Promise.all(
    Object.entries(group).map(async ([one, load]) => {
      const { summary, operations } = (await load()).default;
      return { value: one, description: summary ?? operations?.[0]?.summary ?? "" };
    }),
  );
  return prefixed(withoutRepeats(nextWords(verbs, typed)));
}

/** What follows these words in names of several. */
function nextWords(names: readonly Completion[], typed: readonly string[]): Completion[] {
  return names.flatMap(({ value, description }) => {
    const words = value.split(" ");
    const next = words[typed.length];
    return next !== undefined && typed.every((word, index) => words[index] === word)
      ? [{ value: next, description }]
      : [];
  });
}

const withoutRepeats = (items: readonly Completion[]): Completion[] =>
  [
    ...new Map([...items].reverse().map((one) => [one.value, one])).values(),
  ].reverse();

/** Bash makes three words of `--format=json`; here they are one again. */
function asTyped(words: readonly string[]): { before: string[]; current: string } {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined[joined.length - 1];
    if (word === "=" && last?.startsWith("--")) joined[joined.length - 1] = `${last}=`;
    else if (last?.startsWith("--") && last.endsWith("=") && words.includes("=")) {
      joined[joined.length - 1] = last + word;
    } else joined.push(word);
  }
  return { before: joined.slice(0, -1).map(unquoted), current: unquoted(joined[joined.length - 1] ?? "") };
}

/** Shells pass words as they are typed: `Sign\ U`, `'Sign U`. */
function unquoted(word: string): string {
  const quote = /^(["'])(.*?)\1?$/s.exec(word);
  if (quote !== null) return quote[2] ?? "";
  return word.replace(/\\(.)/gs, "$1");
}

async function completeCommand(
  command: Command,
  words: readonly string[],
  current: string,
  sources: CompletionSources,
): Promise<Completions> {
  const { positional, flags } = argumentsOf(command);
  const all = [...flags, ...globalFlags()];
  const { open, used, positions } = read(words, all);
  const event = eventAmong(words, positional, positions, all);
  const offer = async (spec: FlagSpec, typed: string): Promise<Completions> => {
    const found = await valuesOf(spec, typed, sources);
    if (spec.completes === undefined || sources.live === undefined) return found;
    const live = await sources.live(spec.completes, words, event);
    return { ...found, items: [...found.items, ...live.filter(({ value }) => value.startsWith(typed))] };
  };
  if (open !== undefined) return await offer(open, current);
  const equals = current.startsWith("--") ? current.indexOf("=") : -1;
  if (equals > 0) {
    const spec = all.find((one) => one.flag === current.slice(0, equals));
    if (spec === undefined) return NOTHING;
    const found = await offer(spec, current.slice(equals + 1));
    const flag = current.slice(0, equals + 1);
    return { ...found, items: found.items.map((one) => ({ ...one, value: flag + one.value })) };
  }
  if (current.startsWith("-")) {
    const left = all.filter((spec) => spec.kind === "list" || !used.has(spec));
    return { items: namesOf(left).filter(({ value }) => value.startsWith(current)), files: false };
  }
  const last = positional[positional.length - 1];
  const spec = positional[positions.length] ?? (last?.kind === "list" ? last : undefined);
  return spec === undefined ? NOTHING : await offer(spec, current);
}

/** The event that a line names, as an argument or by a flag. */
function eventAmong(
  words: readonly string[],
  positional: readonly FlagSpec[],
  positions: readonly string[],
  flags: readonly FlagSpec[],
): string | undefined {
  const argument = positional.findIndex((spec) => spec.completes === "events");
  if (positions[argument] !== undefined) return positions[argument];
  const spec = flags.find((one) => one.completes === "events");
  const at = spec === undefined ? -1 : words.findIndex((word) => isNameOf(spec, word));
  return at < 0 ? undefined : words[at + 1];
}

/** Which flags were used, the positional arguments, and the flag that waits for its value. */
function read(words: readonly string[], flags: readonly FlagSpec[]) {
  const used = new Set<FlagSpec>();
  const positions: string[] = [];
  let open: FlagSpec | undefined;
  for (const word of words) {
    if (open !== undefined) open = undefined;
    else if (!/^-./s.test(word)) positions.push(word);
    else {
      const [name = ""] = word.split("=");
      const spec = flags.find((one) => isNameOf(one, name));
      if (spec === undefined) continue;
      used.add(spec);
      if (spec.kind !== "boolean" && !word.includes("=")) open = spec;
    }
  }
  return { used, positions, open };
}

function isNameOf(spec: FlagSpec, name: string): boolean {
  return name === spec.flag || name === `-${spec.short}` || (spec.kind === "boolean" && name === negated(spec));
}

async function valueOfGlobal(before: readonly string[], current: string, sources: CompletionSources) {
  const { open } = read(before, globalFlags());
  return open === undefined ? undefined : await valuesOf(open, current, sources);
}

const DAYS = ["today", "yesterday", "7d", "30d"];
const SPANS = ["7d", "30d", "90d", "12w"];

/** The values that a flag or argument can have. */
async function valuesOf(spec: FlagSpec, current: string, sources: CompletionSources): Promise<Completions> {
  const listed = spec.choices ?? (spec.placeholder.includes("|") ? spec.placeholder.split("|") : undefined) ??
    (spec.kind === "day" ? DAYS : spec.flag === "--last" ? SPANS : undefined) ??
    (spec.key === "account" ? await sources.accounts() : []);
  const items = listed.filter((value) => value.startsWith(current)).map((value) => ({ value, description: "" }));
  return { items, files: /\b(FILE|FILES|FOLDER|PATH)\b/.test(spec.placeholder) || spec.key === "files" };
}

function globalFlags(): FlagSpec[] {
  return flagsOf(globalInput);
}

/** The names of flags, as they would be typed: `--no-color` for what is on by itself. */
function namesOf(flags: readonly FlagSpec[]): Completion[] {
  return flags.flatMap((spec) => {
    const names = hasNegation(spec)
      ? [spec.flag, negated(spec)]
      : [spec.kind === "boolean" && spec.defaultValue === true ? negated(spec) : spec.flag];
    return names.map((value) => ({ value, description: spec.description }));
  });
}

function negated(spec: FlagSpec): string {
  return spec.flag.replace("--", "--no-");
}
