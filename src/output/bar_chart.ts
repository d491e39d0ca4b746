/** Values side by side as horizontal bars. */
import { cleanLine } from "./clean.ts";
import { createStyle } from "./colour.ts";
import { formatNumber, formatShare } from "./format.ts";
import type { ChartOptions } from "./line_chart.ts";
import { barOf } from "./share_bar.ts";
import { pad, textWidth, truncate } from "./text_width.ts";

/** One bar; a value that is not finite is printed and not drawn. */
export interface Bar {
  label: string;
  value: number;
  /** What is shown as its share, from 0 to 1, where it is not one of the bars' sum: that of a funnel's first step. Null: none. */
  share?: number | null;
}

const MIN_BAR_WIDTH = 8;

/**
 * One bar for each row, in the order given, behind its value and, when all are parts of one whole (none
 * is negative), or where rows say so, its share. On a narrow terminal the bars go first, then the shares, and only then
 * are labels cut.
 */
export function renderBarChart(rows: Bar[], options: Omit<ChartOptions, "height">): string {
  if (rows.length === 0) return "no data\n";
  const style = createStyle(options.colour);
  const labels = rows.map((row) => cleanLine(row.label));
  const values = rows.map((row) => formatNumber(row.value, 2));
  const allShares = sharesOf(rows);
  const valueWidth = widest(values);
  const room = (labelWidth: number, shares: readonly string[] | undefined) =>
    options.width - labelWidth - 1 - valueWidth - (shares === undefined ? 0 : widest(shares) + 2);
  const longest = widest(labels);
  // What people read stays whole: bars go first, then shares, and only then are labels cut.
  const barWidth = room(longest, allShares) - 1;
  const shares = room(longest, allShares) >= 0 ? allShares : undefined;
  const labelWidth = Math.min(longest, Math.max(4, longest + room(longest, shares)));
  const bars = barWidth < MIN_BAR_WIDTH
    ? undefined
    : drawBars(rows.map((row) => Number.isFinite(row.value) ? row.value : 0), barWidth);
  return rows.map((row, index) => {
    const label = pad(truncate(labels[index]!, labelWidth), labelWidth);
    const share = shares === undefined ? "" : style.dim(pad(shares[index]!, widest(shares) + 2, "right"));
    const bar = bars === undefined ? "" : ` ${style.series(row.value < 0 ? 5 : 0, bars[index]!)}`;
    return `${label} ${pad(values[index]!, valueWidth, "right")}${share}${bar}`.trimEnd() + "\n";
  }).join("");
}

/** Bars to the right of the zero line, and, when a value is negative, to its left. */
function drawBars(values: number[], width: number): string[] {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const scale = high === low ? 0 : width / (high - low);
  const zero = Math.round(-low * scale);
  return values.map((value) => {
    if (value < 0) {
      const cells = Math.max(1, Math.min(zero, Math.round(-value * scale)));
      return " ".repeat(Math.max(0, zero - cells)) + "█".repeat(cells);
    }
    return " ".repeat(zero) + barOf(value, Math.min(value * scale, width - zero));
  });
}

/** The shares of bars that are parts of one whole, or say theirs, in words; undefined for others. */
export function sharesOf(rows: readonly Bar[]): string[] | undefined {
  if (rows.some(({ share }) => share !== undefined)) {
    if (rows.every(({ share }) => share === null)) return undefined;
    return rows.map(({ share }) => share === undefined || share === null ? "" : formatShare(share));
  }
  const total = rows.reduce((sum, row) => sum + row.value, 0);
  if (rows.length < 2 || !(total > 0 && total < Infinity) || rows.some((row) => row.value < 0)) return undefined;
  return rows.map((row) => formatShare(row.value / total));
}

const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
