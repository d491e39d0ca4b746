/** What is known of a lake without reading its events: its columns, by the manifest of its export or by a file's footer. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { inputError, type MpError } from "../../../errors.ts";
import { readBackup } from "../../../jobs/backup/backup_manifest.ts";
import { type Manifest, readManifest } from "../../../jobs/export/manifest.ts";
import { extensionOf } from "../../../jobs/export/output_format.ts";
import { pathColumn } from "../../../jobs/export/split.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { fileInfo, resolve } from "../../../runtime/files/files.ts";
import type { LakeColumn, LakeTable, PathPartition } from "../../../sql/ddl/lake_table.ts";
import { isRemoteAddress } from "../../../storage/registry.ts";
import { ParquetError } from "../../../streams/parquet/parquet_error.ts";
import { storageWithManifest } from "../../export/shared/manifest_storage.ts";

const EXPORT_HINT = "'mp export events -f parquet -o lake/' makes one";

/** The folder of a lake, and the backup that it is a part of. */
export interface DescribedLake extends LakeTable {
  /** The file with the Lexicon of the backup. */
  lexicon?: string;
}

/** @throws MpError (input) for what is no lake of tables, (not_found) where nothing is */
export async function describeLake(context: Context, path: string): Promise<DescribedLake> {
  const root = path.replace(/(.)[/\\]+$/, "$1");
  if (!await isFolder(root)) return await fromFooters(context, root, true);
  const storage = await storageAt(context, root);
  const backup = await readBackup(storage);
  if (backup !== undefined) {
    const lexicon = backup.parts.find(({ name, state }) => name === "lexicon" && state !== "failed");
    const events = await describeLake(context, `${root}/events`);
    return lexicon === undefined ? events : { ...events, lexicon: `${root}/${lexicon.path}` };
  }
  const manifest = await readManifest(await storageWithManifest(context, storage));
  return manifest === undefined ? await fromFooters(context, root, false) : fromManifest(root, manifest);
}

/** Names of objects have endings, and those of folders in a bucket do not. */
async function isFolder(path: string): Promise<boolean> {
  if (isRemoteAddress(path)) return !/\.[a-z]+$/i.test(path);
  const info = await fileInfo(path);
  if (info !== undefined) return info.isFolder;
  throw notLake(path, "there is no such file or folder", "not_found");
}

function fromManifest(root: string, { output, schema }: Manifest): LakeTable {
  const { format, split, hive, time, nullText = "", dedupe } = output;
  if (format === "jsonl") throw notLake(root, "it is an export of JSON Lines, which have no columns");
  if (schema === undefined) throw notLake(root, "it has no events yet, which decide the columns");
  return {
    location: locationOf(root),
    isFile: false,
    extension: extensionOf(output),
    hasNoCopies: dedupe,
    columns: [...schema.columns, ...schema.rest === undefined ? [] : [{ name: schema.rest, type: "json" as const }]],
    ...format !== "parquet" && { delimited: { separator: format === "csv" ? "," : "\t", time, nullText } },
    ...hive && { partition: { name: pathColumn(split), isDay: split !== "month" } },
    ...hive && split !== "month" && { days: { name: pathColumn(split), length: split === "week" ? 7 : 1 } },
  };
}

async function fromFooters(context: Context, root: string, isFile: boolean): Promise<LakeTable> {
  const sources = await openSources([root], context.stdin, { openStorage: (address) => storageAt(context, address) });
  const source = sources.findLast(({ name }) => /\.(?:parquet|pq)$/i.test(name));
  if (source === undefined) throw notLake(root, "it has no manifest of an export, and no Parquet files");
  const declared = await footerOf(root, source);
  const columns = declared.filter((column): column is LakeColumn => column.type !== undefined);
  if (columns.length < declared.length) {
    const left = declared.filter(({ type }) => type === undefined).map(({ name }) => name);
    await context.note(`Left out, since their types are none of a lake's: ${left.join(", ")}`);
  }
  const location = locationOf(root);
  const extension = /\.[^.]+$/.exec(source.name)?.[0] ?? "";
  return { location, isFile, extension, columns, ...!isFile && { partition: partitionOf(root, source.name) } };
}

async function footerOf(root: string, { name, slice, sizeBytes }: RecordSource): Promise<Partial<LakeColumn>[]> {
  if (slice === undefined || sizeBytes === undefined) throw notLake(root, `${name} cannot be read in parts`);
  // Loaded for those who need it: a reader of Parquet is large.
  const { declaredColumns } = await import("../../../streams/parquet/declared_columns.ts");
  try {
    return await declaredColumns({
      byteLength: sizeBytes,
      slice: (start, end = sizeBytes) => slice(start, end),
    });
  } catch (error) {
    if (!(error instanceof ParquetError)) throw error;
    throw notLake(root, `${name} is no whole Parquet file: ${error.message}`);
  }
}

/** The first column that is in the path of a file; a second one would be a folder in it. */
function partitionOf(root: string, file: string): PathPartition | undefined {
  const folders = file.slice(root.length).split(/[/\\]/).slice(1, -1);
  if (folders.length === 0) return undefined;
  const [, name, value = ""] = /^([^=]+)=(.*)$/.exec(folders[0] as string) ?? [];
  if (name === undefined || folders.length > 1) {
    throw notLake(root, `its files lie in folders such as ${folders.join("/")}, and not in those of one column`);
  }
  return { name, isDay: /^\d{4}-\d\d-\d\d$/.test(value) };
}

/** Where engines find it, whatever folder they work in. */
const locationOf = (path: string): string => isRemoteAddress(path) ? path : resolve(path).replaceAll("\\", "/");

function notLake(path: string, why: string, category: "input" | "not_found" = "input"): MpError {
  const error = inputError(`Cannot make a table of ${JSON.stringify(path)}: ${why}`, EXPORT_HINT, "no_lake");
  return category === "input" ? error : Object.assign(error, { category });
}
