/** Manual pages, from the same declarations as the help: `mp.1`, one for each command or group, one for each topic. */
import type { Command, Entry } from "../../src/cli/command.ts";
import { flagsOf } from "../../src/cli/flags.ts";
import { globalInput } from "../../src/cli/globals.ts";
import { argumentsOf, explain, flagRow, usageWord } from "../../src/cli/help.ts";
import { paragraphs } from "../../src/cli/help_text.ts";
import type { Topic } from "../../src/cli/topic.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { topics } from "../../src/commands/help/topics/index.ts";
import { tree } from "../../src/commands/tree.ts";
import { VARIABLES } from "../../src/settings/environment.ts";
import { VERSION } from "../../src/version.ts";

type Row = readonly [left: string, right: string];

/**
 * All pages by their path below a folder of manuals, such as `man1/mp-query.1`.
 *
 * @param day the day of the release, as `2026-01-31`
 */
export async function manPages(day: string): Promise<Map<string, string>> {
  const commands = await allCommands(tree);
  const pages = new Map<string, string>([["man1/mp.1", mainPage(day)]]);
  for (const entry of tree) {
    const own = commands.filter(({ name }) => name === entry.name || name.startsWith(`${entry.name} `));
    pages.set(`man1/mp-${entry.name}.1`, entryPage(entry, own, day));
  }
  for (const { name, summary, load } of topics) {
    pages.set(`man7/mp-${name}.7`, topicPage(name, summary, (await load()).default, day));
  }
  return pages;
}

function mainPage(day: string): string {
  return page("mp", 1, day, "Mixpanel's HTTP API on the command line", [
    heading("SYNOPSIS"),
    `.B mp\n.I command\n[\\fIflags\\fR]`,
    heading("DESCRIPTION"),
    text(
      "Sends events and profiles, queries reports, exports and imports raw data, and administers projects. Results go " +
        "to standard output, everything else to standard error.",
    ),
    heading("COMMANDS"),
    list(tree.map(({ name, summary }): Row => [`mp-${name}(1)`, summary])),
    heading("GLOBAL FLAGS"),
    list(flagsOf(globalInput).map(flagRow)),
    heading("ENVIRONMENT"),
    list(VARIABLES.map(({ name, meaning }): Row => [name, meaning])),
    heading("SEE ALSO"),
    text(topics.map(({ name }) => `mp-${name}(7)`).join(", ")),
  ]);
}

function entryPage(entry: Entry, commands: readonly { name: string; command: Command }[], day: string): string {
  const isGroup = "group" in entry;
  const body = commands.flatMap(({ name, command }) => {
    const { positional, flags } = argumentsOf(command);
    const usage = ["mp", name, ...positional.map(usageWord), flags.length > 0 ? "[flags]" : ""].filter(Boolean);
    const summary = command.summary ?? command.operations?.[0]?.summary ?? entry.summary;
    const examples = command.examples.map(({ text: what, run }) => `.PP\n${escape(what)}:\n${verbatim(run)}`);
    return [
      isGroup ? `.SS ${escape(`mp ${name}`)}` : heading("DESCRIPTION"),
      text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
      verbatim(usage.join(" ")),
      ...paragraphs(command.description ?? "").filter(Boolean).map(text),
      ...positional.length === 0 ? [] : [list(positional.map((spec): Row => [usageWord(spec), explain(spec)]))],
      ...flags.length === 0 ? [] : [list(flags.map(flagRow))],
      ...examples,
    ];
  });
  return page(`mp-${entry.name}`, 1, day, entry.summary, [
    heading("SYNOPSIS"),
    `.B mp ${escape(entry.name)}\n${isGroup ? ".I command\n" : ""}[\\fIflags\\fR]`,
    ...isGroup ? [heading("COMMANDS")] : [],
    ...body,
    heading("SEE ALSO"),
    text("mp(1), for the flags that every command takes"),
  ]);
}

function topicPage(name: string, summary: string, { parts, seeAlso = [] }: Topic, day: string): string {
  const body = parts.flatMap((part) => {
    if (typeof part === "string") return [text(part)];
    if ("rows" in part) return [`.SS ${escape(part.title)}`, list(part.rows)];
    return part.examples.map(({ text: what, run }) => `.PP\n${escape(what)}:\n${verbatim(run)}`);
  });
  const more = seeAlso.length === 0 ? [] : [heading("SEE ALSO"), text(seeAlso.join(", "))];
  return page(`mp-${name}`, 7, day, summary, [heading("DESCRIPTION"), ...body, ...more]);
}

function page(name: string, section: number, day: string, summary: string, body: readonly string[]): string {
  return [
    `.TH ${name.toUpperCase()} ${section} ${day} "mp ${VERSION}" "mp manual"`,
    // Commands are shown as they are typed: no hyphenation, no curly quotes.
    ".nh",
    ".ad l",
    heading("NAME"),
    `${escape(name)} \\- ${escape(summary)}`,
    ...body,
  ].join("\n") + "\n";
}

function heading(title: string): string {
  return `.SH ${title}`;
}

function text(words: string): string {
  return `.PP\n${escape(words)}`;
}

function list(rows: readonly Row[]): string {
  return rows.map(([left, right]) => `.TP\n\\fB${escape(left.trim())}\\fR\n${escape(right) || "\\&"}`).join("\n");
}

function verbatim(code: string): string {
  return `.RS 4\n.nf\n${escape(code)}\n.fi\n.RE`;
}

/** Text as roff: its own signs, and lines that would begin with one of its commands. */
function escape(words: string): string {
  return words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha").replaceAll("~", "\\(ti").replaceAll("…", "...").replace(/^\./gm, "\\&.");
}
