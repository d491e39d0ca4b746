/** Finds the command that the words name, and runs it or shows its help. */
import { inputError, type MpError } from "./errors.ts";
import type { CommandModule, Entry, Group } from "./cli/command.ts";
import type { World } from "./cli/context.ts";
import { isFlag, isGlobalFlag, skipFlags } from "./cli/global_words.ts";
import { expandAliases } from "./cli/aliases.ts";
import { tree } from "./commands/tree.ts";

/** A command that was found, and what is left of the arguments. */
interface Found {
  name: string;
  module: CommandModule;
  argv: string[];
}

/** Runs what the arguments name and returns the exit code. */
export async function route(argv: string[], world: World): Promise<number> {
  if (argv[0] === "__complete") {
    const { answerShell } = await import("./commands/complete.ts");
    await answerShell(argv.slice(1), world);
    return 0;
  }
  if (argv.length === 2 && argv[0] === "api" && argv[1] === "--list") {
    const { showStoredOperations } = await import("./commands/help/show_operations.ts");
    if (await showStoredOperations(world)) return 0;
  }
  const { words: named, notes } = expandAliases(argv);
  const words = splitWords(named);
  const [first] = words.path;
  if (first === "help") {
    const { showHelpOn } = await import("./commands/help/show_help.ts");
    const on = expandAliases(words.path.slice(1).filter((word) => word !== "help")).words;
    await showHelpOn(on, world);
    return 0;
  }
  const entry = tree.find((one) => one.name === first);
  if (entry === undefined && first === undefined && words.before.length > 0 && words.help === undefined) {
    throw inputError(`Cannot run mp ${argv.join(" ")}: no command is named`, "see 'mp --help'", "usage");
  }
  if (entry === undefined && first !== undefined) return await route(await ownCommand(first, named, world), world);
  if (words.help !== undefined || entry === undefined) return await help(words, world);
  const found = await findCommand(entry, words);
  if (found === undefined) return await help(words, world);
  const { runCommand } = await import("./cli/run_command.ts");
  return await runCommand(found.name, found.module.default, found.argv, world, notes);
}

/** The arguments with the user's own alias expanded, once. Throws for a word that is neither that nor a command. */
async function ownCommand(name: string, argv: readonly string[], world: World): Promise<string[]> {
  const { configOfAliases, wordsOfAlias } = await import("./commands/help/own_aliases.ts");
  const config = await configOfAliases(world);
  const meant = wordsOfAlias(config, name);
  const at = skipFlags(argv, 0);
  if (meant === undefined) {
    throw await unknown(name, [...tree.map((one) => one.name), ...config.aliases], "", argv.slice(0, at));
  }
  return [...argv.slice(0, at), ...meant, ...argv.slice(at + 1)];
}

async function help({ path, help: kind = "short" }: Words, world: World): Promise<number> {
  const { showHelp } = await import("./commands/help/show_help.ts");
  await showHelp(path, kind, world);
  return 0;
}

interface Words {
  /** Flags that stand before the command's name, or between a group and its verb. */
  before: string[];
  between: string[];
  /** The command's name, and the words that follow it up to the first flag, at most three. */
  path: string[];
  /** All arguments after the name, and those after `between`. */
  afterName: string[];
  afterGroup: string[];
  /** Which help is asked for, if any. */
  help?: "short" | "full";
}

/** Separates the words that name a command from global flags, which may stand anywhere. */
function splitWords(argv: string[]): Words {
  const dashes = argv.indexOf("--");
  const end = dashes === -1 ? argv.length : dashes;
  const isHelp = (word: string, at: number) => at < end && (word === "--help" || word === "-h");
  // What stands after `--` is taken as it is.
  const words = argv.filter((word, at) => !isHelp(word, at));
  const nameAt = skipFlags(words, 0);
  const verbAt = skipFlags(words, nameAt + 1);
  return {
    before: words.slice(0, nameAt),
    between: words.slice(nameAt + 1, verbAt),
    path: [...words.slice(nameAt, nameAt + 1), ...leadingWords(words.slice(verbAt, verbAt + 3))],
    afterName: words.slice(nameAt + 1),
    afterGroup: words.slice(verbAt),
    help: argv.some((word, at) => word === "--help" && isHelp(word, at))
      ? "full"
      : argv.some(isHelp)
      ? "short"
      : undefined,
  };
}

function leadingWords(words: string[]): string[] {
  const end = words.findIndex(isFlag);
  return end === -1 ? words : words.slice(0, end);
}

const ADDRESS_VERB = "address";
/** Browsers show addresses without their scheme. */
const ADDRESS = /^(https?:\/\/|([\w-]+\.)?mixpanel\.(com|org)\/)/i;

/** The command that the words name; undefined when they name no more than a group. */
async function findCommand(entry: Entry, words: Words): Promise<Found | undefined> {
  if ("command" in entry) {
    const module = await entry.command();
    return { name: entry.name, module, argv: [...words.before, ...words.afterName] };
  }
  const { group } = await entry.group();
  const [second = ""] = words.path.slice(1);
  // What is pasted from the browser names its own command.
  const isAddress = ADDRESS.test(second) && Object.hasOwn(group, ADDRESS_VERB);
  const verb = isAddress ? ADDRESS_VERB : verbOf(group, words.path.slice(1));
  const load = verb === undefined ? undefined : group[verb];
  if (verb === undefined || load === undefined) {
    const typed = second;
    if (typed === "" || Object.keys(group).some((name) => name.startsWith(`${typed} `))) return undefined;
    throw await unknown(typed, Object.keys(group), entry.name, words.between);
  }
  const argv = [...words.before, ...words.between, ...words.afterGroup.slice(isAddress ? 0 : verb.split(" ").length)];
  return { name: `${entry.name} ${verb}`, module: await load(), argv };
}

/** The verb that words begin with: of two words (`tags list`) before one. */
function verbOf(group: Group, words: string[]): string | undefined {
  return [words.slice(0, 2).join(" "), words[0] ?? ""].find((verb) => Object.hasOwn(group, verb));
}

/** A word that follows a flag which is not global is probably its value. */
async function unknown(
  typed: string,
  words: readonly string[],
  group: string,
  flags: readonly string[],
): Promise<MpError> {
  const { misplacedFlag, unknownCommand } = await import("./cli/unknown_command.ts");
  const misplaced = flags.find((word) => isFlag(word) && !isGlobalFlag(word));
  if (misplaced !== undefined) return misplacedFlag(misplaced.replace(/=.*$/s, ""), group);
  const { helpBook } = await import("./commands/help/help_pages.ts");
  return await unknownCommand(typed, words, group, Object.keys((await helpBook()).pages));
}
