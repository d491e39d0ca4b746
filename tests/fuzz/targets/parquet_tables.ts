/** Events as Parquet: read back, each value is the one that was there. */
import { epochMs } from "../../../src/streams/events/event_time.ts";
import { columnFinder } from "../../../src/streams/table/columns.ts";
import { eventLines } from "../../../src/streams/events/event_lines.ts";
import { LongNumber, parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import { parquetRecords } from "../../../src/streams/parquet/parquet_records.ts";
import { recordEncoder } from "../../../src/streams/table/record_formats.ts";
import type { Random } from "../../helpers/random.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes } from "../expect.ts";
import { mutated, volatileChunks } from "../mutate.ts";
import { columnValue, withoutBlankLines } from "./columns.ts";

export async function fuzzParquetTables(random: Random): Promise<void> {
  const damaged = mutated(new TextEncoder().encode(eventsText(random)), random, random.below(3));
  const blocks: Uint8Array[] = [];
  try {
    for await (const block of eventLines(volatileChunks(damaged, random), { records: 0, bytes: 0 })) {
      blocks.push(withoutBlankLines(block));
    }
  } catch { /* the events before the fault are what is encoded */ }
  const finder = columnFinder("event");
  for (const block of blocks) finder.observe(block);
  const columns = finder.columns();
  if (columns.length === 0) return;
  const encoder = await recordEncoder("parquet", columns, "event");
  const pieces = [encoder.begin().slice()];
  for (const block of blocks) pieces.push((await encoder.encode(block)).slice());
  pieces.push((await encoder.end()).slice());
  const file = Buffer.concat(pieces);
  const slice = (start: number, end?: number) =>
    Promise.resolve(new Uint8Array(file.subarray(start, end ?? file.length)));
  const rows: Record<string, unknown>[] = [];
  for await (const batch of parquetRecords({ byteLength: file.length, slice })) rows.push(...batch as typeof rows);
  const lines = new TextDecoder().decode(Buffer.concat(blocks)).split("\n").filter((line) => line.trim() !== "");
  if (rows.length !== lines.length) {
    throw new Error(`${rows.length} rows for ${lines.length} events: ${describeBytes(damaged)}`);
  }
  for (const [index, line] of lines.entries()) {
    const record = parseJson(line) as Parameters<typeof columnValue>[0];
    for (const { name, type } of columns) {
      const [cell, value] = [rows[index]![name], columnValue(record, name)];
      if (!isSame(cell, value, type)) {
        throw new Error(`The value ${stringifyJson(cell ?? null)} of ${name} (${type}) is not that of ${line}`);
      }
    }
  }
}

function isSame(cell: unknown, value: unknown, type: string): boolean {
  if (value === undefined || value === null) return cell === undefined || cell === null;
  // A number that is too large for one is written as what it is read as.
  if (typeof value === "number" && !Number.isFinite(value)) return Number(cell) === value;
  if (type === "string" && typeof value === "object") {
    return stringifyJson(wellFormed(parseJson(String(cell)))) === stringifyJson(wellFormed(value));
  }
  if (type === "json") return stringifyJson(wellFormed(cell)) === stringifyJson(wellFormed(value));
  if (type === "timestamp") return Date.parse(String(cell)) === epochMs(Number(value));
  if (type === "number") return Number(cell) === Number(value);
  if (type === "string" && typeof value !== "string") return Number(cell) === Number(value) || cell === String(value);
  if (typeof value === "string") return cell === value.toWellFormed();
  return String(cell) === String(value);
}

/** Without halves of surrogate pairs, which have bytes only as escapes, and numbers that are too large for one. */
function wellFormed(value: unknown): unknown {
  // What is read keeps all digits, and what it is compared with has those of a double.
  if (value instanceof LongNumber) return wellFormed(value.valueOf());
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toWellFormed(), wellFormed(inner)]));
}
