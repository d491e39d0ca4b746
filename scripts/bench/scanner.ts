/**
 * What walks JSON bytes, held in turn against `JSON.parse` of the same lines, and lines with blanks against those without:
 *
 *     bun scripts/bench/scanner.ts
 */
import { isEventLine } from "../../src/streams/events/event_line.ts";
import { EventScanner } from "../../src/streams/events/event_scanner.ts";
import { JsonSpans } from "../../src/streams/json/json_spans.ts";
import { eventLine, withBlanks } from "./events.ts";
import { median } from "./measure_process.ts";

const EVENTS = 20_000, ROUNDS = 15, WARM_ROUNDS = 5;
const LINE_FEED = 10;
const FIRST_SECOND = Date.UTC(2026, 8, 1) / 1000;

const compact = Array.from({ length: EVENTS }, (_, number) => eventLine(number, FIRST_SECOND + number));
const blank = compact.map(withBlanks);
const block = (lines: readonly string[]) => new TextEncoder().encode(lines.join("\n") + "\n");

type Walk = (bytes: Uint8Array, start: number, end: number) => boolean;

const spans = new JsonSpans("event");
const scanner = new EventScanner();
const decoder = new TextDecoder();
const walks: Record<string, Walk> = {
  "JSON.parse": (bytes, start, end) => JSON.parse(decoder.decode(bytes.subarray(start, end))) !== undefined,
  "check of an export": isEventLine,
  "check of an import": (bytes, start, end) => scanner.scan(bytes, start, end),
  "members for columns": (bytes, start, end) => spans.scan(bytes, start, end),
};
const blocks = { compact: block(compact), "with blanks": block(blank) };

/** Processor time of one walk over all lines, in nanoseconds a line. */
function measure(walk: Walk, bytes: Uint8Array): number {
  const before = process.cpuUsage();
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (!walk(bytes, start, end)) throw new Error("Cannot read a line of the benchmark: it was refused");
    start = end + 1;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000 / EVENTS;
}

const times = new Map<string, number[]>();
for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
  for (const [name, walk] of Object.entries(walks)) {
    for (const [form, bytes] of Object.entries(blocks)) {
      const time = measure(walk, bytes);
      const key = `${name}, ${form}`;
      if (round >= WARM_ROUNDS) times.set(key, [...times.get(key) ?? [], time]);
    }
  }
}

const timeOf = (name: string, form: string) => median(times.get(`${name}, ${form}`) ?? []);
for (const name of Object.keys(walks)) {
  const plain = timeOf(name, "compact"), blanks = timeOf(name, "with blanks");
  console.log(
    `${name.padEnd(20)} ${plain.toFixed(0).padStart(5)} ns an event, ` +
      `${(plain / timeOf("JSON.parse", "compact")).toFixed(2)} × JSON.parse; ` +
      `with blanks ${(blanks / plain).toFixed(2)} × compact`,
  );
}
