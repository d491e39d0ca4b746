/** The lines that show a job's progress on a terminal: a pure function of its state and the width. */
import { cleanLine } from "../clean.ts";
import type { Style } from "../colour.ts";
import { formatBytes, formatDuration, formatNumber } from "../format.ts";
import type { PartState, PendingWait, ProgressState } from "./progress_tally.ts";
import { pad, textWidth, truncate } from "../text_width.ts";

/** What stays the same from line to line. */
export interface ProgressLabels {
  /** What is being done: `Exporting`. */
  label: string;
  /** What a record is called in the plural: `events`. */
  noun: string;
  /** What a step is called in the plural: `days`. */
  stepNoun: string;
}

/** How it may look. */
export interface DrawOptions {
  /** Cells that a line may take. */
  width: number;
  /** Parts that have a line of their own; the others are counted. */
  mostParts: number;
  style: Style;
  /** Without colour, the rest of a bar needs another sign than its full part. */
  colour: boolean;
  /** Which picture of the spinner to show. */
  frame: number;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const GAP = "  ";
const BAR_WIDTH = 24;
const NARROWEST_BAR = 8;
const NARROWEST_WITH_BAR = 60;
const MOST_SUM_LINES = 3;
const WIDEST_NAME = 32;

/** A line for each part and one in all, which takes up to three on a narrow terminal. None is wider than the width. */
export function progressLines(state: ProgressState, labels: ProgressLabels, options: DrawOptions): string[] {
  return [...partLines(state, labels, options), ...sumLines(state, labels, options)]
    .map((line) => textWidth(plain(line)) <= options.width ? line : truncate(plain(line), options.width));
}

/** The text without the sequences of `createStyle`. */
// deno-lint-ignore no-control-regex -- exactly those sequences
export const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9]*m/g, "");

function partLines(state: ProgressState, labels: ProgressLabels, options: DrawOptions): string[] {
  // A line that says how many there are more takes the room of a part.
  const shown = state.parts.length <= options.mostParts
    ? state.parts
    : state.parts.slice(0, Math.max(0, options.mostParts - 1));
  const names = column(shown, ({ name }) => truncate(cleanLine(name), WIDEST_NAME), "left");
  const records = column(shown, ({ done }) => done.records === 0 ? "" : counted(done.records, labels.noun), "right");
  const sizes = column(shown, ({ done }) => done.bytes === 0 ? "" : formatBytes(done.bytes), "right");
  const lines = shown.map((part, index) =>
    partLine(part, GAP + names[index], records[index]! + sizes[index]!, state.nowMs, options)
  );
  const more = state.parts.length - shown.length;
  if (more > 0) lines.push(options.style.dim(`${GAP}… and ${formatNumber(more)} more`));
  return lines;
}

/** Where there is no room for both, what a part waits for matters more than its counts. */
function partLine(part: PartState, name: string, counts: string, nowMs: number, options: DrawOptions): string {
  const { style, width } = options;
  if (part.wait === undefined) return (name + style.dim(counts.trimEnd())).trimEnd();
  const waiting = GAP + formatPending(part.wait, nowMs);
  const hasRoom = textWidth(name + counts + waiting) <= width;
  return name + (hasRoom ? style.dim(counts) : "") + style.yellow(waiting);
}

/** Texts of one width, with a gap before them unless all are empty. */
function column(parts: readonly PartState[], textOf: (part: PartState) => string, align: "left" | "right"): string[] {
  const texts = parts.map(textOf);
  const widest = Math.max(0, ...texts.map(textWidth));
  const gap = widest === 0 || align === "left" ? "" : GAP;
  return texts.map((text) => gap + pad(text, widest, align));
}

function sumLines(state: ProgressState, labels: ProgressLabels, options: DrawOptions): string[] {
  const { style, width } = options;
  const label = cleanLine(labels.label);
  const spinner = style.cyan(SPINNER[options.frame % SPINNER.length]!);
  const segments = state.share === undefined
    ? [`${spinner} ${label}`, ...counts(state, labels)]
    : [label, `${Math.floor(state.share * 100)}%`.padStart(4), ...counts(state, labels)];
  if (state.wait !== undefined) segments.push(style.yellow(formatPending(state.wait, state.nowMs)));
  else if (state.share === undefined) segments.push(formatDuration(state.elapsedMs));
  else if (state.msLeft !== undefined) segments.push(`${formatDuration(state.msLeft)} left`);
  if (state.quota !== undefined) {
    segments.push(`${formatNumber(state.quota.left)} of ${formatNumber(state.quota.limit)} requests left`);
  }
  let lines = wrapped(segments, width);
  if (state.share === undefined || !lines[0]!.startsWith(label + GAP)) return lines;
  // Where one line is not enough anyway, the first one leaves room for the bar.
  if (lines.length > 1 && width >= NARROWEST_WITH_BAR) lines = wrapped(segments, width, NARROWEST_BAR + GAP.length);
  const room = Math.min(BAR_WIDTH, width - textWidth(plain(lines[0]!)) - GAP.length);
  if (room >= NARROWEST_BAR) {
    lines[0] = label + GAP + bar(state.share, room, options) + lines[0]!.slice(label.length);
  }
  return lines;
}

function counts({ done, total, perSecond }: ProgressState, labels: ProgressLabels): string[] {
  const segments = [];
  if (total.steps) segments.push(`${formatNumber(done.steps)}/${formatNumber(total.steps)} ${labels.stepNoun}`);
  if (done.records > 0) segments.push(counted(done.records, labels.noun));
  if (done.bytes > 0) segments.push(formatBytes(done.bytes));
  if (perSecond.records > 0) segments.push(`${formatNumber(perSecond.records, perSecond.records < 10 ? 1 : 0)}/s`);
  else if (perSecond.bytes > 0) segments.push(`${formatBytes(perSecond.bytes)}/s`);
  return segments;
}

/** As many segments on a line as fit, with cells kept free on the first; those after the last line are left out. */
function wrapped(segments: readonly string[], width: number, reserved = 0): string[] {
  const lines = [segments[0]!];
  for (const segment of segments.slice(1)) {
    const longer = lines.at(-1)! + GAP + segment;
    const room = lines.length === 1 ? width - reserved : width;
    if (textWidth(plain(longer)) <= room) lines[lines.length - 1] = longer;
    else if (lines.length < MOST_SUM_LINES) lines.push(GAP + segment.trimStart());
    else break;
  }
  return lines;
}

function bar(share: number, width: number, { style, colour }: DrawOptions): string {
  const halves = Math.floor(share * width * 2);
  const full = "━".repeat(halves >> 1) + (halves % 2 === 1 ? "╸" : "");
  const rest = width - Math.ceil(halves / 2);
  return style.cyan(full) + (colour ? style.dim("━".repeat(rest)) : "┄".repeat(rest));
}

function formatPending({ reason, untilMs }: PendingWait, nowMs: number): string {
  const clean = cleanLine(reason);
  // Whole seconds: tenths would flicker.
  const leftMs = untilMs === undefined ? 0 : Math.ceil((untilMs - nowMs) / 1000) * 1000;
  if (leftMs <= 0) return clean;
  return `${clean}, again in ${leftMs < 10_000 ? `${leftMs / 1000} s` : formatDuration(leftMs)}`;
}

const counted = (count: number, noun: string): string =>
  `${formatNumber(count)} ${count === 1 ? noun.replace(/s$/, "") : noun}`;
