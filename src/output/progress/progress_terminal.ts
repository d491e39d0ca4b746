/** Draws a job's progress on a terminal, in place. */
import type { Clock } from "../../runtime/clock.ts";
import type { Output } from "../../runtime/standard_streams.ts";
import { cleanLine } from "../clean.ts";
import { type StandingProgress, standOn } from "./above_progress.ts";
import { createStyle } from "../colour.ts";
import { plain, type ProgressLabels, progressLines } from "./progress_lines.ts";
import { ProgressTally } from "./progress_tally.ts";
import type { ShownProgress } from "./shown_progress.ts";
import { textWidth } from "../text_width.ts";

const REDRAW_MS = 100;
/** Shows what came too soon after the last drawing, and lets countdowns run while nothing happens. */
const TICK_MS = 500;
const MOST_PARTS = 8;
const ERASE_BELOW = "\x1b[J";
const ERASE_REST = "\x1b[K";

export interface TerminalProgressOptions extends ProgressLabels {
  colour: boolean;
}

export class TerminalProgress extends ProgressTally implements ShownProgress, StandingProgress {
  readonly #stderr: Output;
  readonly #options: TerminalProgressOptions;
  readonly #ticker: ReturnType<typeof setInterval>;
  /** The widths of the lines that stand on the terminal; the cursor is at the end of the last. */
  #shown: number[] = [];
  #drawnMs = -Infinity;
  #frame = 0;
  #over = false;
  #writing: Promise<void> | undefined;

  constructor(stderr: Output, clock: Clock, options: TerminalProgressOptions) {
    super(clock);
    this.#stderr = stderr;
    this.#options = options;
    this.#ticker = setInterval(() => this.changed(), TICK_MS);
    standOn(stderr, this);
  }

  /** A line that stays, above the others. */
  note(text: string): void {
    if (!this.#over) void this.above(`${cleanLine(text)}\n`);
  }

  async above(text: string): Promise<void> {
    this.#drawnMs = -Infinity;
    const lines = this.#toStart() + text;
    this.#shown = [];
    this.#write(lines);
    await this.#writing;
  }

  async done(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#ticker);
    standOn(this.#stderr, undefined);
    this.#write(this.#toStart());
    await this.#writing;
  }

  protected partEnded(): void {
    this.changed();
  }

  protected changed(): void {
    if (this.#over) return;
    const nowMs = this.clock.now();
    // A terminal that is slow to read gets fewer lines, not a queue of them.
    if (nowMs - this.#drawnMs < REDRAW_MS || this.#writing) return;
    this.#drawnMs = nowMs;
    const { colour } = this.#options;
    const lines = progressLines(this.state(), this.#options, {
      width: this.#stderr.columns() - 1,
      mostParts: this.#mostParts(),
      style: createStyle(colour),
      colour,
      frame: this.#frame++,
    });
    // One write a drawing, and lines are overwritten rather than erased first: so nothing flickers.
    this.#write(this.#upToFirst() + lines.join(`${ERASE_REST}\n`) + ERASE_BELOW);
    this.#shown = lines.map((line) => textWidth(plain(line)));
  }

  /** A block that is higher than the window could not be drawn over. */
  #mostParts(): number {
    const rows = this.#stderr.rows?.() ?? Infinity;
    return Math.max(0, Math.min(MOST_PARTS, rows - 4));
  }

  /** To where the block begins. A window that has become narrower has broken its lines. */
  #upToFirst(): string {
    const columns = Math.max(1, this.#stderr.columns());
    const rows = this.#shown.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return rows > 1 ? `\r\x1b[${rows - 1}A` : "\r";
  }

  #toStart(): string {
    return this.#shown.length === 0 ? "" : this.#upToFirst() + ERASE_BELOW;
  }

  /** A job does not fail because its progress cannot be shown. */
  #write(text: string): void {
    if (text === "") return;
    // expected: any fault of standard error, which may be closed at any time
    const writing = this.#stderr.write(text).catch(() => {
      this.#over = true;
      standOn(this.#stderr, undefined);
      clearInterval(this.#ticker);
    }).finally(() => {
      if (this.#writing === writing) this.#writing = undefined;
    });
    this.#writing = writing;
  }
}
