/** Pages of help as text. Plain data goes in: neither commands nor schemas are loaded for it. */
import { createStyle, type Style } from "../output/colour.ts";
import { pad, textWidth, truncate, wrapText } from "../output/text_width.ts";
import type { Example } from "./command.ts";

/** Lines are no longer than this, so that they can be read, and no longer than the terminal is wide. */
export const HELP_WIDTH = 100;
/** What `-h` takes at most: one screen of the smallest terminal that people use, of which the prompt takes a line. */
const SCREEN = { columns: 80, rows: 23 };
const SHORT_NAME_WIDTH = 26;

/** A flag or argument: how it is typed, and what it does. */
export interface HelpRow {
  left: string;
  right: string;
  required: boolean;
}

/** What the help of one command is made of. */
export interface HelpPage {
  name: string;
  summary: string;
  /** What is typed after the name. */
  usage: string;
  description?: string;
  examples: readonly Example[];
  args: readonly HelpRow[];
  flags: readonly HelpRow[];
  /** False for a command to which none of the global flags means anything. */
  takesGlobals: boolean;
  deprecated?: string;
  /** That the endpoint is not published, and how it is known. */
  unpublished?: string;
}

export interface HelpLook {
  /** Cells per line. */
  width?: number;
  /** Headings in bold. */
  colour?: boolean;
}

/** `mp query segmentation --help`: everything. */
export function fullHelp(page: HelpPage, { width = HELP_WIDTH, colour = false }: HelpLook = {}): string {
  const style = createStyle(colour);
  const parts = [
    paragraph(`${sentence(page.summary)}.`, width),
    `${style.bold("Usage:")} ${usageLine(page)}`,
  ];
  // What people look for first.
  if (page.examples.length > 0) parts.push(examplesText(page.examples, width, style));
  if (page.description) parts.push(...paragraphs(page.description).map((one) => paragraph(one, width)));
  const rows = (list: readonly HelpRow[]) => list.map(({ left, right }) => [left, right] as const);
  if (page.args.length > 0) parts.push(section("Arguments", rows(page.args), width, style));
  if (page.flags.length > 0) parts.push(section("Flags", rows(page.flags), width, style));
  if (page.takesGlobals) parts.push(GLOBALS_LINE);
  if (page.deprecated !== undefined) parts.push(paragraph(`Deprecated: ${page.deprecated}`, width));
  if (page.unpublished !== undefined) parts.push(paragraph(`Note: ${page.unpublished}.`, width));
  return parts.join("\n\n") + "\n";
}

const GLOBALS_LINE = "Global flags: see 'mp help flags'";

/** `mp query segmentation -h`: one screen, with two examples and the flags that matter most. */
export function shortHelp(page: HelpPage, { width = SCREEN.columns, colour = false }: HelpLook = {}): string {
  const style = createStyle(colour);
  const columns = Math.min(width, SCREEN.columns);
  const head = [...wrapText(`${sentence(page.summary)}.`, columns), ""];
  head.push(...hanging(`${style.bold("Usage:")} ${usageLine(page)}`, columns));
  for (const { text, run } of shortExamples(page.examples, columns)) {
    head.push("", ...wrapText(`# ${text}`, columns - 2).map((line) => `  ${line}`), ...commandLines(run, columns));
  }
  const rows = [...page.args, ...page.flags];
  const foot = (hidden: number) => {
    const all = hidden > 0 ? `+${hidden} more: ` : page.description === undefined ? "" : "More: ";
    const parts = [
      ...(all === "" ? [] : [`${all}'mp ${page.name} --help'.`]),
      ...(page.takesGlobals ? ["Global flags: 'mp help flags'."] : []),
    ];
    return wrapText(parts.join(" "), columns);
  };
  // The heading, an empty line above it, and one above the last line.
  const room = SCREEN.rows - head.length - 3 - foot(1).length;
  const shown = mostImportant(rows, rows.length <= room ? rows.length : Math.max(1, room));
  // The place of one-letter flags is only kept where there are any.
  const hasLetters = shown.some(({ left }) => /^-\w, /.test(left));
  const names = shown.map(({ left }) => hasLetters ? left : left.trimStart());
  const indent = Math.min(SHORT_NAME_WIDTH, Math.max(...names.map(textWidth), 0)) + 4;
  const lines = shown.map(({ right }, index) =>
    `  ${pad(shortName(names[index]!, indent - 4), indent - 2)}${oneLine(right, columns - indent)}`.trimEnd()
  );
  const body = lines.length === 0 ? [] : ["", style.bold("Flags:"), ...lines];
  const last = foot(rows.length - shown.length).filter((line) => line !== "");
  return [...head, ...body, ...(last.length === 0 ? [] : ["", ...last])].join("\n") + "\n";
}

/** Two examples, or one where two would leave no room for flags. */
function shortExamples(examples: readonly Example[], width: number): readonly Example[] {
  const linesOf = ({ text, run }: Example) =>
    wrapText(`# ${text}`, width - 2).length + commandLines(run, width).length + 1;
  const two = examples.slice(0, 2);
  return two.reduce((sum, one) => sum + linesOf(one), 0) <= 9 ? two : examples.slice(0, 1);
}

