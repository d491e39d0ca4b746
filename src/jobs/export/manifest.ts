/**
 * The manifest of an exported folder: `_mp_manifest.json`. It says what was asked for, what has been written and how to
 * check it, and lets the same command go on where an earlier run has stopped. Names beginning with `_` are left alone by
 * the readers of such folders (Hive, Spark, DuckDB).
 *
 * It is written in one step, at most once a second while files come, and lists only files that are whole.
 */
import { inputError, MpError } from "../../errors.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import type { Storage } from "../../storage/storage.ts";
import type { DayRange } from "./days.ts";
import type { OutputFormat } from "./output_format.ts";
import type { RecordedQuery } from "./query.ts";
import type { Split } from "./split.ts";
import { isObject } from "../../streams/json/is_object.ts";

export const MANIFEST_NAME = "_mp_manifest.json";
/** The version of its form. A higher one is refused; fields may be added without a new version. */
export const MANIFEST_VERSION = 1;

export interface ManifestFile extends DayRange {
  /** In the folder, with `/`. */
  path: string;
  events: number;
  /** As stored. */
  bytes: number;
  /** Of the stored bytes, eight hexadecimal digits. */
  crc32: string;
  /** Its last day was not over when it was fetched: the next run fetches it again. */
  open?: true;
  /** The days of the request that has brought it, where it has brought several files. They are fetched again together. */
  together?: DayRange;
  fetched_at: string;
}

export interface ManifestOutput extends OutputFormat {
  split: Split;
  hive: boolean;
}

export interface Manifest {
  mp_export: typeof MANIFEST_VERSION;
  /** The program that wrote it. */
  generator: string;
  query: RecordedQuery;
  output: ManifestOutput;
  /** Whether all days are there. */
  complete: boolean;
  created_at: string;
  updated_at: string;
  events: number;
  files: ManifestFile[];
  /**
   * `project`: events were seen whose days are not those of their `time` in UTC. A file always has the events of the
   * project's own days; a request then never brings several files.
   */
  days?: "project";
  /** Days that could not be fetched, or have not begun. */
  missing?: (DayRange & { reason: string })[];
  /** The columns of all files so far, with types, when they were found. */
  found_columns?: Column[];
  /** Files of an export that this one replaces; they are removed when it is complete. */
  stale?: string[];
}

/**
 * The manifest of a folder; undefined when there is none.
 *
 * @throws MpError (input) when the file is something else, or of a later version.
 */
export async function readManifest(storage: Storage): Promise<Manifest | undefined> {
  const text = await storage.readText(MANIFEST_NAME);
  if (text === undefined) return undefined;
  const where = JSON.stringify(storage.addressOf(MANIFEST_NAME));
  const refused = (state: string, hint: string) => inputError(`Cannot use ${where}: ${state}`, hint, "bad_manifest");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused("it is not JSON", "move it away, or choose another folder");
  }
  const manifest = value as Partial<Manifest> | null;
  const version: unknown = manifest?.mp_export;
  if (typeof version === "number" && version > MANIFEST_VERSION) {
    throw refused(`it was written by a later version of mp (form ${version})`, "use that version, or another folder");
  }
  if (version !== MANIFEST_VERSION || !isObject(manifest) || !isManifest(manifest)) {
    throw refused("it is not the manifest of an export", "move it away, or choose another folder");
  }
  return manifest;
}

export async function writeManifest(storage: Storage, manifest: Manifest): Promise<void> {
  await storage.writeText(MANIFEST_NAME, `${JSON.stringify(manifest, null, 1)}\n`);
}

/**
 * Makes sure that a folder's export, or an interrupted one to a file, is the one that is wanted now.
 *
 * @throws MpError (input) that names what is different.
 */
export function checkSameExport(
  manifest: Pick<Manifest, "query" | "output">,
  query: RecordedQuery,
  output: ManifestOutput,
  address: string,
  kind: "file" | "folder" = "folder",
): void {
  const different = firstDifference(flat(manifest), flat({ query, output }));
  if (different === undefined) return;
  const { name, before, now } = different;
  if (kind === "file") {
    throw new MpError(
      `Cannot export to ${JSON.stringify(address)}: an interrupted export has ${name} ${before}, and not ${now}`,
      { category: "input", code: "other_export", hint: "--restart forgets it; or choose another file" },
    );
  }
  throw new MpError(
    `Cannot export to ${JSON.stringify(address)}: it holds an export with ${name} ${before}, and not ${now}`,
    {
      category: "input",
      code: "other_export",
      hint: name === "from_date" || name === "to_date"
        ? "choose another folder; --since-last adds new days, --restart replaces the whole export"
        : "choose another folder, or replace the whole export with --restart",
    },
  );
}

/** What identifies an export, as texts by name. */
function flat({ query, output }: Pick<Manifest, "query" | "output">): Map<string, string> {
  const { columns, ...form } = output;
  const facts: Record<string, unknown> = { ...query, ...form, columns };
  return new Map(
    Object.entries(facts).filter(([, value]) => value !== undefined).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function firstDifference(
  before: Map<string, string>,
  now: Map<string, string>,
): { name: string; before: string; now: string } | undefined {
  for (const name of new Set([...now.keys(), ...before.keys()])) {
    const [one, other] = [before.get(name) ?? "none", now.get(name) ?? "none"];
    if (one !== other) return { name, before: one, now: other };
  }
  return undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

function isManifest(value: Partial<Manifest>): value is Manifest {
  const { query, output, files } = value;
  return isObject(query) && DAY.test(String(query.from_date)) && DAY.test(String(query.to_date)) && isObject(output) &&
    typeof output.format === "string" && Array.isArray(files) && files.every(isManifestFile);
}

function isManifestFile(value: unknown): value is ManifestFile {
  if (!isObject(value)) return false;
  const { path, from, to, events, bytes, crc32, together } = value;
  return typeof path === "string" && isPlainPath(path) && isRange({ from, to }) &&
    (together === undefined || (isObject(together) && isRange(together))) &&
    Number.isSafeInteger(events) && Number.isSafeInteger(bytes) && /^[0-9a-f]{8}$/.test(String(crc32));
}

function isRange({ from, to }: Record<string, unknown>): boolean {
  return DAY.test(String(from)) && DAY.test(String(to));
}

/** A manifest may come from anywhere; its paths stay in its folder. */
function isPlainPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..") && !path.includes("\\");
}
