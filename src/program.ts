/** Assembles the program: finds the command, runs it, and turns what it throws into words and an exit code. */
import { ClosedPipeError, inputError, MpError } from "./errors.ts";
import type { CommandModule, Entry } from "./cli/command.ts";
import type { World } from "./cli/context.ts";
import { tree } from "./commands/tree.ts";
import { VERSION } from "./version.ts";

/** A command that was found, and what is left of the arguments. */
interface Found {
  name: string;
  summary: string;
  module: CommandModule;
  argv: string[];
}

/** Runs the program and returns its exit code. It never throws. */
export async function run(argv: string[], world: World): Promise<number> {
  try {
    if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
      await world.stdout.write(`mp ${VERSION}\n`);
      return 0;
    }
    return await dispatch(argv, world);
  } catch (error) {
    if (error instanceof ClosedPipeError) return 0;
    const { reportError } = await import("./cli/report_error.ts");
    return await reportError(error, argv, world);
  }
}

async function dispatch(argv: string[], world: World): Promise<number> {
  const words = await splitWords(argv);
  const wantsHelp = words.help;
  if (words.path[0] === "help") {
    words.path.shift();
    return await dispatch([...words.path, "--help"], world);
  }
  const entry = tree.find((one) => one.name === words.path[0]);
  if (entry === undefined) {
    if (words.path[0] !== undefined) throw await unknown(words.path[0], tree.map((one) => one.name), "");
    if (words.before.length > 0 && !wantsHelp) {
      throw inputError(`Cannot run mp ${argv.join(" ")}: no command is named`, "see 'mp --help'", "usage");
    }
    await world.stdout.write((await import("./cli/root_help.ts")).rootHelp(tree, VERSION));
    return 0;
  }
  const found = await findCommand(entry, words, world);
  if (found === undefined) return 0;
  if (wantsHelp) {
    const { commandHelp } = await import("./cli/help.ts");
    await world.stdout.write(commandHelp(found.name, found.summary, found.module.default));
    return 0;
  }
  const { runCommand } = await import("./cli/run_command.ts");
  return await runCommand(found.name, found.module.default, found.argv, world);
}

interface Words {
  /** Global flags that stand before the command. */
  before: string[];
  /** The words from the command's name on, up to two. */
  path: string[];
  /** All arguments that stand after the first word. */
  rest: string[];
  help: boolean;
}

/** Separates global flags before the command's name from the rest. */
async function splitWords(argv: string[]): Promise<Words> {
  let index = 0;
  if (argv[0]?.startsWith("-")) {
    const { GLOBAL_VALUE_FLAGS } = await import("./cli/globals.ts");
    while (index < argv.length && argv[index]!.startsWith("-")) index += GLOBAL_VALUE_FLAGS.has(argv[index]!) ? 2 : 1;
  }
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  const isHelp = (word: string) => word === "--help" || word === "-h";
  return {
    before: argv.slice(0, index).filter((word) => !isHelp(word)),
    path: argv.slice(index, index + 2).filter((word, at) => at === 0 || !word.startsWith("-")),
    rest: argv.slice(index + 1).filter((word) => !isHelp(word)),
    help: flags.some(isHelp),
  };
}

/** The command that the words name; undefined when a group's help was all that was asked for. */
async function findCommand(entry: Entry, words: Words, world: World): Promise<Found | undefined> {
  if ("command" in entry) {
    const module = await entry.command();
    const summary = module.default.summary ?? entry.summary;
    return { name: entry.name, summary, module, argv: [...words.before, ...words.rest] };
  }
  const { group } = await entry.group();
  const verb = words.path[1];
  const load = verb === undefined ? undefined : Object.hasOwn(group, verb) ? group[verb] : undefined;
  if (verb === undefined || load === undefined) {
    if (verb !== undefined && !words.help) throw await unknown(verb, Object.keys(group), entry.name);
    const { groupHelp } = await import("./cli/help.ts");
    const rows = await Promise.all(
      Object.entries(group).map(async ([name, one]): Promise<[string, string]> => [name, summaryOf(await one())]),
    );
    await world.stdout.write(groupHelp(entry.name, entry.summary, rows));
    return undefined;
  }
  const module = await load();
  const argv = [...words.before, ...words.rest.slice(1)];
  return { name: `${entry.name} ${verb}`, summary: summaryOf(module), module, argv };
}

function summaryOf(module: CommandModule): string {
  return module.default.summary ?? module.default.operations?.[0]?.summary ?? "";
}

async function unknown(typed: string, words: string[], group: string): Promise<MpError> {
  const { nearest } = await import("./cli/suggest.ts");
  const near = nearest(typed, words);
  const prefix = group === "" ? "mp" : `mp ${group}`;
  return inputError(
    `Cannot run '${prefix} ${typed}': no such command`,
    near === undefined ? `see '${prefix} --help'` : `did you mean '${prefix} ${near}'?`,
    "unknown_command",
  );
}
