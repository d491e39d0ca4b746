/** Help texts, from the same declarations that the parser reads. */
import type { Command } from "./command.ts";
import { CHECK_FLAG, takesExpressions } from "./expressions.ts";
import { flagsOf, type FlagSpec, hasNegation } from "./flags.ts";
import { globalInput } from "./globals.ts";
import { argumentName, LAST_FLAG } from "./parse.ts";
import { wrapText } from "../output/text_width.ts";

/** Lines are no longer than this, so that they can be read, and no longer than the terminal is wide. */
export const HELP_WIDTH = 100;

/** What can be typed after a command's name, but for the global flags. */
export function argumentsOf(command: Command): { positional: FlagSpec[]; flags: FlagSpec[] } {
  const own = flagsOf(command.input);
  const positional = (command.args ?? []).map((key) => own.find((one) => one.key === key) as FlagSpec);
  const flags = own.filter((spec) => !positional.includes(spec)).map((spec) => inRange(command, spec));
  if (command.dateRange) flags.push(LAST_FLAG);
  if (takesExpressions(own)) flags.push(CHECK_FLAG);
  return { positional, flags };
}

/** The flags that every command takes, as its help lists them. */
export function globalFlagsHelp(width = HELP_WIDTH): string {
  return section("Global flags", flagsOf(globalInput).map(flagRow), width);
}

/** `mp query segmentation --help`; the generated reference has the global flags in one place. */
export function commandHelp(
  name: string,
  summary: string,
  command: Command,
  width = HELP_WIDTH,
  { hasGlobalFlags = true } = {},
): string {
  const { positional, flags } = argumentsOf(command);
  const parts = [
    paragraph(`${sentence(summary)}.`, width),
    `Usage: mp ${[name, ...positional.map(usageWord), flags.length > 0 ? "[flags]" : ""].filter(Boolean).join(" ")}`,
  ];
  // What people look for first.
  if (command.examples.length > 0) {
    parts.push("Examples:\n" + command.examples.map(({ text, run }) => `  # ${text}\n  ${run}`).join("\n\n"));
  }
  if (command.description) parts.push(...paragraphs(command.description).map((one) => paragraph(one, width)));
  if (positional.length > 0) {
    parts.push(section("Arguments", positional.map((spec) => [usageWord(spec), explain(spec)]), width));
  }
  if (flags.length > 0) parts.push(section("Flags", flags.map(flagRow), width));
  if (hasGlobalFlags) parts.push(globalFlagsHelp(width));
  const deprecated = command.operations?.find((one) => one.deprecated !== undefined)?.deprecated;
  if (deprecated !== undefined) parts.push(`Deprecated: ${deprecated}`);
  return parts.join("\n\n") + "\n";
}

/** `mp query --help`. */
export function groupHelp(
  name: string,
  summary: string,
  verbs: readonly [name: string, summary: string][],
  width = HELP_WIDTH,
): string {
  return [
    paragraph(`${sentence(summary)}.`, width),
    `Usage: mp ${name} <command> [flags]`,
    section("Commands", verbs, width),
    paragraph(`'mp ${name} <command> --help' explains one and shows examples.`, width),
  ].join("\n\n") + "\n";
}

/** Text broken into lines of this width. */
export function paragraph(text: string, width = HELP_WIDTH): string {
  return wrapText(text, width).join("\n");
}

/** A titled list with its second column aligned, and wrapped below itself. */
export function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  width = HELP_WIDTH,
): string {
  // On a narrow terminal the second column begins sooner, so that there is something of it.
  const indent = Math.min(30, Math.max(6, width - 34), Math.max(...rows.map(([left]) => left.length))) + 4;
  const lines = rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrapText(right, Math.max(20, width - indent));
    const below = more.map((line) => " ".repeat(indent) + line);
    const fits = left.length + 4 <= indent;
    if (fits) return [`  ${left}`.padEnd(indent) + first, ...below];
    return [`  ${left}`, " ".repeat(indent) + first, ...below];
  });
  return `${title}:\n${lines.map((line) => line.trimEnd()).join("\n")}`;
}

/** Paragraphs are divided by empty lines; how their lines are broken in the source does not matter. */
export function paragraphs(text: string): string[] {
  return text.trim().split(/\n\s*\n/);
}

/** A range of days need not be typed as two: `--last` stands for both, and `--to` is today by itself. */
function inRange(command: Command, spec: FlagSpec): FlagSpec {
  if (!command.dateRange || (spec.key !== "from_date" && spec.key !== "to_date")) return spec;
  return { ...spec, required: false, defaultValue: spec.key === "to_date" ? "today" : undefined };
}

/** How a flag is typed, and what it does. */
export function flagRow(spec: FlagSpec): [string, string] {
  const isNegated = spec.kind === "boolean" && spec.defaultValue === true;
  const flag = isNegated || hasNegation(spec) ? spec.flag.replace("--", isNegated ? "--no-" : "--[no-]") : spec.flag;
  const short = spec.short === undefined ? "    " : `-${spec.short}, `;
  return [`${short}${flag}${spec.placeholder === "" ? "" : ` ${spec.placeholder}`}`, explain(spec)];
}

/** What a flag or argument does, with its default. */
export function explain(spec: FlagSpec): string {
  const remarks: string[] = [];
  if (spec.required) remarks.push("required");
  if (spec.kind === "list") remarks.push("can be repeated");
  const byDefault = String(spec.defaultValue ?? "");
  if (byDefault !== "" && spec.kind !== "boolean") remarks.push(`default ${byDefault}`);
  return [spec.description, remarks.length === 0 ? "" : `(${remarks.join(", ")})`].filter(Boolean).join(" ");
}

/** An argument in a usage line: `<event>`, `[files...]`. */
export function usageWord(spec: FlagSpec): string {
  const word = argumentName(spec.key) + (spec.kind === "list" ? "..." : "");
  return spec.required ? `<${word}>` : `[${word}]`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