/** So many rows, in their order: what is required before what is not. */
function mostImportant(rows: readonly HelpRow[], count: number): HelpRow[] {
  const ranked = [...rows].sort((one, other) => Number(other.required) - Number(one.required)).slice(0, count);
  return rows.filter((row) => ranked.includes(row));
}

/** A flag with as many of its choices as there is room for. */
function shortName(name: string, width: number): string {
  if (textWidth(name) <= width) return name;
  const end = name.lastIndexOf("|", width - 2);
  return end < 0 ? truncate(name, width) : `${name.slice(0, end)}|…`;
}

/** What fits one line: the first clause, or as many of its words as there is room for. */
function oneLine(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const [clause = ""] = text.split(/[;:] | \(|\. /);
  if (textWidth(clause) <= width) return clause;
  const [first = ""] = wrapText(clause, width - 1);
  return `${first.replace(/[,;:]$/, "")}…`;
}

/** `mp query --help`. */
export function groupHelp(
  name: string,
  summary: string,
  verbs: readonly (readonly [name: string, summary: string])[],
  { width = HELP_WIDTH, colour = false }: HelpLook = {},
): string {
  const style = createStyle(colour);
  return [
    paragraph(`${sentence(summary)}.`, width),
    `${style.bold("Usage:")} mp ${name} <command> [flags]`,
    section("Commands", onOneScreen(verbs), width, style),
    paragraph(`'mp ${name} <command> -h' explains one and shows examples.`, width),
  ].join("\n\n") + "\n";
}

/** How many commands fit on a screen with what stands around them. */
const MOST_COMMANDS = 16;

/** Commands of two words, such as 'tags list', share the line of their first word where all lines would be too many. */
function onOneScreen(
  verbs: readonly (readonly [name: string, summary: string])[],
): readonly (readonly [name: string, summary: string])[] {
  if (verbs.length <= MOST_COMMANDS) return verbs;
  const families = Map.groupBy(verbs, ([name]) => name.split(" ")[0]!);
  return [...families].flatMap(([first, own]) => {
    const seconds = own.map(([name]) => name.slice(first.length + 1));
    return own.length === 1 || seconds.includes("") ? own : [[`${first} …`, seconds.join(", ")] as const];
  });
}

/** Examples, each below what it is for; long ones go on in a second line that can be copied with the first. */
export function examplesText(examples: readonly Example[], width: number, style: Style = createStyle(false)): string {
  const texts = examples.map(({ text, run }) =>
    [...wrapText(`# ${text}`, width - 2).map((line) => `  ${line}`), ...commandLines(run, width)].join("\n")
  );
  return `${style.bold("Examples:")}\n${texts.join("\n\n")}`;
}

/** A command in lines that a shell takes together: broken between words, outside quotes, with a backslash. */
export function commandLines(run: string, width: number): string[] {
  if (run.includes("\n") || textWidth(run) + 2 <= width) return run.split("\n").map((line) => `  ${line}`);
  const lines: string[] = [];
  let line = " ";
  for (const word of shellWords(run)) {
    if (line.trim() !== "" && textWidth(`${line} ${word} \\`) > width) {
      lines.push(`${line} \\`);
      line = "   ";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** Words with their quotes, so that no line is broken within one. */
function shellWords(run: string): string[] {
  return run.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/g) ?? [run];
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
  style: Style = createStyle(false),
): string {
  // On a narrow terminal the second column begins sooner, so that there is something of it.
  const indent = Math.min(30, Math.max(6, width - 34), Math.max(...rows.map(([left]) => left.length))) + 4;
  const lines = rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrapText(right, Math.max(20, width - indent));
    const below = more.map((line) => " ".repeat(indent) + line);
    if (left.length + 4 <= indent) return [`  ${left}`.padEnd(indent) + first, ...below];
    return [...wrapChoices(`  ${left}`, width), " ".repeat(indent) + first, ...below];
  });
  return `${style.bold(`${title}:`)}\n${lines.map((line) => line.trimEnd()).join("\n")}`;
}

/** A flag whose choices are longer than a line, broken between them. */
function wrapChoices(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.split(/(?<=\|)/)) {
    if (line !== "" && textWidth(line + part) > width) {
      lines.push(line);
      line = "      ";
    }
    line += part;
  }
  return [...lines, line];
}

/** A line whose continuation stands further in. */
function hanging(text: string, width: number): string[] {
  return wrapText(text, width).map((line, index) => index === 0 ? line : `    ${line}`);
}

/** Paragraphs are divided by empty lines; how their lines are broken in the source does not matter. */
export function paragraphs(text: string): string[] {
  return text.trim().split(/\n\s*\n/);
}

const usageLine = ({ name, usage }: HelpPage): string => `mp ${name}${usage === "" ? "" : ` ${usage}`}`;
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
