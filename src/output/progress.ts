/** A line on the terminal that says how far a long job is. */
import type { Output } from "../runtime/standard_streams.ts";
import { cleanLine } from "./clean.ts";
import { createStyle } from "./colour.ts";
import { formatBytes, formatDuration, formatNumber } from "./format.ts";
import { textWidth, truncate } from "./text_width.ts";

/** What has been done, in whichever units the job counts. */
export interface Amounts {
  bytes?: number;
  records?: number;
  /** Parts of the job, such as days or files. */
  steps?: number;
}

export interface ProgressOptions {
  /** False for `--quiet`, and where the line would mix with data on the same terminal. */
  enabled: boolean;
  /** What is being done: `Exporting`. */
  label: string;
  /** How much there is to do, in one unit; without it there is a counter instead of a bar and no time left. */
  total?: Amounts;
  /** What an earlier run had done: it counts as done, and not for the rate. */
  already?: Amounts;
  /** What a step is called in the plural. Default `steps`. */
  stepNoun?: string;
  colour?: boolean;
}

export interface Progress {
  /** Adds to what has been done. Cheap: the line is redrawn at most ten times a second. */
  advance(done: Amounts): void;
  /** A line that stays, above the progress: a wait, a retry. */
  note(text: string): void;
  /**
   * Takes the line away and, if a summary is given, leaves that instead. Returns when it is written. Call it in
   * every case, in a `finally`: after an interruption the terminal must be left clean. Later calls do nothing.
   */
  done(summary?: string): Promise<void>;
}

const REDRAW_MS = 100;
/** The rate follows the last seconds, since the average over hours says nothing about now. */
const RATE_WINDOW_MS = 8_000;
const BAR_WIDTH = 24;
const ERASE_LINE = "\r\x1b[2K";
const ERASE_REST = "\x1b[K";
const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/** Milliseconds that never go backwards; `performance` is one. */
export interface ProgressClock {
  now(): number;
}

/** A progress line on standard error. Writes nothing at all unless that is a terminal. */
export function createProgress(stderr: Output, clock: ProgressClock, options: ProgressOptions): Progress {
  if (!options.enabled || !stderr.isTerminal) {
    return { advance() {}, note() {}, done: () => Promise.resolve() };
  }
  return new TerminalProgress(stderr, clock, options);
}

type Unit = keyof Amounts;
const UNITS: Unit[] = ["steps", "records", "bytes"];

class TerminalProgress implements Progress {
  readonly #done: Required<Amounts>;
  readonly #startedMs: number;
  readonly #samples: { atMs: number; done: Required<Amounts> }[] = [];
  #drawnMs = -Infinity;
  #frame = 0;
  #shown = false;
  #over = false;
  #writing: Promise<void> | undefined;

  constructor(readonly stderr: Output, readonly clock: ProgressClock, readonly options: ProgressOptions) {
    const { bytes = 0, records = 0, steps = 0 } = options.already ?? {};
    this.#done = { bytes, records, steps };
    this.#startedMs = clock.now();
    this.#samples.push({ atMs: this.#startedMs, done: { ...this.#done } });
  }

  advance(done: Amounts): void {
    for (const unit of UNITS) this.#done[unit] += done[unit] ?? 0;
    if (this.#over) return;
    const nowMs = this.clock.now();
    // A terminal that is slow to read gets fewer lines, not a queue of them.
    if (nowMs - this.#drawnMs < REDRAW_MS || this.#writing) return;
    this.#drawnMs = nowMs;
    this.#shown = true;
    this.#write(`\r${this.#line(nowMs)}${ERASE_REST}`);
  }

  note(text: string): void {
    if (this.#over) return;
    this.#drawnMs = -Infinity;
    this.#write(`${this.#shown ? ERASE_LINE : ""}${cleanLine(text)}\n`);
    this.#shown = false;
  }

  async done(summary?: string): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#write((this.#shown ? ERASE_LINE : "") + (summary === undefined ? "" : `${cleanLine(summary)}\n`));
    await this.#writing;
  }

  /** Standard error may be closed at any time; a job does not fail for it. */
  #write(text: string): void {
    if (text === "") return;
    const writing = this.stderr.write(text).catch(() => {
      this.#over = true;
    }).finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    this.#writing = writing;
  }

  #line(nowMs: number): string {
    const style = createStyle(this.options.colour ?? false);
    const rates = this.#rates(nowMs);
    const unit = UNITS.find((candidate) => (this.options.total?.[candidate] ?? 0) > 0);
    const parts = [cleanLine(this.options.label)];
    const width = this.stderr.columns() - 1;
    if (unit) {
      const share = Math.min(1, this.#done[unit] / this.options.total![unit]!);
      parts.push("", `${Math.floor(share * 100)}%`.padStart(4));
      parts.push(...this.#counts(rates), ...this.#timeLeft(unit, rates[unit]));
      const room = width - textWidth(parts.join("  ")) - 1;
      if (room < 8) parts.splice(1, 1);
      else parts[1] = this.#bar(share, Math.min(BAR_WIDTH, room), style);
    } else {
      const frame = SPINNER[this.#frame++ % SPINNER.length];
      parts[0] = `${style.cyan(frame)} ${parts[0]}`;
      parts.push(...this.#counts(rates), formatDuration(nowMs - this.#startedMs));
    }
    const line = parts.join("  ");
    return textWidth(line) <= width ? line : truncate(line.replaceAll(STYLES, ""), width);
  }

  #bar(share: number, width: number, style: ReturnType<typeof createStyle>): string {
    const halves = Math.floor(share * width * 2);
    const full = "━".repeat(halves >> 1) + (halves % 2 === 1 ? "╸" : "");
    const rest = width - Math.ceil(halves / 2);
    // Without colour, the line that remains would look like the line that is drawn.
    return style.cyan(full) + (this.options.colour ? style.dim("━".repeat(rest)) : "┄".repeat(rest));
  }

  #counts(rates: Required<Amounts>): string[] {
    const { bytes, records, steps } = this.#done;
    const parts = [];
    const total = this.options.total?.steps;
    if (total) parts.push(`${formatNumber(steps)}/${formatNumber(total)} ${this.options.stepNoun ?? "steps"}`);
    if (records > 0) parts.push(`${formatNumber(records)} records`);
    if (bytes > 0) parts.push(formatBytes(bytes));
    if (rates.bytes > 0) parts.push(`${formatBytes(rates.bytes)}/s`);
    else if (rates.records > 0) parts.push(`${formatNumber(rates.records, 0)}/s`);
    return parts;
  }

  #timeLeft(unit: Unit, perSecond: number): string[] {
    const left = this.options.total![unit]! - this.#done[unit];
    return perSecond > 0 && left > 0 ? [`${formatDuration(left / perSecond * 1000)} left`] : [];
  }

  /** Amounts per second over the last seconds. Nothing in the first half second, which is all start-up. */
  #rates(nowMs: number): Required<Amounts> {
    const samples = this.#samples;
    while (samples.length > 1 && nowMs - samples[1].atMs >= RATE_WINDOW_MS) samples.shift();
    const seconds = (nowMs - samples[0].atMs) / 1000;
    const rate = (unit: Unit) => seconds < 0.5 ? 0 : (this.#done[unit] - samples[0].done[unit]) / seconds;
    const rates = { bytes: rate("bytes"), records: rate("records"), steps: rate("steps") };
    samples.push({ atMs: nowMs, done: { ...this.#done } });
    return rates;
  }
}

// deno-lint-ignore no-control-regex -- the escape sequences of createStyle
const STYLES = /\x1b\[[0-9]*m/g;
