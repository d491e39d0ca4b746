/**
 * A table in ClickHouse that is filled day by day. A day is a partition: its rows are written to a table beside, and take the
 * place of those that are there in one step, so that nothing is there twice and nothing in part, whenever the job is stopped.
 */
import type { ClickHouseServer } from "../../../engines/clickhouse_server.ts";
import { inputError, MpError } from "../../../errors.ts";
import { clickHouseColumn } from "../../../sql/ddl/clickhouse_table.ts";
import { DAY_COMMENT, JSON_COMMENT, type PathPartition } from "../../../sql/ddl/lake_table.ts";
import { clickhouse as dialect } from "../../../sql/dialects/clickhouse.ts";
import type { Column } from "../../../streams/table/record_encoder.ts";
import type { TableSchema } from "../../../streams/table/table_schema.ts";
import { canBeLeft, type RowLoss, rowLossOf } from "./row_loss.ts";

export interface TableDaysOptions {
  server: ClickHouseServer;
  /** As messages name it. */
  shown: string;
  /** The table's name, and that of its database where one is given. */
  table: string;
  database?: string;
  /** The column by which days are kept apart. */
  partition: PathPartition;
  /** Whether its values are single days. */
  isOfDays: boolean;
  signal: AbortSignal;
  note?(line: string): Promise<void> | void;
}

/** Rows in the form of a Parquet file. */
export interface RowPiece {
  bytes: Uint8Array;
  rows: number;
}

const TABLE_MISSING = "clickhouse_60", COLUMN_MISSING = "clickhouse_47";

const NO_COLUMN = "it has no such column";

export class TableDays {
  readonly #options: TableDaysOptions;
  readonly #names: Record<"table" | "loading" | "manifest", string>;
  readonly #partition: string;
  /** Those that the table has for sure. */
  #schema: TableSchema | undefined;
  #isReadyToLoad = false;
  #manifestVersion = 0;
  #loss: Promise<RowLoss> | undefined;
  #isLossTold = false;

  constructor(options: TableDaysOptions) {
    const { table, database, partition } = options;
    const named = (end: string) =>
      (database === undefined ? [] : [database]).concat(table + end).map(dialect.identifier).join(".");
    this.#options = options;
    this.#names = { table: named(""), loading: named("_mp_loading"), manifest: named("_mp_manifest") };
    this.#partition = dialect.identifier(partition.name);
  }

  /** Which rows the table loses by itself. Only asked where some are missing. */
  async rowLoss(): Promise<RowLoss> {
    this.#loss ??= this.#ofTable("engine_full").then(rowLossOf);
    return await this.#loss;
  }

