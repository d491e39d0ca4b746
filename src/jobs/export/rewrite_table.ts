/** Gives the Parquet files of a table more columns: what was in the column of the rest moves there. */
import type { Storage } from "../../storage/storage.ts";
import { concatenate } from "../../streams/chunks.ts";
import { columnFinder, MOST_LASTING_COLUMNS } from "../../streams/table/columns.ts";
import { MpError } from "../../errors.ts";
import { timeText } from "../../streams/events/event_time.ts";
import { columnKey, ColumnNames, keyInRest, type NameOptions } from "../../streams/table/column_names.ts";
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { JsonScope } from "../../streams/json/json_spans.ts";
import { ParquetError } from "../../streams/parquet/parquet_error.ts";
import { parquetRecords, UnreadableRow } from "../../streams/parquet/parquet_records.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { byFirstDay } from "./days.ts";
import type { FolderColumns } from "./folder_columns.ts";
import type { ManifestFile, ManifestOutput } from "./manifest.ts";
import { pathColumn } from "./split.ts";
import { noteRenamed } from "./table_columns.ts";
import { writeTable } from "./write_content.ts";

/** What one core rewrites, about. */
const REWRITTEN_BYTES_PER_SECOND = 8_000_000;

const encoder = new TextEncoder();

/** The files of a table, and what is known of them. */
export interface TableFiles {
  storage: Storage;
  output: ManifestOutput;
  columns: FolderColumns;
  /** By path. */
  files: Map<string, ManifestFile>;
  /** Saves what is known. */
  save(): Promise<void>;
  note?(line: string): void;
  /** Says something at once, before it begins. */
  warn?(line: string): Promise<void>;
  signal?: AbortSignal;
}

/**
 * Rewrites file by file; killed in between, the next call goes on.
 *
 * @param wantsMore whether to begin when nothing was begun
 */
export async function rewriteTable(table: TableFiles, wantsMore: boolean): Promise<void> {
  const { storage, output, columns, files, save, note, warn, signal } = table;
  const waiting = () => [...files.values()].filter(({ earlier }) => earlier).sort(byFirstDay);
  if (wantsMore && waiting().length === 0) await wantMoreColumns(table);
  const { earlier, decided } = columns;
  if (earlier === undefined || decided === undefined) return;
  const left = waiting();
  const seconds = Math.ceil(left.reduce((sum, { bytes }) => sum + bytes, 0) / REWRITTEN_BYTES_PER_SECOND);
  const more = decided.columns.length - earlier.columns.length;
  const what = `${left.length} ${left.length === 1 ? "file" : "files"} for ${more} more ${
    more === 1 ? "column" : "columns"
  }`;
  await (warn ?? note)?.(`Rewriting ${what}: about ${seconds} s`);
  for (const file of left) {
    const lines = linesOfTable(storage, file, earlier, signal);
    const content = await writeTable(storage, file.path, lines, output, decided);
    files.set(file.path, { ...file, ...content, earlier: undefined });
    await save();
  }
  columns.earlier = undefined;
}

async function wantMoreColumns({ storage, output, columns, files, save, note, signal }: TableFiles): Promise<void> {
  const { decided } = columns;
  if (decided?.rest === undefined) return;
  const names = { names: output.names, taken: output.hive ? [pathColumn(output.split)] : [] };
  const wider = await withMoreColumns(storage, [...files.values()], decided, names, signal);
  if (wider.columns.length === decided.columns.length) return;
  noteRenamed(wider.columns.slice(decided.columns.length), output, note);
  for (const [path, file] of files) files.set(path, { ...file, earlier: true });
  columns.earlier = decided;
  columns.decided = wider;
  await save();
}

/**
 * The table with a column for each property that has none so far. Values of another type than their column stay where they
 * are: a column has one type.
 */
