/** Events as CSV: each cell, read back by the simplest of readers, is the value that was there. */
import { columnFinder } from "../../../src/streams/table/columns.ts";
import { simpleCsvRecords } from "../../helpers/simple_csv.ts";
import { eventLines } from "../../../src/streams/events/event_lines.ts";
import { parseJson } from "../../../src/streams/json/json.ts";
import { recordEncoder } from "../../../src/streams/table/record_formats.ts";
import type { Random } from "../../helpers/random.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes } from "../expect.ts";
import { mutated, volatileChunks } from "../mutate.ts";
import { columnValue, withoutBlankLines } from "./columns.ts";

export async function fuzzCsvTables(random: Random): Promise<void> {
  const damaged = mutated(new TextEncoder().encode(eventsText(random)), random, random.below(4));
  const blocks: Uint8Array[] = [];
  try {
    for await (const block of eventLines(volatileChunks(damaged, random), { records: 0, bytes: 0 })) {
      blocks.push(withoutBlankLines(block));
    }
  } catch { /* the events before the fault are what is encoded */ }
  const finder = columnFinder("event");
  for (const block of blocks) finder.observe(block);
  const columns = finder.columns();
  const encoder = await recordEncoder("csv", columns, "event");
  const pieces = [encoder.begin().slice()];
  for (const block of blocks) pieces.push((await encoder.encode(block)).slice());
  pieces.push((await encoder.end()).slice());
  const lines = new TextDecoder().decode(Buffer.concat(blocks)).split("\n").filter((line) => line.trim() !== "");
  const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  const rows = [...simpleCsvRecords(text)];
  if (lines.length === 0) return;
  if (rows.length - 1 !== lines.length) {
    throw new Error(`${rows.length - 1} rows for ${lines.length} events: ${describeBytes(damaged)}`);
  }
  for (const [index, line] of lines.entries()) {
    const record = parseJson(line) as Record<string, unknown> & { properties: Record<string, unknown> };
    for (const [column, { name }] of columns.entries()) {
      const cell = rows[index + 1]!.fields[column] ?? "";
      const value = columnValue(record, name);
      if (!isSame(cell, value)) throw new Error(`The cell ${JSON.stringify(cell)} of ${name} is not that of ${line}`);
    }
  }
}

function isSame(cell: string, value: unknown): boolean {
  if (value === undefined || value === null) return cell === "";
  if (typeof value === "string") return cell === value.toWellFormed().replaceAll("\0", "\\u0000");
  if (typeof value === "bigint") return cell === String(value);
  if (typeof value === "number") return cell.trim() !== "" && Object.is(Number(cell), value);
  if (typeof value === "boolean") return cell === String(value);
  try {
    return wellFormedJson(JSON.parse(cell)) === wellFormedJson(value);
  } catch {
    return false;
  }
}

/** JSON without halves of surrogate pairs, which have bytes only as escapes. */
function wellFormedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === "bigint") return Number(inner);
    return typeof inner === "string" ? inner.toWellFormed() : inner;
  });
}
