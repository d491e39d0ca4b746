/** Lakes that are filled night after night, and whether what was read of one is what was sent. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { localStorage } from "../../../src/storage/files/local.ts";
import { openFolderLab, range, type Wishes } from "./folder_lab.ts";
import { linesOfNight, type Night } from "./nights.ts";

export type Row = Record<string, unknown>;

export function openLakeLab() {
  const { openLab, newFolder, exported } = openFolderLab();

  /** Exports each night, the first days of it again, to a lake with its manifest beside it. */
  async function fill(path: string, nights: readonly Night[], wishes: Wishes = {}): Promise<string[]> {
    const lab = openLab();
    const notes: string[] = [];
    lab.linesOf = (day) => linesOfNight(nights.find((night) => night.day === day) ?? { day, events: [] });
    for (const [index] of nights.entries()) {
      await exported(lab, path, range(1, index + 1), {
        format: "parquet",
        manifestStorage: localStorage(`${path}.mp`),
        stateFolder: join(`${path}.mp`, "state"),
        mayExtend: true,
        note: (line) => void notes.push(line),
        ...wishes,
      });
    }
    return notes;
  }

  return { newFolder, fill };
}

/** What a reader that knows the columns alone makes of a property: from its column, or from that of the rest. */
function valueOf(row: Row, name: string): unknown {
  for (const column of [`properties.${name}`, name]) {
    if (row[column] !== null && row[column] !== undefined) return row[column];
  }
  const rest = row.other_properties;
  return typeof rest === "string" ? textOfMember(rest, name) : undefined;
}

/** The text of a member, so that no digit is lost. */
export function textOfMember(json: string, name: string): string | undefined {
  let text: string | undefined;
  JSON.parse(
    json,
    ((key: string, value: unknown, { source }: { source?: string }) => {
      if (key === name && source !== undefined) text = source;
      return value;
    }) as (key: string, value: unknown) => unknown,
  );
  const value = (JSON.parse(json) as Row)[name] ?? (JSON.parse(json) as Row)[`properties.${name}`];
  return value === undefined || value === null ? undefined : typeof value === "object" ? JSON.stringify(value) : text;
}

/** Whether a value that was read is the one that was written. */
export function isSame(read: unknown, text: string): boolean {
  if (text === "null") return read === undefined;
  const written = JSON.parse(text) as unknown;
  if (typeof written === "string") return read === written || read === text;
  if (typeof written === "object") return JSON.stringify(JSON.parse(String(read))) === JSON.stringify(written);
  if (typeof written === "boolean") return read === written || read === text;
  // Beyond 2^53 digits count; a double is what JSON.parse makes of the rest.
  const isLong = !Number.isFinite(written) || (/^-?\d+$/.test(text) && !Number.isSafeInteger(written));
  return isLong ? String(read) === text : Number(read) === written;
}

/** @param hasPath whether readers make a column `date` of the folders */
export function assertLake(rows: readonly Row[], nights: readonly Night[], seed: number, hasPath: boolean): void {
  const events = nights.flatMap((night) => night.events);
  assert.equal(rows.length, events.length, `seed ${seed}`);
  const byId = new Map(rows.map((row) => [row.$insert_id, row]));
  for (const event of events) {
    const row = { ...byId.get(JSON.parse(event.$insert_id as string)) as Row };
    if (hasPath) delete row.date;
    assert.equal(row.event, "E");
    for (const [name, text] of Object.entries(event)) {
      if (name === "time") assert.equal(timeOf(row.time), Number(text) * 1000);
      else assert.ok(isSame(valueOf(row, name), text), `seed ${seed}: ${name} ${text} was ${valueOf(row, name)}`);
    }
    const written = Object.values(event).filter((text) => text !== "null").length;
    const { event: _name, other_properties: rest, ...columns } = row;
    const inColumns = Object.values(columns).filter((value) => value !== null).length;
    const inRest = rest === null ? 0 : Object.keys(JSON.parse(rest as string)).length;
    assert.equal(inColumns + inRest, written, `seed ${seed}: ${JSON.stringify(row)} of ${JSON.stringify(event)}`);
  }
}

/** Milliseconds since 1970, or a text in UTC. */
function timeOf(value: unknown): number {
  return typeof value === "number" ? value : Date.parse(`${String(value).slice(0, 19)}Z`);
}
