/** Charts as SVG: a file of its own, or a part of a page. */
import { cleanLine } from "../clean.ts";
import type { Chart } from "../chart.ts";
import type { Heading } from "../report.ts";
import { escapeXml } from "../../streams/escape_xml.ts";
import { drawBars } from "./bar.ts";
import { drawFunnelMatrix } from "./funnel_matrix.ts";
import { drawHeatMap } from "./heat_map.ts";
import { drawLines } from "./line.ts";
import { type Drawing, label, svgElement, widthOf } from "./marks.ts";
import { LIGHT_PICTURE_STYLE, PICTURE_STYLE, THEME } from "./theme.ts";

const FILE_WIDTH = 800;
const MARGIN = 24;

/** A chart, `width` pixels wide; wider where it has more to show. */
export function drawChart(chart: Chart, width: number): Drawing {
  switch (chart.kind) {
    case "line":
      return drawLines(chart.series, width, chart);
    case "bar":
      return drawBars(chart.rows, width);
    case "heat_map":
      return drawHeatMap(chart.map, width);
    case "funnel_matrix":
      return drawFunnelMatrix(chart.lists, chart.segmentTitle, width);
  }
}

/** A part of a page, whose style has `PICTURE_STYLE`. `id` is its own in the page. */
export function pagePicture(drawing: Drawing, title: string, id: string, className: string): string {
  return svg(drawing, title, id, { class: className }, drawing.body) + "\n";
}

/** A file: the picture below its heading, on a background of its own. `isLight` leaves out what resvg does not know. */
export function pictureFile(chart: Chart, heading: Heading, { isLight = false } = {}): string {
  const drawing = drawChart(chart, FILE_WIDTH - 2 * MARGIN);
  const facts = heading.facts.join(" · ");
  const top = MARGIN + (facts === "" ? 36 : 60);
  const inner = Math.max(drawing.width, Math.min(widthOf(facts), FILE_WIDTH));
  const size = { ...drawing, width: inner + 2 * MARGIN, height: drawing.height + top + MARGIN };
  return svg(
    size,
    heading.title,
    "picture",
    { xmlns: "http://www.w3.org/2000/svg" },
    `<style>${
      escapeStyle(isLight ? LIGHT_PICTURE_STYLE : THEME + PICTURE_STYLE)
    }text.title{font-size:18px;font-weight:600}</style>` +
      svgElement("rect", { class: "page", width: "100%", height: "100%" }) +
      label(heading.title, MARGIN, MARGIN + 16, { class: "title", room: inner / 1.35 }) +
      (facts === "" ? "" : label(facts, MARGIN, MARGIN + 38, { class: "m" })) +
      svgElement("g", { transform: `translate(${MARGIN} ${top})` }, drawing.body),
  ) + "\n";
}

function svg(
  { width, height, description }: Omit<Drawing, "body">,
  title: string,
  id: string,
  attributes: Record<string, string>,
  body: string,
): string {
  const [wide, high] = [Math.ceil(width), Math.ceil(height)];
  const named = svgElement("title", { id: `${id}-title` }, escapeXml(cleanLine(title))) +
    svgElement("desc", { id: `${id}-desc` }, escapeXml(cleanLine(description)));
  return svgElement("svg", {
    ...attributes,
    role: "img",
    "aria-labelledby": `${id}-title ${id}-desc`,
    width: wide,
    height: high,
    viewBox: `0 0 ${wide} ${high}`,
  }, named + body);
}

/** The quotes of fonts' names are fine in a style; XML minds these two. */
const escapeStyle = (style: string): string => style.replace(/&/g, "&amp;").replace(/</g, "&lt;");
