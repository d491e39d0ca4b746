/** `mp` alone and `mp help commands`. Neither loads a command, a schema or a parser. */
import { createStyle } from "../output/colour.ts";
import type { Entry } from "./command.ts";
import { HELP_WIDTH, type HelpLook, section } from "./help_text.ts";

/** What people do first, in the order in which they do it. */
const FIRST: readonly (readonly [string, string])[] = [
  ["demo", "a tour of half a minute, on this machine"],
  ["login", "connect your project, and check the credentials"],
  ["events", "which events there are, and their properties"],
  ["query", "count events, follow funnels, see who comes back"],
  ["profiles", "look up, list and change user profiles"],
  ["track", "send an event"],
  ["import", "import events and profiles from files of any format"],
  ["export", "export events and profiles to files and buckets"],
  ["flags", "evaluate and manage feature flags"],
  ["sandbox", "an emulator of Mixpanel to develop and test against"],
];

/** One screen. */
export function rootHelp(version: string, { width = HELP_WIDTH, colour = false }: HelpLook = {}): string {
  const style = createStyle(colour);
  return [
    `mp ${version}: Mixpanel's API on the command line`,
    "",
    `${style.bold("Usage:")} mp <command> [flags]`,
    "",
    section("Start here", FIRST, width, style),
    "",
    section(
      "More",
      [
        ["mp help commands", "all commands"],
        ["mp <command> -h", "one screen about a command; --help has everything"],
        ["mp help flags", "the flags that every command takes"],
        ["mp help topics", "expressions, formats, exit codes, quotas, …"],
        ["mp help guides", "whole jobs, step by step"],
        ["mp doctor", "find out why something does not work"],
      ],
      width,
      style,
    ),
    "",
  ].join("\n");
}

/**
 * Every command, by what people want to do.
 *
 * @param aliases the user's own, with what they stand for
 */
export function allCommandsHelp(
  entries: readonly Entry[],
  aliases: readonly (readonly [string, string])[],
  { width = HELP_WIDTH, colour = false }: HelpLook = {},
): string {
  const style = createStyle(colour);
  const sections = [...Map.groupBy(entries, (one) => one.section)].map(([title, own]) =>
    section(title, own.map(({ name, summary }) => [name, summary] as const), width, style)
  );
  const own = aliases.length === 0 ? [] : [section("Your aliases", aliases, width, style)];
  return [...sections, ...own, "'mp <command> -h' explains one and shows examples."].join("\n\n") + "\n";
}
