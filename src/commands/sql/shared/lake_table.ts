/** The table that the files of a lake are. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { inputError } from "../../../errors.ts";
import { readManifest } from "../../../jobs/export/manifest.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import { fileInfo } from "../../../runtime/files/files.ts";
import { freeMemory } from "../../../runtime/compression/free_memory.ts";
import { isPattern } from "../../../records/read/read_folders.ts";
import type { Dialect } from "../../../sql/dialect.ts";
import { namedTable, type SqlTable, tableOfSchema } from "../../../sql/sql_table.ts";
import { isRemoteAddress } from "../../../storage/registry.ts";
import { parquetTableColumns } from "../../../streams/parquet/parquet_table.ts";
import { ParquetError } from "../../../streams/parquet/parquet_error.ts";
import type { TableSchema } from "../../../streams/table/table_schema.ts";

/** What is known of the files of a lake. */
interface LakeSchema {
  schema: TableSchema;
  /** The folder, file or pattern, without a slash at its end. */
  path: string;
  isFolder: boolean;
  /** Whether its times know their zone. */
  isInstant: boolean;
}

const DEFAULT_TABLE = "events";

/** The table of a question: that of the name, or DuckDB's own reading of the files. */
export async function tableOf(
  context: Context,
  dialect: Dialect,
  { table, lake }: { table?: string; lake?: string },
): Promise<SqlTable> {
  const named = namedTable(table ?? DEFAULT_TABLE, dialect);
  if (lake === undefined) return named;
  const { schema, path, isFolder, isInstant } = await lakeSchema(context, lake);
  const readsFiles = dialect.name === "duckdb" && table === undefined;
  const from = readsFiles ? `read_parquet(${dialect.text(isFolder ? `${path}/**/*.parquet` : path)})` : named.from;
  const described = tableOfSchema(from, schema);
  return readsFiles ? { ...described, timeKind: isInstant ? "instant" : "plain" } : described;
}

/**
 * The columns that a lake of Parquet has, by the manifest of its export or by one of its files.
 *
 * @throws MpError (input) for a path where nothing is, and for files of another kind
 */
async function lakeSchema(context: Context, given: string): Promise<LakeSchema> {
  const path = given.replace(/(.)\/+$/, "$1");
  const isFolder = isRemoteAddress(path)
    ? !isPattern(path) && !/\.[a-z]+$/i.test(path)
    : (await fileInfo(path))?.isFolder === true;
  if (isFolder) {
    const manifest = await readManifest(await storageAt(context, path)) ??
      await readManifest(await storageAt(context, `${path}.mp`));
    if (manifest?.schema !== undefined && manifest.output.format === "parquet") {
      return { schema: manifest.schema, path, isFolder, isInstant: true };
    }
    if (manifest !== undefined) throw noTable(path);
  }
  const sources = await openSources([path], context.stdin, { openStorage: (address) => storageAt(context, address) });
  const [file] = sources.filter(({ name }) => /\.parquet$/i.test(name));
  if (file?.slice === undefined || file.sizeBytes === undefined) throw noTable(path);
  const { slice, sizeBytes } = file;
  try {
    const read = async (start: number, end = sizeBytes) => (await slice(start, end)).slice().buffer as ArrayBuffer;
    const columns = await parquetTableColumns({ byteLength: sizeBytes, slice: read, free: freeMemory });
    const isInstant = columns.every((column) => column.name !== "time" || column.isInstant === true);
    return { schema: { columns: columns.map(({ isInstant: _, ...column }) => column) }, path, isFolder, isInstant };
  } catch (error) {
    if (!(error instanceof ParquetError)) throw error;
    throw inputError(`Cannot read ${JSON.stringify(file.name)}: ${error.message}`, undefined, "bad_parquet");
  }
}

const noTable = (path: string): Error =>
  inputError(
    `Cannot take ${JSON.stringify(path)} for a table: there is no Parquet in it`,
    "'mp export events -f parquet -o FOLDER/' writes one; without --lake, columns are taken to be of the types that the question needs",
    "no_table",
  );
