/** An event on one line of a terminal. */
import { cleanLine } from "../../../output/clean.ts";
import type { Style } from "../../../output/colour.ts";
import { pad, textWidth, truncate } from "../../../output/text_width.ts";
import { isoDay } from "../../../streams/iso_time.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../../../streams/json/json.ts";

export interface LineRoom {
  /** Width of the terminal. */
  columns: number;
  nowMs: number;
  style: Style;
}

const NAME_WIDTH = 20;
const ID_WIDTH = 12;
/** With less room for properties there are none. */
const LEAST_PROPERTIES = 8;

/** When, what, who, and as many properties as there is room for; name and id are never cut. */
export function tailLine(text: string, { columns, nowMs, style }: LineRoom): string {
  const record = parseJson(text) as { event?: unknown; properties?: unknown };
  const properties = isObject(record.properties) ? record.properties : {};
  const name = pad(cleanLine(String(record.event)), NAME_WIDTH);
  const id = pad(cleanLine(String(properties.distinct_id ?? "")), ID_WIDTH);
  const time = timeText(Number(properties.time) * 1000, nowMs);
  const room = columns - textWidth(`${time}  ${name}  ${id}  `);
  const others = Object.entries(properties).filter(([key]) => isOwn(key))
    .map(([key, value]) => `${cleanLine(key)}=${cleanLine(typeof value === "string" ? value : stringifyJson(value))}`);
  const shown = room < LEAST_PROPERTIES ? "" : truncate(others.join(" "), room);
  return `${style.dim(time)}  ${style.bold(name)}  ${id}  ${style.dim(shown)}`.trimEnd();
}

/** The clock's time in UTC, and the day where it is another than today. */
function timeText(timeMs: number, nowMs: number): string {
  // JavaScript has no date beyond this.
  if (!(Math.abs(timeMs) <= 8.64e15)) return "?";
  const clock = new Date(timeMs).toISOString().slice(11, 19);
  return isoDay(timeMs) === isoDay(nowMs) ? clock : `${isoDay(timeMs)} ${clock}`;
}

/** What the sender has thought of, and not what an SDK or Mixpanel adds. */
function isOwn(key: string): boolean {
  return !/^(?:\$|mp_)/.test(key) && key !== "time" && key !== "distinct_id" && key !== "token";
}
