/** A plain Parquet export: `bun parquet.ts URL FILE` parses each line and writes columns that it knows beforehand. */
import process from "node:process";
import type { BasicType } from "hyparquet-writer";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { COLUMNS } from "../events.ts";
import { linesOf } from "./lines.ts";

const ROW_GROUP_ROWS = 10_000;
const TYPES: Partial<Record<string, BasicType>> = {
  time: "INT64",
  $mp_api_timestamp_ms: "INT64",
  mp_processing_time_ms: "INT64",
  order_id: "INT64",
  amount: "DOUBLE",
  beta: "BOOLEAN",
};

const [url = "", path = ""] = process.argv.slice(2);
const empty = () => COLUMNS.map((name) => ({ name, data: [] as unknown[], type: TYPES[name] ?? "STRING" as const }));
let columns = empty();
const writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData: empty() }) });
for await (const lines of linesOf(url)) {
  for (const line of lines) {
    const { event, properties } = JSON.parse(line) as { event: string; properties: Record<string, unknown> };
    for (const { name, data, type } of columns) data.push(cell(name === "event" ? event : properties[name], type));
    if (columns[0]!.data.length === ROW_GROUP_ROWS) flush();
  }
}
if (columns[0]!.data.length > 0) flush();
writer.finish();

function flush(): void {
  writer.write({ columnData: columns, rowGroupSize: ROW_GROUP_ROWS });
  columns = empty();
}

function cell(value: unknown, type: BasicType): unknown {
  if (value === undefined || value === null) return null;
  if (type === "INT64") return BigInt(value as number);
  return typeof value === "object" ? JSON.stringify(value) : value;
}