  /**
   * How many rows each day has; a table that is not there has no days.
   *
   * @throws MpError (input) for a table without the column of days
   */
  async counts(): Promise<Map<string, number>> {
    const statement =
      `SELECT toString(${this.#partition}), count() FROM ${this.#names.table} GROUP BY ${this.#partition}`;
    const rows = await unlessMissing(this.#select(statement)).catch((error) => {
      if (error instanceof MpError && error.code === COLUMN_MISSING) throw this.#otherPartitions(NO_COLUMN);
      throw error;
    });
    return new Map((rows ?? []).map(([day, count]) => [String(day), Number(count)]));
  }

  /**
   * Makes the table, or adds the columns that it lacks.
   *
   * @throws MpError (input) for a table whose days cannot be replaced
   */
  async prepare(schema: TableSchema): Promise<void> {
    if (this.#schema === schema) return;
    const { partition } = this.#options;
    const columns = this.#described(schema);
    const there = await unlessMissing(this.#select(`DESCRIBE TABLE ${this.#names.table}`));
    if (there === undefined) {
      const kept = ["event", "time"].filter((name) => schema.columns.some((column) => column.name === name));
      await this.#run(
        `CREATE TABLE IF NOT EXISTS ${this.#names.table} (${
          [...columns.values(), this.#declaredPartition()].join(", ")
        }) ENGINE = MergeTree PARTITION BY ${this.#partition} ORDER BY ${
          kept.length === 0 ? "tuple()" : `(${kept.map(dialect.identifier).join(", ")})`
        }`,
      );
    } else {
      const names = new Set(there.map(([name]) => String(name)));
      await this.#checkPartitions();
      const missing = [...columns].filter(([name]) => !names.has(name)).map(([, declared]) => `ADD COLUMN ${declared}`);
      if (missing.length > 0) await this.#run(`ALTER TABLE ${this.#names.table} ${missing.join(", ")}`);
      if (!names.has(partition.name)) throw this.#otherPartitions(NO_COLUMN);
    }
    this.#schema = schema;
    this.#isReadyToLoad = false;
  }

  /** Writes the rows of a day beside the table. Those of an earlier attempt are taken away. */
  async write(day: string, schema: TableSchema, pieces: AsyncIterable<RowPiece>): Promise<number> {
    const { server, signal } = this.#options;
    await this.#emptyLoading();
    const structure = [...this.#declared(schema).values()].join(", ");
    const names = [...this.#declared(schema).keys()].map(dialect.identifier).join(", ");
    const statement = `INSERT INTO ${this.#names.loading} (${names}, ${this.#partition}) ` +
      `SELECT ${names}, ${this.#value(day)} FROM input(${dialect.text(structure)}) FORMAT Parquet`;
    let rows = 0;
    for await (const piece of pieces) {
      await server.run(statement, signal, { data: piece.bytes, isRepeatable: false });
      rows += piece.rows;
    }
    await this.#checkRows(day, rows);
    return rows;
  }

  /** Puts the rows that were written in place of the day's. */
  async replace(day: string, rows: number): Promise<void> {
    if (rows === 0) return await this.remove(day);
    await this.#run(
      `ALTER TABLE ${this.#names.table} REPLACE PARTITION ${dialect.text(day)} FROM ${this.#names.loading}`,
    );
  }

  async remove(day: string): Promise<void> {
    await unlessMissing(this.#run(`ALTER TABLE ${this.#names.table} DROP PARTITION ${dialect.text(day)}`));
  }

  /** Takes away what is only needed while days are written. */
  async finish(): Promise<void> {
    await this.#run(`DROP TABLE IF EXISTS ${this.#names.loading}`);
    this.#isReadyToLoad = false;
  }

  /** What was kept last under a name; undefined when there is nothing. */
  async kept(name: string): Promise<string | undefined> {
    const statement = `SELECT text, version FROM ${this.#names.manifest} WHERE name = ${dialect.text(name)} ` +
      "ORDER BY version DESC LIMIT 1";
    const [row] = await unlessMissing(this.#select(statement)) ?? [];
    if (row === undefined) return undefined;
    this.#manifestVersion = Math.max(this.#manifestVersion, Number(row[1]));
    return String(row[0]);
  }

  /** Keeps a text beside the table. */
  async keep(name: string, text: string): Promise<void> {
    if (this.#manifestVersion === 0) {
      await this.#run(
        `CREATE TABLE IF NOT EXISTS ${this.#names.manifest} (name String, version UInt64, text String) ` +
          "ENGINE = ReplacingMergeTree(version) ORDER BY name",
      );
    }
    // What is kept twice under one version is the same.
    const data = new TextEncoder().encode(JSON.stringify({ name, version: ++this.#manifestVersion, text }));
    const statement = `INSERT INTO ${this.#names.manifest} (name, version, text) FORMAT JSONEachRow`;
    await this.#options.server.run(statement, this.#options.signal, { data });
  }

  /** Takes away all that was kept. */
  async forget(): Promise<void> {
    await this.#run(`DROP TABLE IF EXISTS ${this.#names.manifest}`);
    this.#manifestVersion = 0;
  }

  /** The columns as they are declared, by name. */
  #declared({ columns, rest }: TableSchema): Map<string, string> {
    const all: Column[] = [...columns, ...rest === undefined ? [] : [{ name: rest, type: "json" as const }]];
    return new Map(all.map((column) => [column.name, clickHouseColumn(column, dialect)]));
  }

  /** The same, with what their types do not say. */
  #described({ columns, rest }: TableSchema): Map<string, string> {
    const json = new Set(columns.filter(({ type }) => type === "json").map(({ name }) => name).concat(rest ?? []));
    return new Map([...this.#declared({ columns, rest })].map(([name, declared]) => [
      name,
      json.has(name) ? `${declared} COMMENT ${dialect.text(JSON_COMMENT)}` : declared,
    ]));
  }

  #declaredPartition(): string {
    const { partition, isOfDays } = this.#options;
    const comment = isOfDays ? ` COMMENT ${dialect.text(DAY_COMMENT)}` : "";
    return `${this.#partition} ${partition.isDay ? "Date" : "String"}${comment}`;
  }

  #value(day: string): string {
    return this.#options.partition.isDay ? `toDate(${dialect.text(day)})` : dialect.text(day);
  }

  async #emptyLoading(): Promise<void> {
    const { table, loading } = this.#names;
    if (this.#isReadyToLoad) return await this.#run(`TRUNCATE TABLE ${loading}`);
    // One that an earlier run has left may have other columns.
    await this.#run(`DROP TABLE IF EXISTS ${loading}`);
    await this.#run(`CREATE TABLE ${loading} AS ${table}`);
    this.#isReadyToLoad = true;
  }

  async #checkRows(day: string, rows: number): Promise<void> {
    const { shown, note } = this.#options;
    const [[found] = []] = await this.#select(`SELECT count() FROM ${this.#names.loading}`);
    if (Number(found) === rows) return;
    const loss = await this.rowLoss();
    if (canBeLeft(Number(found), rows, loss)) {
      if (loss.merging === undefined || this.#isLossTold) return;
      this.#isLossTold = true;
      return await note?.(
        `${shown} merges rows that are alike (${loss.merging}): ${found} of ${rows} of ${day} are there`,
      );
    }
    throw new MpError(
      `Cannot load ${day} into ${shown}: ${rows} rows were sent, and ${found} are there`,
      { category: "server", code: "lost_rows", hint: "run the same command again: it goes on" },
    );
  }

  /** @throws MpError (input) unless each day is a partition of its own */
  async #checkPartitions(): Promise<void> {
    const bare = (await this.#ofTable("partition_key")).replace(/^`(.*)`$/, "$1");
    if (bare !== this.#options.partition.name) {
      throw this.#otherPartitions(bare === "" ? "it has no partitions" : `they are by ${bare}`);
    }
  }

  /** What the server knows of the table; nothing where it is not there. */
  async #ofTable(column: "partition_key" | "engine_full"): Promise<string> {
    const { database, table } = this.#options;
    const [[found] = []] = await this.#select(
      `SELECT ${column} FROM system.tables WHERE name = ${dialect.text(table)} AND database = ${
        database === undefined ? "currentDatabase()" : dialect.text(database)
      }`,
    );
    return String(found ?? "");
  }

  #otherPartitions(why: string): MpError {
    const { shown, partition: { name } } = this.#options;
    return inputError(
      `Cannot load into ${shown}: its partitions are not days of the column ${JSON.stringify(name)}: ${why}`,
      "choose a table that is not there: mp makes it. Or make it with PARTITION BY that column",
      "other_table",
    );
  }

  async #select(statement: string): Promise<unknown[][]> {
    return await this.#options.server.select(statement, this.#options.signal);
  }

  async #run(statement: string): Promise<void> {
    await this.#options.server.run(statement, this.#options.signal);
  }
}

/** Undefined where the table is not there. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MpError && error.code === TABLE_MISSING) return undefined;
    throw error;
  }
}
