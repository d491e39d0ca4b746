/** Well-formed records of all shapes, from which cases are made. */
import { eventLine } from "../../scripts/bench/events.ts";
import type { Random } from "../helpers/random.ts";

const FIRST_SECOND = Date.UTC(2026, 8, 1) / 1000;

/** Values that are read wrongly where a reader is careless. */
const VALUES = [
  "0",
  "-0",
  "-12.5e-3",
  "1E400",
  "123456789012345678901",
  "9007199254740993",
  "-9223372036854775808",
  "0.1000000000000000055",
  "true",
  "null",
  '""',
  '"a,b"',
  '"\\"quoted\\""',
  '"line\\r\\nbreak"',
  '"\\u0000\\u001f\\u2028"',
  '"\\ud83d\\ude80"',
  '"\\ud83d alone"',
  '"}\\\\"',
  '"tab\\tand;semicolon"',
  '"  spaces "',
  '"2026-01-31T12:00:00"',
  "[]",
  "{}",
  '[1,[2,[3,{"a":"]"}]]]',
  '{"time":1,"event":"x","properties":{"b":null}}',
  '[{"quoted,comma":"\\"","line":"\\n"}]',
] as const;

const NAMES = [
  "plan",
  "é",
  'a\\"b',
  "time ",
  "\\u0070lan",
  "$insert_id ",
  "event",
  "",
  "distinct\\u005fid",
  "properties",
];

/** One event; most are as Mixpanel writes them. */
export function eventText(random: Random): string {
  const number = random.below(1_000_000);
  let text = eventLine(number, FIRST_SECOND + random.below(2_000_000));
  for (let added = random.chance(0.5) ? random.below(4) : 0; added > 0; added--) {
    text = text.replace(/\}\}$/, `,"${random.pick(NAMES)}":${random.pick(VALUES)}}}`);
  }
  if (random.chance(0.2)) text = text.replace(/"\$insert_id":"[^"]*",/, "");
  if (random.chance(0.05)) text = text.replace(/^\{("event":"[^"]*"),(.*)\}$/, "{$2,$1}");
  // Of a key that is there twice the last one counts, however it is written.
  if (random.chance(0.03)) {
    const key = random.pick(["properties", "propert\\u0069es", "event", "extra"]);
    if (random.chance(0.5)) text = text.replace(/^\{/, `{"${key}":{"a":${random.pick(VALUES)}},`);
    else text = text.replace(/\}$/, `,"${key}":${random.pick(['{"time":1789000000,"distinct_id":"u"}', "1", '"x"'])}}`);
  }
  if (random.chance(0.1)) {
    text = JSON.stringify(JSON.parse(text), null, " ").replaceAll("\n", random.pick(["", " ", "\t"]));
  }
  if (random.chance(0.05)) text += random.pick([" ", "\r", "\t"]);
  return text;
}

/** Lines of events, some of them blank. */
export function eventsText(random: Random): string {
  const lines = Array.from({ length: 1 + random.below(12) }, () => random.chance(0.03) ? "" : eventText(random));
  return lines.join("\n") + (random.chance(0.7) ? "\n" : "");
}