async function withMoreColumns(
  storage: Storage,
  files: readonly ManifestFile[],
  schema: TableSchema,
  names: NameOptions,
  signal?: AbortSignal,
): Promise<TableSchema> {
  const known = new Set(schema.columns.map((column) => placeOf(column)));
  const finder = columnFinder("event");
  for (const file of files) {
    for await (const rows of rowsOf(storage, file, signal)) {
      const lines = rows.map((row) => row[schema.rest!]).filter((rest) => typeof rest === "string");
      finder.observe(encoder.encode(
        lines.map((rest) => {
          const { inner, outer } = restMembers(rest);
          return eventOf([outer], [inner]);
        }).join(""),
      ));
    }
  }
  const taken = [...names.taken ?? [], ...schema.columns.map(({ name }) => name), schema.rest!];
  const found = finder.lastingColumns(new ColumnNames("event", { ...names, taken }));
  const added = found.filter((column) => !known.has(placeOf(column)));
  const room = Math.max(0, MOST_LASTING_COLUMNS - schema.columns.length);
  return { ...schema, columns: [...schema.columns, ...added.slice(0, room)] };
}

/** The events of a file, as lines of JSON. */
async function* linesOfTable(
  storage: Storage,
  file: ManifestFile,
  { columns, rest }: TableSchema,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const sources = new Map(columns.map((column) => [column.name, { ...sourceOf(column), type: column.type }]));
  for await (const rows of rowsOf(storage, file, signal)) {
    const lines = rows.map((row) => {
      const members: string[] = [];
      const outer: string[] = [];
      for (const [name, value] of Object.entries(row)) {
        if (name === rest) {
          const { inner, outer: others } = restMembers(value as string);
          members.push(inner);
          outer.push(others);
        }
        const source = sources.get(name);
        if (source === undefined) continue;
        const member = `${JSON.stringify(source.key)}:${textOf(value, source.type)}`;
        (source.scope === JsonScope.record ? outer : members).push(member);
      }
      return eventOf(outer, members);
    });
    yield encoder.encode(lines.join(""));
  }
}

function eventOf(outer: readonly string[], inner: readonly string[]): string {
  const joined = (members: readonly string[]) => members.filter((text) => text !== "").join(",");
  return `{${joined([...outer, `"properties":{${joined(inner)}}`])}}\n`;
}

/** Where the members of the rest stand in an event, as text, so that no digit is lost. */
function restMembers(rest: string): { inner: string; outer: string } {
  // Few names have a prefix, which says that they are not those of the properties.
  if (!/"(?:properties|record)\./.test(rest)) return { inner: rest.trim().slice(1, -1), outer: "" };
  const members = { inner: [] as string[], outer: [] as string[] };
  for (const [name, value] of Object.entries(parseExactJson(rest) as Record<string, unknown>)) {
    const { scope, key } = keyInRest("event", name);
    members[scope === JsonScope.record ? "outer" : "inner"].push(`${JSON.stringify(key)}:${stringifyJson(value)}`);
  }
  return { inner: members.inner.join(","), outer: members.outer.join(",") };
}

function textOf(value: unknown, type: Column["type"]): string {
  if (type === "json") return String(value);
  if (type === "timestamp") return timeText(Date.parse(String(value)));
  if (typeof value === "number") return numberText(value);
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/** All digits of a whole number: the shortest text of a large double is another whole number. */
function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(BigInt(value)) : JSON.stringify(value);
}

async function* readRows(
  storage: Storage,
  file: ManifestFile,
  signal?: AbortSignal,
): AsyncGenerator<Record<string, unknown>[], void> {
  const slice = async (start: number, end: number = file.bytes) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of storage.read(file.path, { start, end })) pieces.push(piece.slice());
    return concatenate(pieces);
  };
  for await (const rows of parquetRecords({ byteLength: file.bytes, slice }, signal, { jsonAsText: true })) {
    yield rows.map((row) => {
      if (!(row instanceof UnreadableRow)) return row;
      throw new ParquetError("damaged", `the column "${row.column}" is not UTF-8`);
    });
  }
}

/** A file that cannot be read is named. */
async function* rowsOf(storage: Storage, file: ManifestFile, signal?: AbortSignal) {
  try {
    yield* readRows(storage, file, signal);
  } catch (cause) {
    if (cause instanceof MpError || signal?.aborted) throw cause;
    throw new MpError(`Cannot read ${JSON.stringify(storage.addressOf(file.path))}: ${(cause as Error).message}`, {
      category: "failure",
      code: "damaged_file",
      hint: "remove it and run the same command again: its days are fetched again",
      cause,
    });
  }
}

const sourceOf = ({ name, source }: Column) => source ?? columnKey("event", name);

function placeOf(column: Column): string {
  const { scope, key } = sourceOf(column);
  return `${scope} ${key}`;
}
