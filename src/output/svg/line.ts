/** Values over time as lines: the unfinished part is dotted, and each line ends in a symbol of its own. */
import { labelTicks, valueScale } from "../axis.ts";
import { cleanLine } from "../clean.ts";
import { formatCompact, formatCount, formatNumber } from "../format.ts";
import { isDrawn, type LinePoint, type LineSeries, shownSeries, totalOf } from "../line_chart.ts";
import { wrapText } from "../text_width.ts";
import { type Drawing, label, NOTHING, svgElement, tenth, tooltip, widestOf, widthOf } from "./marks.ts";

/** What lines have besides their points, as in `Chart`. */
interface Options {
  totals?: boolean;
  openNote?: string;
}

const LEGEND_PITCH = 24;
const SWATCH = 26;
/** Up to how many points a line shows each of them, and up to how many in all are told by a pointer. */
const MAX_DOTS = 40;
const MAX_TOLD = 600;
/** Up to how many points lines are heavy. */
const MAX_HEAVY = 120;

/** Symbols of about 10 pixels, so that lines differ in more than their colour. */
const SYMBOLS = [
  "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
  "M-4-4h8v8h-8z",
  "M0-5.5L5.2 4h-10.4z",
  "M0-6L5.5 0L0 6L-5.5 0z",
  "M0 5.5L5.2-4h-10.4z",
  "M-1.8-5.5h3.6v3.7h3.7v3.6h-3.7v3.7h-3.6v-3.7h-3.7v-3.6h3.7z",
  "M0-5.5L5.2-1.7L3.2 4.5H-3.2L-5.2-1.7z",
  "M-5-5L0-2.5L5-5L2.5 0L5 5L0 2.5L-5 5L-2.5 0z",
];

export function drawLines(series: readonly LineSeries[], width: number, options: Options): Drawing {
  const { shown, hidden } = shownSeries(series);
  const values = shown.flatMap(({ points }) => points.map(({ value }) => value)).filter(isDrawn);
  if (values.length === 0) return NOTHING;
  const isNarrow = width < 500;
  const scale = valueScale(values, isNarrow ? 5 : 7);
  const ticks = scale.ticks.map(formatCompact);
  const labels = shown.reduce((most, one) => one.points.length > most.points.length ? one : most).points
    .map((point) => point.label);

  const legend = drawLegend(shown, hidden, width, options);
  const left = widestOf(ticks) + 12;
  const right = width - 14;
  const top = legend.height + 14;
  const bottom = top + (isNarrow ? 210 : 290);
  const x = (index: number) =>
    labels.length === 1 ? (left + right) / 2 : left + (right - left) * index / (labels.length - 1);
  const y = (value: number) => {
    const part = (value - scale.low) / (scale.high - scale.low);
    return bottom - (bottom - top) * Math.max(0, Math.min(1, part));
  };

  const grid = scale.ticks.map((tick, index) =>
    svgElement("path", {
      class: tick === 0 || index === 0 ? "a" : "g",
      d: `M${tenth(left)} ${tenth(y(tick))}H${right}`,
    }) +
    label(ticks[index]!, left - 8, y(tick) + 4, { class: "m e l" })
  );
  const axis = labelTicks(labels, Math.floor((right - left) / 7)).map(({ index, text }) => {
    const half = widthOf(text) / 2;
    const at = Math.max(half, Math.min(x(index), width - half));
    return svgElement("path", { class: "a", d: `M${tenth(x(index))} ${bottom}v5` }) +
      label(text, at, bottom + 20, { class: "m c l" });
  });
  const hasDots = labels.length <= MAX_DOTS;
  const isTold = shown.length * labels.length <= MAX_TOLD;
  const lines = shown.map(({ name, points }, index) => {
    const place = (point: LinePoint, at: number) => ({ x: x(at), y: y(point.value!) });
    return drawLine(points, place, index, hasDots) + (isTold ? tellPoints(name, points, place) : "");
  });
  let height = bottom + 30;
  let note = "";
  if (options.openNote !== undefined && shown.some(({ points }) => points.some(isOpenPoint))) {
    const lines = wrapText(cleanLine(options.openNote), Math.floor((width - left - 32) / widthOf("0")));
    note = svgElement("path", { class: "a line open", d: `M${tenth(left)} ${height + 7}h24` }) +
      lines.map((text, index) => label(text, left + 32, height + 11 + index * 17, { class: "m l" })).join("");
    height += 7 + lines.length * 17;
  }
  return {
    width,
    height,
    body: legend.body + grid.join("") + axis.join("") + lines.toReversed().join("") + note,
    description: describe(shown, hidden, labels, options),
  };
}

