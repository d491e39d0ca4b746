/** Checks an exported folder against its manifest. */
import type { SchemaElement } from "hyparquet";
import { MpError } from "../../errors.ts";
import { checksum } from "../../runtime/checksum.ts";
import { gunzip } from "../../runtime/compression/gzip.ts";
import { unzstd } from "../../runtime/compression/zstd.ts";
import { routeByDay } from "../../streams/events/day_router.ts";
import { type EventCount, eventLines } from "../../streams/events/event_lines.ts";
import { csvFormat } from "../../streams/csv/csv.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import { PARQUET_TYPES } from "../../streams/parquet/parquet_column_types.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import type { Storage } from "../../storage/storage.ts";
import { countDelimitedRecords } from "./delimited_count.ts";
import type { DayRange } from "./days.ts";
import { daysWithoutFile } from "./held_days.ts";
import { type Manifest, MANIFEST_NAME, type ManifestFile } from "./manifest.ts";
import { type Compression, extensionOf } from "./output_format.ts";

/**
 * What is wrong with a file. No faults by themselves: `unknown`, one that the manifest does not list, and `other_days`,
 * events without a `time`, or whose day in UTC is not one of the file's, which has days of the project's calendar.
 */
export type ProblemKind =
  | "missing"
  | "wrong_size"
  | "wrong_checksum"
  | "damaged"
  | "wrong_count"
  | "other_columns"
  | "other_days"
  | "unknown"
  | "stray";

const REMARKS: ReadonlySet<ProblemKind> = new Set(["other_days", "unknown"]);

export interface FileProblem {
  path: string;
  problem: ProblemKind;
  detail: string;
}

export interface Verification {
  /** Whether the manifest says that all days are there, and lists files for all of them. */
  complete: boolean;
  /** Days that no file is listed for. */
  missing: DayRange[];
  files: number;
  events: number;
  /** How many of the problems are faults. */
  faults: number;
  problems: FileProblem[];
}

export interface VerifyOptions {
  signal?: AbortSignal;
  /** Told when a file has been checked. */
  onFile?(file: ManifestFile): void;
}

/** Reads every file that the manifest lists, as a whole: bytes, compression, form, number of events, and their days. */
export async function verifyExport(
  storage: Storage,
  manifest: Manifest,
  { signal, onFile }: VerifyOptions = {},
): Promise<Verification> {
  const problems: FileProblem[] = [];
  let events = 0;
  for (const file of manifest.files) {
    signal?.throwIfAborted();
    const fault = await faultOf(storage, manifest, file);
    if (fault !== undefined) problems.push({ path: file.path, ...fault });
    if (fault === undefined || isRemark(fault)) events += file.events;
    onFile?.(file);
  }
  problems.push(...await unknownFiles(storage, manifest));
  const missing = daysWithoutFile(manifest);
  const complete = manifest.complete && missing.length === 0;
  const faults = problems.filter((one) => !isRemark(one)).length;
  return { complete, missing, files: manifest.files.length, events, faults, problems };
}

function isRemark({ problem }: Pick<FileProblem, "problem">): boolean {
  return REMARKS.has(problem);
}

type Fault = Omit<FileProblem, "path">;

async function faultOf(storage: Storage, manifest: Manifest, file: ManifestFile): Promise<Fault | undefined> {
  const info = await storage.info(file.path);
  if (info === undefined) return { problem: "missing", detail: "it is not there" };
  if (info.sizeBytes !== file.bytes) {
    return { problem: "wrong_size", detail: `it has ${info.sizeBytes} bytes, and not ${file.bytes}` };
  }
  const sum = checksum();
  const bytes = summed(storage.read(file.path), sum.update);
  const content = await contentOf(storage, manifest, file, bytes).catch((error) => {
    if (!(error instanceof MpError)) throw error;
    return error;
  });
  // What could not be read to its end has not been summed up to it.
  if (content instanceof MpError) {
    return { problem: "damaged", detail: content.message.replace(/^Cannot [^:]*: /, "") };
  }
  if (sum.hex() !== file.crc32) {
    return { problem: "wrong_checksum", detail: `its checksum is ${sum.hex()}, and not ${file.crc32}` };
  }
  const difference = manifest.schema === undefined
    ? undefined
    : differenceOf(content, manifest.schema, manifest.output);
  if (difference !== undefined) return { problem: "other_columns", detail: difference };
  if (content.events !== file.events) {
    return { problem: "wrong_count", detail: `it has ${content.events} events, and not ${file.events}` };
  }
  // That the project's days are others is known then.
  if (content.strangers === 0 || manifest.days === "project") return undefined;
  const { strangers } = content;
  return { problem: "other_days", detail: `${strangers} of its events have another day in UTC, or no time` };
}

