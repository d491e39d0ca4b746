/** What pictures are drawn with: elements, texts, and how wide a text is about. */
import { cleanLine } from "../clean.ts";
import { textWidth, truncate } from "../text_width.ts";
import { escapeXml } from "../../streams/escape_xml.ts";

/** A drawing in pixels from its upper left corner, and what it shows in words. */
export interface Drawing {
  width: number;
  height: number;
  body: string;
  /** One sentence, for those who do not see it. */
  description: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** No font is known here: this is about the width of a digit in the fonts of all systems. */
const CELL = 7.3;

/** An element; numbers are rounded to a tenth of a pixel. */
export function svgElement(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? tenth(value) : escapeXml(value!)}"`);
  return content === undefined ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${content}</${name}>`;
}

/** A text, cleaned; cut to `room` pixels where that is given, and then whole as its tooltip. `after` follows it in bold. */
export function label(
  text: string,
  x: number,
  y: number,
  options: { class?: string; room?: number; after?: string } = {},
): string {
  const clean = cleanLine(text);
  const shown = options.room === undefined ? clean : truncate(clean, Math.max(2, Math.floor(options.room / CELL)));
  const whole = shown === clean ? "" : tooltip(clean);
  const after = options.after === undefined ? "" : svgElement("tspan", { class: "b", dx: 6 }, escapeXml(options.after));
  return svgElement("text", { x, y, class: options.class }, escapeXml(shown) + after + whole);
}

/** What is shown while a pointer rests on an element. */
export const tooltip = (text: string): string => `<title>${escapeXml(cleanLine(text))}</title>`;

/** About how many pixels wide a text is. */
export const widthOf = (text: string): number => textWidth(cleanLine(text)) * CELL;

export const widestOf = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);

export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** What stands for a picture of nothing. */
export const NOTHING: Drawing = {
  width: 320,
  height: 56,
  body: label("No data", 16, 34, { class: "m" }),
  description: "There is no data to draw.",
};
