/** Shares in rows and columns: each cell has its number and a colour; open cells are marked, and what is not known is blank. */
import { formatCount, formatNumber, formatShare } from "../format.ts";
import { heatLevels, type HeatMap } from "../heat_map.ts";
import { type Drawing, label, NOTHING, svgElement, tooltip, widestOf } from "./marks.ts";
import { HEAT } from "./theme.ts";

const HEIGHT = 30;
const GAP = 2;
const HEADER = 28;
/** Between a summary and the rows that it is of. */
const SUMMARY_GAP = 8;
const MIN_CELL = 54;
const MAX_CELL = 92;

/** As wide as asked for, or wider where the cells need it. */
export function drawHeatMap(map: HeatMap, width: number): Drawing {
  if (map.rows.length === 0 || map.columns.length === 0) return NOTHING;
  const level = heatLevels(map.rows, HEAT.length);
  const sizes = map.rows.map(({ size }) => size === null ? "" : formatNumber(size));
  const labelWidth = Math.min(220, widestOf([map.labelTitle, ...map.rows.map((row) => row.label)]) + 6);
  const sizeRight = labelWidth + widestOf([map.sizeTitle, ...sizes]) + 10;
  const left = sizeRight + 12;
  const cell = Math.max(MIN_CELL, Math.min(MAX_CELL, (width - left) / map.columns.length - GAP));
  const x = (column: number) => left + column * (cell + GAP);

  const titles = map.columns.map((title, column) =>
    label(title, x(column) + cell / 2, 18, { class: "m c l", room: cell + GAP })
  );
  let y = HEADER;
  const rows = map.rows.map((row, index) => {
    const weight = row.isSummary ? "b" : "";
    const text = y + HEIGHT / 2 + 4.5;
    const cells = row.cells.slice(0, map.columns.length).map(({ share, isOpen = false }, column) => {
      if (share === null) return "";
      const shade = level(share);
      const number = formatShare(share);
      const told = `${row.label}, ${map.columns[column]}: ${number}${isOpen ? ` (${map.openNote})` : ""}`;
      return svgElement(
        "g",
        {},
        [
          svgElement("rect", { class: `h${shade}`, x: x(column), y, width: cell, height: HEIGHT, rx: 3 }),
          isOpen
            ? svgElement("rect", {
              class: "due",
              x: x(column) + 2,
              y: y + 2,
              width: cell - 4,
              height: HEIGHT - 4,
              rx: 2,
            })
            : "",
          label(`${number}${isOpen ? "*" : ""}`, x(column) + cell / 2, text, {
            class: `t${shade} c l ${weight}`.trimEnd(),
          }),
          tooltip(told),
        ].join(""),
      );
    });
    const head = label(row.label, 0, text, { class: weight, room: labelWidth + 4 }) +
      label(sizes[index]!, sizeRight, text, { class: `m e ${weight}`.trimEnd() });
    y += HEIGHT + GAP + (row.isSummary ? SUMMARY_GAP : 0);
    return head + cells.join("");
  });
  const hasOpen = map.rows.some(({ cells }) => cells.some(({ isOpen, share }) => isOpen === true && share !== null));
  const note = hasOpen ? label(`* ${map.openNote}`, 0, y + 18, { class: "m l" }) : "";
  return {
    width: Math.max(width, x(map.columns.length) - GAP),
    height: y + (hasOpen ? 28 : 4),
    body: label(map.labelTitle, 0, 18, { class: "m l" }) + label(map.sizeTitle, sizeRight, 18, { class: "m e l" }) +
      titles.join("") + rows.join("") + note,
    description:
      `Heat map with ${formatCount(map.rows.length, "row")} and ${formatCount(map.columns.length, "column")}` +
      ` of shares, by ${map.labelTitle}.`,
  };
}
