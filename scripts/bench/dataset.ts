/** The events of a run of benchmarks, on disk: as JSON Lines, and compressed day by day for the server. */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { eventLine } from "./events.ts";
import { type Segment, segmentOf } from "./gzip_segments.ts";

/** The first of the days that have events, and how many there are. */
export const FIRST_DAY = "2026-09-01";
export const DAYS = 30;
const DAY_SECONDS = 86_400;

export interface Dataset {
  events: number;
  /** Of all events as JSON Lines. */
  plainBytes: number;
  /** A file with all events, in order of time. */
  linesPath: string;
}

/** The day, as `2026-09-01`, that comes so many days after the first. */
export function dayAfter(days: number): string {
  return new Date(Date.parse(FIRST_DAY) + days * DAY_SECONDS * 1000).toISOString().slice(0, 10);
}

/** Writes `events` events, spread evenly over the days; `form` changes how each is written. */
export function writeDataset(folder: string, events: number, form = (line: string) => line): Dataset {
  const linesPath = join(folder, "events.jsonl");
  const lines = openSync(linesPath, "w");
  const index: Omit<Segment, "deflated">[] = [];
  const firstSecond = Date.parse(FIRST_DAY) / 1000;
  const encoder = new TextEncoder();
  for (let day = 0; day < DAYS; day++) {
    const first = Math.floor(events * day / DAYS);
    const end = Math.floor(events * (day + 1) / DAYS);
    let text = "";
    for (let number = first; number < end; number++) {
      const second = Math.floor((number - first) * DAY_SECONDS / (end - first));
      text += form(eventLine(number, firstSecond + day * DAY_SECONDS + second)) + "\n";
    }
    const bytes = encoder.encode(text);
    writeSync(lines, bytes);
    const { deflated, ...facts } = segmentOf(bytes, end - first);
    writeFileSync(join(folder, `${dayAfter(day)}.deflate`), deflated);
    index.push(facts);
  }
  closeSync(lines);
  writeFileSync(join(folder, "days.json"), JSON.stringify(index));
  return { events, plainBytes: index.reduce((sum, { plainBytes }) => sum + plainBytes, 0), linesPath };
}

/** Writes `events` events as JSON Lines, spread evenly over the days, in the order of time. */
export function writeLines(path: string, events: number): void {
  const lines = openSync(path, "w");
  const firstSecond = Date.parse(FIRST_DAY) / 1000;
  let text = "";
  for (let number = 0; number < events; number++) {
    text += eventLine(number, firstSecond + Math.floor(number * DAYS * DAY_SECONDS / events)) + "\n";
    if (number % 10_000 === 9999) {
      writeSync(lines, text);
      text = "";
    }
  }
  writeSync(lines, text);
  closeSync(lines);
}

/** The compressed days of a dataset, in order. */
export function readSegments(folder: string): Segment[] {
  const index = JSON.parse(readFileSync(join(folder, "days.json"), "utf8")) as Omit<Segment, "deflated">[];
  return index.map((facts, day) => ({ ...facts, deflated: readFileSync(join(folder, `${dayAfter(day)}.deflate`)) }));
}
