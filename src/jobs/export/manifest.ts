/**
 * The manifest of an exported folder: `_mp_manifest.json`. It says what was asked for, what has been written and how to
 * check it, and lets the same command continue where an earlier run has stopped. That of a table is beside its folder, in
 * `FOLDER.mp`, since not all readers of folders skip names that begin with `_`.
 *
 * It is written in one step, at most once a second while files come, and lists only files that are whole.
 */
import { EXPORT_MANIFEST } from "../../records/read/path_columns.ts";
import { z } from "zod";
import { MpError } from "../../errors.ts";
import { COLUMN_TYPES } from "../../streams/table/record_encoder.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import type { Storage } from "../../storage/storage.ts";
import { readState, type StateFormat, storedState, writeState } from "../state_file.ts";
import type { DayRange } from "./days.ts";
import type { OutputFormat } from "./output_format.ts";
import type { RecordedQuery } from "./query.ts";
import type { Split } from "./split.ts";

export const MANIFEST_NAME = EXPORT_MANIFEST;

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
  /** It still has the columns of `earlier_schema`. */
  earlier?: true;
}

export interface ManifestOutput extends OutputFormat {
  split: Split;
  hive: boolean;
}

export interface Manifest {
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
  /** The columns of all files of a table, once it has events. */
  schema?: TableSchema;
  /** While files are rewritten with more columns: those that they had. */
  earlier_schema?: TableSchema;
  /** Files of an export that this one replaces; they are removed when it is complete. */
  stale?: string[];
}

const MANIFEST: StateFormat<Manifest> = {
  marker: "mp_export",
  version: 1,
  hint: "move it away, or choose another folder",
  code: "bad_manifest",
  indent: 1,
  schema() {
    const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
    const days = { from: day, to: day };
    const schema = z.object({
      columns: z.array(z.looseObject({ name: z.string(), type: z.enum(COLUMN_TYPES) })),
      rest: z.string().optional(),
    });
    return z.object({
      query: z.object({ from_date: day, to_date: day }),
      output: z.object({ format: z.string() }),
      files: z.array(z.object({
        path: z.string().refine(isPlainPath),
        ...days,
        events: z.int(),
        bytes: z.int(),
        crc32: z.string().regex(/^[0-9a-f]{8}$/),
        together: z.object(days).optional(),
      })),
      schema: schema.optional(),
      earlier_schema: schema.optional(),
    });
  },
};

/**
 * The manifest of a folder; undefined when there is none.
 *
 * @throws MpError (input) when the file is something else, or of a later version.
 */
export async function readManifest(storage: Storage): Promise<Manifest | undefined> {
  return await readState(storedState(storage, MANIFEST_NAME), MANIFEST);
}

export async function writeManifest(storage: Storage, manifest: Manifest): Promise<void> {
  await writeState(storedState(storage, MANIFEST_NAME), MANIFEST, manifest);
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
  const info: Record<string, unknown> = { ...form, columns, ...query };
  return new Map(
    Object.entries(info).filter(([, value]) => value !== undefined).map(([name, value]) => [
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

/** A manifest may come from anywhere; its paths stay in its folder. */
function isPlainPath(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..") && !path.includes("\\");
}
