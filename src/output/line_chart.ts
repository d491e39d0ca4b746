/** Values over time as lines of braille dots. */
import { labelTicks, type Scale, valueScale } from "./axis.ts";
import { BrailleCanvas } from "./braille.ts";
import { cleanLine } from "./clean.ts";
import { createStyle, type Style } from "./colour.ts";
import { formatCompact, formatNumber } from "./format.ts";
import { pad, textWidth, truncate, wrapText } from "./text_width.ts";

/** One line of a chart. All lines share their labels; a value that is missing (null) or no number leaves a gap. */
export interface LineSeries {
  name: string;
  points: LinePoint[];
}

export interface LinePoint {
  label: string;
  value: number | null;
  /** Its period is not over, or not counted as a whole: the line at it is dotted. */
  isOpen?: boolean;
}

export interface ChartOptions {
  /** Cells per line. */
  width: number;
  /** About how many rows the plot takes, without labels and legend. Default 12. */
  height?: number;
  colour: boolean;
}

/** What only lines have. */
export interface LineChartOptions extends ChartOptions {
  /** Whether the legend gives each line's total. False for values that must not be added up, such as uniques. */
  totals?: boolean;
  /** What the dotted part of a line is, for a note below the legend. */
  openNote?: string;
}

const MAX_SERIES = 8;
const DEFAULT_HEIGHT = 12;
const MIN_PLOT_WIDTH = 10;
/** Of a dotted line only every n-th dot is set. */
const OPEN_STRIDE = 4;

/**
 * A chart of up to 8 lines, the largest by total; the legend says what is left out. Without colour, each
 * line ends in the letter that the legend gives it. Lines of text, each ended by a line feed.
 */
export function renderLineChart(series: LineSeries[], options: LineChartOptions): string {
  const style = createStyle(options.colour);
  const { shown, hidden } = shownSeries(series);
  const values = shown.flatMap((one) => one.points.map((point) => point.value)).filter(isDrawn);
  if (values.length === 0) return "no data\n";

  const wanted = Math.max(3, options.height ?? DEFAULT_HEIGHT);
  const scale = valueScale(values, Math.max(3, Math.ceil(wanted / 3)));
  // A row more or less, so that all ticks are the same number of rows apart.
  const intervals = scale.ticks.length - 1;
  const height = 1 + intervals * Math.max(1, Math.round((wanted - 1) / intervals));
  const labels = shown.reduce((most, one) => one.points.length > most.points.length ? one : most).points
    .map((point) => point.label);
  const markLines = !options.colour && shown.length > 1;
  const axisWidth = scale.ticks.reduce((most, tick) => Math.max(most, formatCompact(tick).length), 0);
  const plotWidth = Math.max(MIN_PLOT_WIDTH, options.width - axisWidth - 2 - (markLines ? 2 : 0));
  const plot: Plot = { scale, height, width: plotWidth, count: labels.length };

  const lines = plotRows(shown, plot, style, markLines).map((row, index) => {
    const tick = scale.ticks.find((value) => rowOf(value, plot) === index);
    const text = tick === undefined ? "" : formatCompact(tick);
    return `${style.dim(`${pad(text, axisWidth, "right")} ${tick === undefined ? "│" : "┤"}`)}${row}`.trimEnd();
  });
  lines.push(...bottomAxis(labels, plot).map((text) => style.dim(" ".repeat(axisWidth + 1) + text)));
  const legend = shown.map((one, index) => {
    const mark = options.colour ? style.series(index, "━━") : markLines ? letter(index) : "━━";
    return {
      mark,
      name: cleanLine(one.name),
      total: options.totals === false ? "" : formatNumber(totalOf(one), 2),
    };
  });
  lines.push("", ...legendLines(legend, hidden, options.width, style));
  if (options.openNote !== undefined && shown.some(({ points }) => points.some(isOpenPoint))) {
    lines.push(...wrapText(`┈ ${options.openNote}`, options.width).map(style.dim));
  }
  return lines.join("\n") + "\n";
}

/** The area in which the lines are drawn: its cells, its vertical scale and the points across. */
interface Plot {
  scale: Scale;
  height: number;
  width: number;
  count: number;
}

function plotRows(series: LineSeries[], plot: Plot, style: Style, markLines: boolean): string[] {
  const canvas = new BrailleCanvas(plot.width, plot.height, series.length);
  series.forEach((one, layer) => drawLine(canvas, layer, one, plot));
  const marks = markLines ? endMarks(series, plot) : [];
  // Dots at the ticks, closer together on the zero line when values lie on both sides of it.
  const gridSteps = new Map(
    plot.scale.ticks.map((tick) => [rowOf(tick, plot), tick === 0 && plot.scale.low < 0 ? 2 : 4]),
  );
  const rows = [];
  for (let row = 0; row < plot.height; row++) {
    const gridStep = gridSteps.get(row) ?? Infinity;
    let text = "";
    let run = "";
    let runLayer: number | undefined;
    const endRun = () => text += runLayer === undefined ? dimmed(run, style) : style.series(runLayer, run);
    for (let column = 0; column < plot.width; column++) {
      const { character, layer } = canvas.cell(column, row);
      if (layer !== runLayer) {
        endRun();
        [run, runLayer] = ["", layer];
      }
      if (layer === undefined) run += (column + 1) % gridStep === 0 ? "·" : " ";
      // A line through a single point would be a single dot, which is easy to miss.
      else run += plot.count === 1 ? "●" : character;
    }
    endRun();
    rows.push(marks[row] ? `${text} ${marks[row]}` : text);
  }
  return rows;
}

