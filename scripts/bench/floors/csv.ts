/** A plain CSV export: `bun csv.ts URL FILE` parses each line and writes columns that it knows beforehand. */
import process from "node:process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { COLUMNS } from "../events.ts";
import { linesOf } from "./lines.ts";

const [url = "", path = ""] = process.argv.slice(2);
const file = createWriteStream(path);
const properties = COLUMNS.slice(1);
file.write(COLUMNS.join(",") + "\n");
for await (const lines of linesOf(url)) {
  let text = "";
  for (const line of lines) {
    const record = JSON.parse(line) as { event: string; properties: Record<string, unknown> };
    text += field(record.event);
    for (const name of properties) text += "," + field(record.properties[name]);
    text += "\n";
  }
  if (!file.write(text)) await once(file, "drain");
}
file.end();

function field(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
