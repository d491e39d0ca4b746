/** Realistic events, always the same: about 370 bytes each, with what Mixpanel adds to them. */

const NAMES = ["Sign Up", "Session Start", "Page View", "Search", "Add To Cart", "Purchase"];
const CITIES = ["Berlin", "Paris", "Oslo", "Köln", "São Paulo", "New York", "東京"];
const BROWSERS = ["Chrome", "Safari", "Firefox", "Edge"];

/** All columns that the events have, in the order in which a table should show them. */
export const COLUMNS = [
  "event",
  "time",
  "distinct_id",
  "$insert_id",
  "$browser",
  "$city",
  "$mp_api_endpoint",
  "$mp_api_timestamp_ms",
  "mp_processing_time_ms",
  "plan",
  "amount",
  "referrer",
  "beta",
  "order_id",
  "note",
  "items",
] as const;

/** The share of events with an integer beyond 2^53 is one of so many. */
const ORDER_EVERY = 20;

/** Of whom the events are, when nobody says how many there are. */
const PEOPLE = 60_013;

/**
 * One event as a line without its line feed. Its properties depend on the number alone.
 *
 * @param people how many there are, a prime
 */
export function eventLine(number: number, timeSeconds: number, people = PEOPLE): string {
  const pick = (list: readonly string[], salt: number) => list[(number * 7919 + salt * 104_729) % list.length]!;
  const milliseconds = timeSeconds * 1000 + number % 1000;
  return `{"event":"${pick(NAMES, 1)}","properties":{"time":${timeSeconds},` +
    `"distinct_id":"user-${(number * 48_271) % people}","$browser":"${pick(BROWSERS, 2)}",` +
    `"$city":"${pick(CITIES, 3)}","$insert_id":"${insertId(number)}","$mp_api_endpoint":"api.mixpanel.com",` +
    `"$mp_api_timestamp_ms":${milliseconds},"mp_processing_time_ms":${milliseconds + 876},` +
    `"plan":"${number % 5 === 0 ? "pro" : "free"}","amount":${(number % 10_000) / 100},` +
    `"referrer":"https://example.com/articles/${number % 100}","beta":${number % 3 === 0}${rareProperties(number)}}}`;
}

/** The same JSON with a blank after each colon and comma, as many programs print it. */
export function withBlanks(line: string): string {
  return line.replace(/("(?:[^"\\]|\\.)*")|[:,]/g, (token, text) => text ?? token + " ");
}

/** An integer of 19 digits for one event in twenty, as text; undefined for the others. */
export function orderId(number: number): string | undefined {
  return number % ORDER_EVERY === 7 ? `1${String(number).padStart(9, "0")}987654321` : undefined;
}

/** 32 hexadecimal digits without a pattern that a compressor could use. */
function insertId(number: number): string {
  let text = "";
  for (let part = 1; part <= 4; part++) {
    let mixed = Math.imul(number ^ (part * 0x9e3779b9), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
    text += (mixed >>> 0).toString(16).padStart(8, "0");
  }
  return text;
}

function rareProperties(number: number): string {
  const order = orderId(number);
  let text = order === undefined ? "" : `,"order_id":${order}`;
  if (number % 25 === 3) text += `,"note":"He said \\"${number}\\",\\nleft; \\u00e9\\ud83d\\ude80 C:\\\\temp, “ok” 🎉"`;
  if (number % 10 === 4) {
    text += `,"items":[{"sku":"A-${number % 977}","price":${(number % 500) / 10},"tags":["new","sale"]},` +
      `{"sku":"B-${number % 31}","price":null,"size":{"width":${number % 9},"unit":"cm"}}]`;
  }
  return text;
}
