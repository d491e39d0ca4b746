/** `-h`, `--help` and `mp help …`: finds the page that the words name, and shows it. */
import type { World } from "../../cli/context.ts";
import type { HelpBook } from "../../cli/help_book.ts";
import {
  commandLines,
  fullHelp,
  groupHelp,
  HELP_WIDTH,
  type HelpLook,
  section,
  shortHelp,
} from "../../cli/help_text.ts";
import { allCommandsHelp, rootHelp } from "../../cli/root_help.ts";
import { topicHelp } from "../../cli/topic.ts";
import { expandAliases } from "../../cli/aliases.ts";
import { tree } from "../tree.ts";
import { cleanLine } from "../../output/clean.ts";
import { helpBook } from "./help_pages.ts";
import { createStyle, wantsColour } from "../../output/colour.ts";
import { unknownCommand } from "../../cli/unknown_command.ts";
import { VERSION } from "../../version.ts";

/** How much of a command's help is wanted: one screen, or everything. */
export type HelpKind = "short" | "full";

/** Shows the help of the words of a command line, the first of which may be a command, a group or nothing. */
export async function showHelp(path: readonly string[], kind: HelpKind, world: World): Promise<void> {
  const look = lookOf(world);
  const [first] = path;
  if (first === undefined) return await show(world, rootHelp(VERSION, look));
  const { pages, groups } = await helpBook();
  const name = [3, 2, 1].map((count) => path.slice(0, count).join(" ")).find((words) => Object.hasOwn(pages, words));
  if (name !== undefined) {
    const page = pages[name]!;
    return await show(world, kind === "short" ? shortHelp(page, look) : fullHelp(page, look));
  }
  const group = groups[first];
  if (group === undefined) {
    throw await unknownCommand(first, tree.map((one) => one.name), "", Object.keys(pages));
  }
  const [typed = ""] = path.slice(1);
  const within = group.verbs.filter(([verb]) => verb.startsWith(`${typed} `));
  if (typed !== "" && within.length === 0) {
    throw await unknownCommand(typed, group.verbs.map(([verb]) => verb), first, Object.keys(pages));
  }
  await show(world, groupHelp(first, group.summary, within.length === 0 ? group.verbs : within, look));
}

/** `mp help`, `mp help TOPIC`, `mp help COMMAND`. */
export async function showHelpOn(path: readonly string[], world: World): Promise<void> {
  const [name] = path;
  const look = lookOf(world);
  if (name === "guides") return await showGuides(path[1], world);
  if (name === "commands") {
    const { aliasRows, configOfAliases } = await import("./own_aliases.ts");
    return await show(world, allCommandsHelp(tree, aliasRows(await configOfAliases(world)), look));
  }
  const { topics } = await helpBook();
  if (name === "topics") return await show(world, topicsHelp(topics, look));
  const entry = name === undefined ? undefined : topics[name];
  if (entry !== undefined) return await show(world, topicHelp(name!, entry.summary, entry.topic, look));
  const names = [...tree.map((one) => one.name), ...Object.keys(topics), "commands", "topics", "guides"];
  if (name !== undefined && !names.includes(name)) {
    const { readGuides } = await import("../../cli/guides.ts");
    const guides = readGuides();
    if (Object.hasOwn(guides, name)) return await showGuides(name, world);
    const { configOfAliases, wordsOfAlias } = await import("./own_aliases.ts");
    const config = await configOfAliases(world);
    const meant = wordsOfAlias(config, name);
    if (meant === undefined) {
      throw await unknownCommand(name, [...names, ...Object.keys(guides), ...config.aliases], "help");
    }
    await world.stderr.write(`'mp ${name}' is your alias of: mp ${cleanLine(meant.join(" "))}\n`);
    return await showHelp(expandAliases(meant).words, "full", world);
  }
  await showHelp(path, "full", world);
}

/** `mp help guides` lists them, `mp help guides NAME` shows one. */
async function showGuides(name: string | undefined, world: World): Promise<void> {
  const [{ guideTitle, readGuides }, { markdownText }] = await Promise.all([
    import("../../cli/guides.ts"),
    import("../../output/markdown_on_terminal.ts"),
  ]);
  const guides = readGuides();
  const { width = HELP_WIDTH, colour = false } = lookOf(world);
  if (name === undefined) {
    const rows = Object.entries(guides).map(([one, text]) => [one, guideTitle(text)] as const);
    const list = section("Guides", rows, width, createStyle(colour));
    return await show(world, `${list}\n\n'mp help guides <guide>' shows one.\n`);
  }
  const text = Object.hasOwn(guides, name) ? guides[name] : undefined;
  if (text === undefined) throw await unknownCommand(name, Object.keys(guides), "help guides");
  const breakCommand = (line: string, room: number) => commandLines(line, room + 2).map((one) => one.slice(2));
  await show(world, markdownText(text, { width, colour, breakCommand }));
}

function topicsHelp(topics: HelpBook["topics"], { width, colour = false }: HelpLook): string {
  const rows = Object.entries(topics).map(([name, { summary }]) => [name, summary] as const);
  return `${
    section("Topics", rows, width, createStyle(colour))
  }\n\n'mp help <topic>' shows one; 'mp help guides' has a guide for each job.\n`;
}

async function show(world: World, text: string): Promise<void> {
  if (!world.stdout.isTerminal) return await world.stdout.write(text);
  const output = (await import("../../cli/paged.ts")).pagedOutput(world);
  await output.write(text);
  await output.end();
}

/** A narrow terminal has narrow help; a file or pipe always gets the same. */
function lookOf(world: World): HelpLook {
  const { isTerminal } = world.stdout;
  if (!isTerminal) return {};
  return { width: Math.min(world.stdout.columns(), 100), colour: wantsColour({ isTerminal, environment: world.env }) };
}
