/** A lake of Parquet as `mp export --hive` writes it, made without a server: for more events than one would export. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Column, ColumnType } from "../../src/streams/table/record_encoder.ts";
import { recordEncoder } from "../../src/streams/table/record_formats.ts";
import { dayAfter, DAYS, FIRST_DAY } from "./dataset.ts";
import { COLUMNS, eventLine } from "./events.ts";

const DAY_SECONDS = 86_400;
/** Events that are made at a time. */
const BLOCK_EVENTS = 20_000;

const TYPES: Partial<Record<(typeof COLUMNS)[number], ColumnType>> = {
  time: "timestamp",
  $mp_api_timestamp_ms: "number",
  mp_processing_time_ms: "number",
  amount: "number",
  beta: "boolean",
  order_id: "decimal",
  items: "json",
};

const columns: Column[] = COLUMNS.map((name) => ({ name, type: TYPES[name] ?? "string" }));

/** Writes the days that are not there yet, `events` events in all, of so many people, which is a prime. */
export async function writeLake(folder: string, events: number, people: number): Promise<void> {
  const encoder = new TextEncoder();
  const firstSecond = Date.parse(FIRST_DAY) / 1000;
  for (let day = 0; day < DAYS; day++) {
    const date = dayAfter(day);
    const path = join(folder, `date=${date}`, `${date}.parquet`);
    if (existsSync(path)) continue;
    mkdirSync(join(folder, `date=${date}`), { recursive: true });
    const file = openSync(`${path}.part`, "w");
    const table = await recordEncoder("parquet", columns, "event", { rest: "other_properties", createdBy: "mp" });
    writeSync(file, table.begin());
    const first = Math.floor(events * day / DAYS), end = Math.floor(events * (day + 1) / DAYS);
    for (let start = first; start < end; start += BLOCK_EVENTS) {
      let text = "";
      for (let number = start; number < Math.min(end, start + BLOCK_EVENTS); number++) {
        const second = firstSecond + day * DAY_SECONDS + Math.floor((number - first) * DAY_SECONDS / (end - first));
        text += eventLine(number, second, people) + "\n";
      }
      writeSync(file, await table.encode(encoder.encode(text)));
    }
    writeSync(file, await table.end());
    closeSync(file);
    renameSync(`${path}.part`, path);
  }
}
