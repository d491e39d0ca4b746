/**
 * Tables of a lakehouse: not all files in their folders count. Their logs say which do, so that a folder, a pattern or a
 * file name that leads into one is read as the log says, or refused.
 */
import { inputError, type MpError } from "../../../errors.ts";
import { formatOfName, nameEnding } from "../formats.ts";
import type { OnSkip } from "../read_folders.ts";
import type { RecordSource } from "../record_source.ts";
import type { UnreadableSource } from "../unreadable_source.ts";
import { DELTA_LOG, type DeltaFiles, deltaFiles } from "./delta_log.ts";
import { below, duckdbCopy, parentOf, type TablePlace } from "./table_place.ts";

const HUDI_FOLDER = ".hoodie";
const ICEBERG_FOLDER = "metadata";
/** Of Hadoop's tables, and of all others. */
const ICEBERG_METADATA = /^(?:v|(?=\d{5,}-))(\d+)(?:-[0-9a-f-]{36})?(?:\.gz)?\.metadata\.json(?:\.gz)?$/;
/** Files of a table that are none of records, or of none that are read here: what is to be said is whose they are. */
const TABLE_FILE = /(?:^|\/)(?:metadata|\.hoodie)\/[^/]+$|\.(?:avro|orc)$/;

/** A table that is read. */
interface DeltaTable {
  root: string;
  files: DeltaFiles;
}

export class LakeTables {
  readonly #place: TablePlace;
  /** By folder: the table that it is in. */
  readonly #tables = new Map<string, Promise<DeltaTable | undefined>>();

  constructor(place: TablePlace) {
    this.#place = place;
  }

  /**
   * What counts of what was found: all that is in no table, and the files that tables have.
   *
   * @param folder that was looked through: files of tables in it which were not found are added. Unset where only some of
   *   its files are wanted
   * @throws MpError (input) for files of a table that is not read
   */
  async *only<Found extends RecordSource | UnreadableSource>(
    found: AsyncIterable<Found>,
    folder: string | undefined,
    onSkip: OnSkip,
  ): AsyncGenerator<Found | RecordSource, void> {
    const own = folder === undefined ? undefined : await this.#of(folder);
    // Nothing but the log says what is in a table.
    if (own !== undefined) return yield* this.#filesOf(own, folder, new Set());
    const taken = new Set<string>();
    const removed = new Map<DeltaTable, number>();
    for await (const source of found) {
      const path = "open" in source && source.identity ? this.#place.pathOf(source.identity.address) : undefined;
      if (path?.includes(`/${DELTA_LOG}/`)) {
        onSkip(path, "it is of the log of a Delta table");
        continue;
      }
      const hasRecords = path !== undefined && mayHaveRecords(path);
      const table = hasRecords || path !== undefined && TABLE_FILE.test(path)
        ? await this.#of(parentOf(path))
        : undefined;
      if (!hasRecords || table === undefined) {
        yield source;
        continue;
      }
      const columns = table.files.get(path);
      removed.set(table, (removed.get(table) ?? 0) + (columns === undefined ? 1 : 0));
      if (columns === undefined) continue;
      taken.add(path);
      yield { ...source, tableColumns: columns };
    }
    for (const [table, count] of removed) {
      const files = count === 1 ? "1 file" : `${count} files`;
      if (count > 0) onSkip(`${files} of ${this.#place.addressOf(table.root)}`, "not in the Delta table any more");
      if (folder !== undefined) yield* this.#filesOf(table, folder, taken);
    }
  }

  /** The files of a table that lie in a folder, in the order of their names. */
  async *#filesOf(
    { files }: DeltaTable,
    folder: string | undefined,
    taken: ReadonlySet<string>,
  ): AsyncGenerator<RecordSource, void> {
    for (const path of [...files.keys()].sort()) {
      if (taken.has(path) || folder && !path.startsWith(`${folder}/`)) continue;
      const source = await this.#place.source(path);
      if (source === undefined) throw missing(this.#place.addressOf(path));
      yield { ...source, isFound: true, tableColumns: files.get(path) };
    }
  }

  /** The table that a folder is, or is in. */
  #of(folder: string): Promise<DeltaTable | undefined> {
    let table = this.#tables.get(folder);
    if (table === undefined) this.#tables.set(folder, table = this.#find(folder));
    return table;
  }

  async #find(folder: string): Promise<DeltaTable | undefined> {
    const has = (name: string) => this.#place.hasFolder(below(folder, name));
    if (await has(DELTA_LOG)) return { root: folder, files: await deltaFiles(this.#place, folder) };
    if (await has(HUDI_FOLDER)) throw refusedHudi(this.#place.addressOf(folder));
    if (await has(ICEBERG_FOLDER)) {
      const inner = await this.#place.names(below(folder, ICEBERG_FOLDER));
      const newest = newestMetadata(inner);
      if (newest !== undefined) throw refusedIceberg(this.#place, folder, newest);
    }
    return folder === "" ? undefined : await this.#of(parentOf(folder));
  }
}

/** The metadata of an Iceberg table as it is now; undefined when these files are no such table's. */
function newestMetadata(names: readonly string[]): string | undefined {
  const numbered = names.flatMap((name) => {
    const number = ICEBERG_METADATA.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return numbered.sort((one, other) => other.number - one.number)[0]?.name;
}

/** Whether a file is one that the records of tables are in, and not, say, a text that lies beside. */
function mayHaveRecords(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return formatOfName(name) === "parquet" || nameEnding(name) === "";
}

const missing = (address: string): MpError =>
  inputError(
    `Cannot read ${address}: it belongs to a Delta table, and is not there`,
    "is the whole folder of the table there?",
    "bad_table_log",
  );

/** The words name the metadata: without a catalog, DuckDB finds them by itself in Hadoop's tables alone. */
function refusedIceberg(place: TablePlace, folder: string, newest: string): MpError {
  const metadata = place.addressOf(below(folder, `${ICEBERG_FOLDER}/${newest}`));
  return inputError(
    `Cannot read ${place.addressOf(folder)}: it is an Iceberg table, and its metadata say which of its files count`,
    `${duckdbCopy("iceberg_scan", metadata)}, or read it with pyiceberg's StaticTable.from_metadata`,
    "table_refused",
  );
}

const refusedHudi = (address: string): MpError =>
  inputError(
    `Cannot read ${address}: it is a Hudi table, and its timeline says which of its files count`,
    `write it with Spark, and import that: spark.read.format("hudi").load("${address}").write.parquet("NEW")`,
    "table_refused",
  );
