/** Values side by side as horizontal bars. */
import { cleanLine } from "./clean.ts";
import { createStyle } from "./colour.ts";
import { formatNumber, formatShare } from "./format.ts";
import type { ChartOptions } from "./line_chart.ts";
import { pad, textWidth, truncate } from "./text_width.ts";

/** One bar; a value that is not finite is printed and not drawn. */
export interface Bar {
  label: string;
  value: number;
  /** What is shown as its share, from 0 to 1, where it is not one of the bars' sum: that of a funnel's first step. */
  share?: number;
}

const MIN_BAR_WIDTH = 8;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * One bar for each row, in the order given, with its value and, when all are parts of one whole (none
 * is negative), or where rows say so, its share. On a narrow terminal the shares go first, then labels are shortened.
 */
export function renderBarChart(rows: Bar[], options: Omit<ChartOptions, "height">): string {
  if (rows.length === 0) return "no data\n";
  const style = createStyle(options.colour);
  const labels = rows.map((row) => cleanLine(row.label));
  const values = rows.map((row) => formatNumber(row.value, 2));
  const shares = sharesOf(rows);
  const valueWidth = widest(values);
  let shareWidth = shares ? widest(shares) + 2 : 0;
  const longest = widest(labels);
  let labelWidth = Math.min(longest, Math.max(12, Math.floor(options.width * 0.4)));
  const barWidth = () => options.width - labelWidth - valueWidth - shareWidth - 2;
  if (barWidth() < MIN_BAR_WIDTH) shareWidth = 0;
  if (barWidth() < MIN_BAR_WIDTH) labelWidth = Math.max(4, labelWidth - (MIN_BAR_WIDTH - barWidth()));

  const bars = drawBars(rows.map((row) => Number.isFinite(row.value) ? row.value : 0), Math.max(1, barWidth()));
  return rows.map((row, index) => {
    const label = pad(truncate(labels[index], labelWidth), labelWidth);
    const bar = style.series(row.value < 0 ? 5 : 0, bars[index]);
    const space = " ".repeat(Math.max(0, barWidth() - textWidth(bars[index])));
    const share = shareWidth > 0 ? style.dim(pad(shares![index], shareWidth, "right")) : "";
    return `${label} ${bar}${space} ${pad(values[index], valueWidth, "right")}${share}\n`;
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

/** A bar of this many cells; whatever is more than nothing is seen. */
function barOf(value: number, cells: number): string {
  const eighths = Math.max(value > 0 ? 1 : 0, Math.round(cells * 8));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

function sharesOf(rows: Bar[]): string[] | undefined {
  if (rows.some(({ share }) => share !== undefined)) {
    return rows.map(({ share }) => share === undefined ? "" : formatShare(share));
  }
  const total = rows.reduce((sum, row) => sum + row.value, 0);
  if (rows.length < 2 || !(total > 0 && total < Infinity) || rows.some((row) => row.value < 0)) return undefined;
  return rows.map((row) => formatShare(row.value / total));
}

const widest = (texts: string[]): number => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