const dimmed = (text: string, style: Style): string => text.trim() === "" ? text : style.dim(text);

function drawLine(canvas: BrailleCanvas, layer: number, series: LineSeries, plot: Plot): void {
  let previous: { x: number; y: number; isOpen: boolean } | undefined;
  series.points.forEach(({ value, isOpen = false }, index) => {
    if (!isDrawn(value)) {
      previous = undefined;
      return;
    }
    const point = { x: dotColumn(index, plot), y: dotRow(value, plot), isOpen };
    const from = previous ?? point;
    canvas.line(layer, from.x, from.y, point.x, point.y, isOpen || from.isOpen ? OPEN_STRIDE : 1);
    previous = point;
  });
}

/** For each row, the letters of the lines that end in it. A letter whose row is taken moves to the next free one. */
function endMarks(series: LineSeries[], plot: Plot): (string | undefined)[] {
  const marks: (string | undefined)[] = new Array(plot.height).fill(undefined);
  series.forEach((one, index) => {
    const last = one.points.findLast((point) => isDrawn(point.value));
    if (!last) return;
    const wanted = rowOf(last.value!, plot);
    const rows = [...marks.keys()].sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
    const free = rows.find((row) => marks[row] === undefined);
    if (free !== undefined) marks[free] = letter(index);
  });
  return marks;
}

/** The line below the plot with its tick marks, and the labels below that. */
function bottomAxis(labels: string[], plot: Plot): [string, string] {
  const axis: string[] = new Array(plot.width).fill("─");
  let texts = "";
  for (const tick of labelTicks(labels, plot.width)) {
    const column = dotColumn(tick.index, plot) >> 1;
    axis[column] = "┬";
    const width = textWidth(tick.text);
    // One cell further right than in the plot, because of the axis' corner.
    const start = Math.max(0, Math.min(column + 1 - (width >> 1), plot.width + 1 - width));
    if (start > textWidth(texts) || texts === "") texts = pad(texts, start) + tick.text;
  }
  return [`└${axis.join("")}`, texts];
}

/** An entry of the legend; an empty total is left out. */
interface LegendEntry {
  mark: string;
  name: string;
  total: string;
}

function legendLines(entries: LegendEntry[], hidden: number, width: number, style: Style): string[] {
  const texts = entries.map(({ mark, name, total }) => {
    const markWidth = textWidth(mark) + 1;
    const totalWidth = total === "" ? 0 : total.length + 2;
    const short = truncate(name, Math.max(4, width - markWidth - totalWidth));
    const text = `${mark} ${short}${total === "" ? "" : `: ${style.bold(total)}`}`;
    return { text, width: markWidth + textWidth(short) + totalWidth };
  });
  if (hidden > 0) {
    const text = `+${formatNumber(hidden)} more: use -f csv`;
    texts.push({ text: style.dim(text), width: text.length });
  }
  const lines: string[] = [];
  let used = Infinity;
  for (const { text, width: textCells } of texts) {
    if (used + 3 + textCells > width) {
      lines.push(text);
      used = textCells;
    } else {
      lines[lines.length - 1] += `   ${text}`;
      used += 3 + textCells;
    }
  }
  return lines;
}

function dotColumn(index: number, plot: Plot): number {
  if (plot.count === 1) return plot.width;
  return Math.round(index / (plot.count - 1) * (plot.width * 2 - 1));
}

function dotRow(value: number, { scale, height }: Plot): number {
  const part = (scale.high - value) / (scale.high - scale.low);
  return Math.round(Math.max(0, Math.min(1, part)) * (height * 4 - 1));
}

const rowOf = (value: number, plot: Plot): number => dotRow(value, plot) >> 2;
const letter = (index: number): string => String.fromCharCode(65 + index);
const isOpenPoint = ({ value, isOpen = false }: LinePoint): boolean => isOpen && isDrawn(value);

/** Whether a value is one, and not a gap. */
export const isDrawn = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** The sum of a line's values. */
export const totalOf = (series: LineSeries): number =>
  series.points.reduce((sum, { value }) => sum + (isDrawn(value) ? value : 0), 0);

/** The lines for which there is room, the largest first, and how many are left out. */
export function shownSeries(series: readonly LineSeries[]): { shown: LineSeries[]; hidden: number } {
  const totals = new Map(series.map((one) => [one, totalOf(one)]));
  const shown = [...series].sort((one, other) => totals.get(other)! - totals.get(one)!).slice(0, MAX_SERIES);
  return { shown, hidden: series.length - shown.length };
}
