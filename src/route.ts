/** Finds the command that the words name, and runs it or shows its help. */
import { inputError, type MpError } from "./errors.ts";
import type { CommandModule, Entry, Group } from "./cli/command.ts";
import type { World } from "./cli/context.ts";
import { isFlag, skipFlags } from "./cli/global_words.ts";
import { tree } from "./commands/tree.ts";
import { VERSION } from "./version.ts";

/** A command that was found, and what is left of the arguments. */
interface Found {
  name: string;
  summary: string;
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
  const words = splitWords(argv);
  const wantsHelp = words.help;
  if (words.path[0] === "help") {
    return await help(words.path.slice(1).filter((word) => word !== "help"), world);
  }
  const entry = tree.find((one) => one.name === words.path[0]);
  if (entry === undefined) {
    if (words.path[0] !== undefined) throw await unknown(words.path[0], tree.map((one) => one.name), "");
    if (words.before.length > 0 && !wantsHelp) {
      throw inputError(`Cannot run mp ${argv.join(" ")}: no command is named`, "see 'mp --help'", "usage");
    }
    const [{ rootHelp }, { topics }] = await Promise.all([
      import("./cli/root_help.ts"),
      import("./commands/help/topics/index.ts"),
    ]);
    await world.stdout.write(rootHelp(tree, topics.map((one) => one.name), VERSION));
    return 0;
  }
  const found = await findCommand(entry, words, world);
  if (found === undefined) return 0;
  if (wantsHelp) {
    const { commandHelp } = await import("./cli/help.ts");
    await world.stdout.write(commandHelp(found.name, found.summary, found.module.default, helpWidth(world)));
    return 0;
  }
  const { runCommand } = await import("./cli/run_command.ts");
  return await runCommand(found.name, found.module.default, found.argv, world);
}

/** `mp help`, `mp help TOPIC`, `mp help COMMAND`. */
async function help(path: string[], world: World): Promise<number> {
  const { topics } = await import("./commands/help/topics/index.ts");
  const entry = topics.find((one) => one.name === path[0]);
  const [name] = path;
  if (entry === undefined) {
    const names = [...tree, ...topics].map((one) => one.name);
    if (name !== undefined && !names.includes(name)) throw await unknown(name, names, "help");
    return await route([...path, "--help"], world);
  }
  const { topicHelp } = await import("./cli/topic.ts");
  await world.stdout.write(topicHelp(entry.name, entry.summary, (await entry.load()).default, helpWidth(world)));
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
  help: boolean;
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
    help: argv.some(isHelp),
  };
}

function leadingWords(words: string[]): string[] {
  const end = words.findIndex(isFlag);
  return end === -1 ? words : words.slice(0, end);
}

/** The command that the words name; undefined when a group's help was all that was asked for. */
async function findCommand(entry: Entry, words: Words, world: World): Promise<Found | undefined> {
  if ("command" in entry) {
    const module = await entry.command();
    const summary = module.default.summary ?? entry.summary;
    return { name: entry.name, summary, module, argv: [...words.before, ...words.afterName] };
  }
  const { group } = await entry.group();
  const verb = verbOf(group, words.path.slice(1));
  const load = verb === undefined ? undefined : group[verb];
  if (verb === undefined || load === undefined) {
    const [typed = ""] = words.path.slice(1);
    const within = Object.entries(group).filter(([name]) => name.startsWith(`${typed} `));
    if (typed !== "" && within.length === 0 && !words.help) throw await unknown(typed, Object.keys(group), entry.name);
    const { groupHelp } = await import("./cli/help.ts");
    const rows = await Promise.all(
      (within.length === 0 ? Object.entries(group) : within).map(
        async ([name, one]): Promise<[string, string]> => [name, summaryOf(await one())],
      ),
    );
    await world.stdout.write(groupHelp(entry.name, entry.summary, rows, helpWidth(world)));
    return undefined;
  }
  const module = await load();
  const argv = [...words.before, ...words.between, ...words.afterGroup.slice(verb.split(" ").length)];
  return { name: `${entry.name} ${verb}`, summary: summaryOf(module), module, argv };
}

/** The verb that words begin with: of two words (`tags list`) before one. */
function verbOf(group: Group, words: string[]): string | undefined {
  return [words.slice(0, 2).join(" "), words[0] ?? ""].find((verb) => Object.hasOwn(group, verb));
}

/** A narrow terminal has narrow help; a file or pipe always gets the same. */
function helpWidth(world: World): number | undefined {
  return world.stdout.isTerminal ? Math.min(world.stdout.columns(), 100) : undefined;
}

function summaryOf(module: CommandModule): string {
  return module.default.summary ?? module.default.operations?.[0]?.summary ?? "";
}

async function unknown(typed: string, words: string[], group: string): Promise<MpError> {
  const { nearest } = await import("./streams/nearest.ts");
  const near = nearest(typed, words);
  const prefix = group === "" ? "mp" : `mp ${group}`;
  return inputError(
    `Cannot run '${prefix} ${typed}': no such command`,
    near === undefined ? `see '${prefix} --help'` : `did you mean '${prefix} ${near}'?`,
    "unknown_command",
  );
}