interface Content {
  events: number;
  /** Events of other days, in UTC, than those of the file. */
  strangers: number;
  /** Of Parquet: the columns, with the types that the file declares. */
  columns?: readonly { name: string; type: string }[];
  /** Of CSV and TSV: the first line. */
  header?: string;
}

async function contentOf(
  storage: Storage,
  { output }: Manifest,
  file: ManifestFile,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Content> {
  if (output.format === "parquet") {
    for await (const _ of bytes);
    return { ...await parquetContent(storage, file), strangers: 0 };
  }
  const plain = decompressed(bytes, output.compression);
  if (output.format !== "jsonl") {
    const { records, header } = await countDelimitedRecords(plain);
    return { events: records, header, strangers: 0 };
  }
  const count: EventCount = { records: 0, bytes: 0 };
  let strangers = 0;
  await routeByDay(eventLines(plain, count), (day, _run, events) => {
    if (day < file.from || day > file.to) strangers += events;
  });
  return { events: count.records, strangers };
}

async function parquetContent(storage: Storage, file: ManifestFile): Promise<Pick<Content, "events" | "columns">> {
  const { parquetMetadataAsync } = await import("hyparquet");
  const metadata = await parquetMetadataAsync({
    byteLength: file.bytes,
    slice: async (start, end) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of storage.read(file.path, { start, end })) pieces.push(piece.slice());
      return await new Blob(pieces as BlobPart[]).arrayBuffer();
    },
  }).catch((cause) => {
    throw new MpError(`Cannot read ${file.path}: ${String(cause?.message ?? cause)}`, { category: "input", cause });
  });
  const columns = metadata.schema.slice(1).map((element) => ({ name: element.name, type: declaredType(element) }));
  return { events: Number(metadata.num_rows), columns };
}

type Declared = Omit<Partial<SchemaElement>, "type"> & { type?: string };

function declaredType({ type = "group", converted_type, logical_type, precision, scale }: Declared): string {
  const isLocal = logical_type?.type === "TIMESTAMP" && !logical_type.isAdjustedToUTC;
  const digits = converted_type === "DECIMAL" ? `(${precision}, ${scale ?? 0})` : "";
  return [type, ...converted_type === undefined ? [] : [converted_type + digits], ...isLocal ? ["without UTC"] : []]
    .join(" ");
}

/** What of a file's columns is not as in the other files. */
function differenceOf(
  { columns, header }: Content,
  { columns: wanted, rest }: TableSchema,
  { format }: Manifest["output"],
): string | undefined {
  const all: Pick<Column, "name" | "type">[] = [
    ...wanted,
    ...rest === undefined ? [] : [{ name: rest, type: "json" as const }],
  ];
  if (header !== undefined) {
    const expected = csvFormat(all.map(({ name }) => name), { separator: format === "csv" ? "," : "\t" }).header();
    return header === expected ? undefined : "its first line does not name the columns of the other files";
  }
  for (let index = 0; index < Math.max(columns?.length ?? 0, all.length); index++) {
    const is = columns?.[index];
    const column = all[index];
    if (is?.name !== column?.name) {
      const [one, other] = [is, column].map((one) => one === undefined ? "missing" : JSON.stringify(one.name));
      return `its column ${index + 1} is ${one}, and not ${other}`;
    }
    const type = declaredType(PARQUET_TYPES[column!.type]);
    if (is?.type !== type) return `its column ${JSON.stringify(is?.name)} is ${is?.type}, and not ${type}`;
  }
}

function decompressed(bytes: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === "gzip") return gunzip(bytes);
  return compression === "zstd" ? unzstd(bytes) : bytes;
}

async function* summed(source: AsyncIterable<Uint8Array>, update: (bytes: Uint8Array) => void) {
  for await (const bytes of source) {
    update(bytes);
    yield bytes;
  }
}

/** Names that begin with a point or an underscore are for programs, as readers of such folders have it. */
async function unknownFiles(storage: Storage, manifest: Manifest): Promise<FileProblem[]> {
  const known = new Set([MANIFEST_NAME, ...manifest.files.map(({ path }) => path)]);
  const unknown: FileProblem[] = [];
  const extension = extensionOf(manifest.output);
  for await (const { path } of storage.list()) {
    const isHidden = path.split("/").some((part) => /^[._]/.test(part));
    if (path.endsWith(extension) && !known.has(path) && (!isHidden || manifest.output.format !== "jsonl")) {
      unknown.push({
        path,
        problem: "stray",
        detail: "the manifest does not list it, and readers take it for a part of the table",
      });
      continue;
    }
    if (known.has(path) || isHidden) continue;
    unknown.push({ path, problem: "unknown", detail: "the manifest does not list it" });
  }
  return unknown;
}
