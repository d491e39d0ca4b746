/** Values side by side as horizontal bars, each behind its label, with its number and share. */
import { type Bar, sharesOf } from "../bar_chart.ts";
import { cleanLine } from "../clean.ts";
import { formatCount, formatNumber } from "../format.ts";
import { type Drawing, label, NOTHING, svgElement, tenth, tooltip, widestOf } from "./marks.ts";

const THICKNESS = 18;
const GAP = 16;

/** On a narrow page labels stand above their bars. */
export function drawBars(rows: readonly Bar[], width: number): Drawing {
  if (rows.length === 0) return NOTHING;
  const isNarrow = width < 500;
  const pitch = isNarrow ? 46 : 30;
  const values = rows.map(({ value }) => formatNumber(value, 2));
  const shares = sharesOf(rows);
  const shareWidth = shares === undefined ? 0 : widestOf(shares) + GAP;
  const valueWidth = widestOf(values) + GAP;
  const labelWidth = isNarrow ? 0 : Math.min(widestOf(rows.map((row) => row.label)) + 4, width * 0.34);
  const left = isNarrow ? 0 : labelWidth + GAP;
  const right = width - (isNarrow ? 0 : valueWidth + shareWidth);

  const finite = rows.map(({ value }) => Number.isFinite(value) ? value : 0);
  const low = finite.reduce((least, value) => Math.min(least, value), 0);
  const high = finite.reduce((most, value) => Math.max(most, value), 0);
  const scale = high === low ? 0 : (right - left) / (high - low);
  const zero = left - low * scale;

  const body = rows.map((row, index) => {
    const top = index * pitch + 8;
    const middle = top + THICKNESS - 5;
    const barTop = isNarrow ? top + 20 : top;
    const length = Math.max(finite[index] === 0 ? 0 : 2, Math.abs(finite[index]!) * scale);
    const bar = svgElement(
      "rect",
      {
        class: finite[index]! < 0 ? "f1" : "f0",
        x: finite[index]! < 0 ? zero - length : zero,
        y: barTop,
        width: length,
        height: isNarrow ? 14 : THICKNESS,
        rx: 2.5,
      },
      tooltip(`${row.label}: ${values[index]}${shares === undefined ? "" : `, ${shares[index]}`}`),
    );
    const room = isNarrow ? width - valueWidth - shareWidth - GAP : labelWidth + 2;
    return svgElement("rect", {
      class: "tint",
      x: left,
      y: barTop,
      width: right - left,
      height: isNarrow ? 14 : THICKNESS,
      rx: 2.5,
    }) +
      bar + label(row.label, 0, middle, { room }) +
      label(values[index]!, width - shareWidth, middle, { class: "b e" }) +
      (shares === undefined ? "" : label(shares[index]!, width, middle, { class: "m e" }));
  });
  const height = rows.length * pitch + 12;
  if (low < 0) body.push(svgElement("path", { class: "a", d: `M${tenth(zero)} 4V${height - 6}` }));
  const told = rows.slice(0, 3).map((row, index) => `${cleanLine(row.label)} ${values[index]}`).join(", ");
  return {
    width,
    height,
    body: body.join(""),
    description: `Bar chart with ${formatCount(rows.length, "bar")}: ${told}${rows.length > 3 ? ", …" : ""}.`,
  };
}