/** The finished part, the dotted part, the points, and the symbol at the end. */
function drawLine(
  points: readonly LinePoint[],
  place: (point: LinePoint, index: number) => { x: number; y: number },
  series: number,
  hasDots: boolean,
): string {
  const parts = { line: "", "line open": "" };
  const weight = points.length > MAX_HEAVY ? " thin" : "";
  const dots: string[] = [];
  const last = points.findLastIndex(({ value }) => isDrawn(value));
  points.forEach((point, index) => {
    if (!isDrawn(point.value)) return;
    const to = place(point, index);
    const before = points[index - 1];
    const isJoined = before !== undefined && isDrawn(before.value);
    if (isJoined) {
      const kind = point.isOpen || before.isOpen ? "line open" : "line";
      const from = place(before, index - 1);
      const goesOn = kind === "line" && parts.line.endsWith(` ${tenth(from.x)} ${tenth(from.y)}`);
      parts[kind] += `${goesOn ? "" : `M ${tenth(from.x)} ${tenth(from.y)}`}L ${tenth(to.x)} ${tenth(to.y)}`;
    }
    const next = points[index + 1];
    const isAlone = !isJoined && (next === undefined || !isDrawn(next.value));
    const colour = point.isOpen ? `hollow s${series}` : `f${series}`;
    if (index === last) {
      const transform = `translate(${tenth(to.x)} ${tenth(to.y)})`;
      dots.push(svgElement("path", { class: colour, d: SYMBOLS[series]!, transform }));
    } else if (hasDots || isAlone) {
      dots.push(svgElement("circle", { class: colour, cx: to.x, cy: to.y, r: point.isOpen ? 3 : 2.5 }));
    }
  });
  const paths = Object.entries(parts).map(([kind, d]) =>
    d === "" ? "" : svgElement("path", { class: `${kind}${weight} s${series}`, d })
  );
  return paths.join("") + dots.join("");
}

/** Unseen circles that tell what is below the pointer. */
function tellPoints(
  name: string,
  points: readonly LinePoint[],
  place: (point: LinePoint, index: number) => { x: number; y: number },
): string {
  return points.map((point, index) => {
    if (!isDrawn(point.value)) return "";
    const { x, y } = place(point, index);
    const text = `${point.label} · ${name}: ${formatNumber(point.value, 2)}${
      point.isOpen ? " (not the whole period)" : ""
    }`;
    return svgElement("circle", { class: "hit", cx: x, cy: y, r: 8 }, tooltip(text));
  }).join("");
}

/** The names in rows that fit the width, each behind its symbol. */
function drawLegend(
  shown: readonly LineSeries[],
  hidden: number,
  width: number,
  { totals = true }: Options,
): { body: string; height: number } {
  let x = 0;
  let row = 0;
  let body = "";
  const put = (needed: number, draw: (x: number, y: number) => string) => {
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    body += draw(x, row * LEGEND_PITCH + 17);
    x += needed + 22;
  };
  shown.forEach((series, index) => {
    const total = totals ? formatNumber(totalOf(series), 2) : "";
    const totalWidth = total === "" ? 0 : widthOf(total) + 10;
    const nameWidth = Math.min(widthOf(series.name), width - SWATCH - totalWidth);
    put(
      SWATCH + nameWidth + totalWidth,
      (left, y) =>
        svgElement("path", { class: `line s${index}`, d: `M${tenth(left + 1)} ${y - 4}h18` }) +
        svgElement("path", {
          class: `f${index}`,
          d: SYMBOLS[index]!,
          transform: `translate(${tenth(left + 10)} ${y - 4})`,
        }) +
        label(series.name, left + SWATCH, y, { room: nameWidth + 1, after: total === "" ? undefined : total }),
    );
  });
  if (hidden > 0) {
    const text = `and ${formatNumber(hidden)} more, not drawn`;
    put(widthOf(text), (left, y) => label(text, left, y, { class: "m" }));
  }
  return { body, height: (row + 1) * LEGEND_PITCH };
}

function describe(shown: readonly LineSeries[], hidden: number, labels: readonly string[], { totals = true }: Options) {
  const names = shown.map((series) =>
    cleanLine(series.name) + (totals ? ` (${formatNumber(totalOf(series), 2)} in total)` : "")
  );
  const more = hidden > 0 ? `, and ${formatNumber(hidden)} more that are not drawn` : "";
  const span = labels.length === 1 ? `at ${labels[0]}` : `from ${labels[0]} to ${labels.at(-1)}`;
  return `Line chart with ${formatCount(shown.length, "line")} ${span}: ${names.join(", ")}${more}.`;
}

const isOpenPoint = ({ value, isOpen = false }: LinePoint): boolean => isOpen && isDrawn(value);
