/**
 * A server on 127.0.0.1 that knows as much of ClickHouse as a load needs: tables of days in memory, and the statements by which
 * they are filled. Whatever else is asked is a syntax error, and a problem. It can stop answering at any request.
 */
import assert from "node:assert/strict";
import { type RunningServer, serve } from "../../src/runtime/network/server.ts";
import { parquetRecords } from "../../src/streams/parquet/parquet_records.ts";

type Row = Record<string, unknown>;

interface Table {
  /** Types by name. */
  columns: Map<string, string>;
  /** The column that keeps partitions apart; undefined for none. */
  partition?: string;
  /** As the server would write it; default that of mp's own tables. */
  engine?: string;
  /** Of several rows that are alike in these columns the last one stays, as in a ReplacingMergeTree. */
  mergesBy?: readonly string[];
  rows: Row[];
}

export interface ClickHouseServerLab {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** By `db.table`. */
  readonly tables: Map<string, Table>;
  /** Statements, in the order in which they came. */
  readonly statements: string[];
  /** After so many further requests connections are torn down: unanswered, and executed where `executes` says so. */
  stopAfter(requests: number, options?: { executes?: boolean }): void;
  /** Only the request after so many others is lost. */
  loseOne(requests: number, options?: { executes?: boolean }): void;
  answerAgain(): void;
  /** Stops, and fails when a statement was not known. */
  finish(): Promise<void>;
}

const NAME = "`(?:[^`\\\\]|\\\\.)*`";
const TABLE = `(${NAME}\\.${NAME})`;
const TEXT = "'((?:[^'\\\\]|\\\\.)*)'";

const bare = (quoted: string): string => quoted.replace(/\\(.)/g, "$1");
const tableKey = (name: string): string =>
  [...name.matchAll(new RegExp(NAME, "g"))].map(([one]) => bare(one.slice(1, -1))).join(".");

class Exception extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

export function startClickHouseServer(): ClickHouseServerLab {
  const tables = new Map<string, Table>();
  const statements: string[] = [];
  const problems: string[] = [];
  let lost: { left: number; isOne: boolean; executes: boolean } | undefined;

  const tableOf = (name: string): Table => {
    const table = tables.get(tableKey(name));
    if (table === undefined) throw new Exception(60, `Table ${tableKey(name)} does not exist. (UNKNOWN_TABLE)`);
    return table;
  };
  const partitionOf = (table: Table, row: Row) => String(row[table.partition ?? ""] ?? "");

  const known: readonly (readonly [pattern: RegExp, run: (parts: string[], data: Uint8Array) => unknown])[] = [
    [re(`SELECT text, version FROM ${TABLE} WHERE name = ${TEXT} ORDER BY version DESC LIMIT 1`), ([name, key]) => {
      const rows = tableOf(name!).rows.filter((row) => row.name === bare(key!));
      return rows.sort((a, b) => Number(b.version) - Number(a.version)).slice(0, 1).map((
        row,
      ) => [row.text, row.version]);
    }],
    [re(`SELECT toString\\((${NAME})\\), count\\(\\) FROM ${TABLE} GROUP BY ${NAME}`), ([column, name]) => {
      const counts = new Map<string, number>();
      if (!tableOf(name!).columns.has(bare(column!.slice(1, -1)))) throw new Exception(47, "Unknown identifier");
      for (const row of tableOf(name!).rows) {
        const key = String(row[bare(column!.slice(1, -1))]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts];
    }],
    [re(`SELECT count\\(\\) FROM ${TABLE}`), ([name]) => [[tableOf(name!).rows.length]]],
    [
      re(`SELECT engine_full FROM system\\.tables WHERE name = ${TEXT} AND database = ${TEXT}`),
      (
        [name, database],
      ) => [[tables.get(`${bare(database!)}.${bare(name!)}`)?.engine ?? "MergeTree PARTITION BY date"]],
    ],
    [re(`DESCRIBE TABLE ${TABLE}`), ([name]) => [...tableOf(name!).columns]],
    [
      re(`SELECT partition_key FROM system\\.tables WHERE name = ${TEXT} AND database = ${TEXT}`),
      ([name, database]) => {
        const table = tables.get(`${bare(database!)}.${bare(name!)}`);
        return table === undefined ? [] : [[table.partition ?? ""]];
      },
    ],
    [re(`CREATE TABLE IF NOT EXISTS ${TABLE} \\((.*)\\) ENGINE = (?:MergeTree|ReplacingMergeTree\\(version\\))(.*)`), (
      [name, columns, rest],
    ) => {
      if (tables.has(tableKey(name!))) return;
      const [, partition] = new RegExp(`PARTITION BY (${NAME})`).exec(rest!) ?? [];
      tables.set(tableKey(name!), {
        columns: declared(columns!),
        partition: partition === undefined ? undefined : bare(partition.slice(1, -1)),
        rows: [],
      });
    }],
    [re(`CREATE TABLE ${TABLE} AS ${TABLE}`), ([name, other]) => {
      if (tables.has(tableKey(name!))) throw new Exception(57, "Table already exists");
      const { columns, ...like } = tableOf(other!);
      tables.set(tableKey(name!), { ...like, columns: new Map(columns), rows: [] });
    }],
    [re(`DROP TABLE IF EXISTS ${TABLE}`), ([name]) => void tables.delete(tableKey(name!))],
    [re(`TRUNCATE TABLE ${TABLE}`), ([name]) => void (tableOf(name!).rows = [])],
    [re(`ALTER TABLE ${TABLE} (ADD COLUMN .*)`), ([name, columns]) => {
      const table = tableOf(name!);
      for (const [column, type] of declared(columns!.replaceAll("ADD COLUMN ", ""))) table.columns.set(column, type);
    }],
    [re(`ALTER TABLE ${TABLE} REPLACE PARTITION ${TEXT} FROM ${TABLE}`), ([name, day, from]) => {
      const table = tableOf(name!), other = tableOf(from!);
      assert.deepEqual([...other.columns], [...table.columns], "tables have different structure");
      const isOfDay = (row: Row) => partitionOf(table, row) === bare(day!);
      table.rows = [...table.rows.filter((row) => !isOfDay(row)), ...other.rows.filter(isOfDay)];
    }],
    [re(`ALTER TABLE ${TABLE} DROP PARTITION ${TEXT}`), ([name, day]) => {
      const table = tableOf(name!);
      table.rows = table.rows.filter((row) => partitionOf(table, row) !== bare(day!));
    }],
    [re(`INSERT INTO ${TABLE} \\(name, version, text\\) FORMAT JSONEachRow`), ([name], data) => {
      tableOf(name!).rows.push(JSON.parse(new TextDecoder().decode(data)));
    }],
    [
      re(
        `INSERT INTO ${TABLE} \\((.*)\\) SELECT .*, (?:toDate\\(${TEXT}\\)|${TEXT}) FROM input\\(${TEXT}\\) FORMAT Parquet`,
      ),
      async ([name, , day, text, structure], data) => {
        const table = tableOf(name!);
        const columns = declared(bare(structure!));
        for await (
          const batch of parquetRecords({
            byteLength: data.length,
            slice: (start, end) => Promise.resolve(data.slice(start, end)),
          })
        ) {
          for (const record of batch as Row[]) {
            for (const column of Object.keys(record)) assert.ok(columns.has(column), `input() has no ${column}`);
            for (const column of columns.keys()) assert.ok(table.columns.has(column), `the table has no ${column}`);
            table.rows.push({ ...record, [table.partition!]: bare((day ?? text)!) });
          }
        }
        const { mergesBy: key } = table;
        if (key === undefined) return;
        table.rows = [...new Map(table.rows.map((row) => [key.map((column) => row[column]).join(), row])).values()];
      },
    ],
  ];

  async function execute(statement: string, data: Uint8Array): Promise<Response> {
    statements.push(statement);
    try {
      for (const [pattern, run] of known) {
        const match = pattern.exec(statement);
        if (match === null) continue;
        const rows = await run(match.slice(1), data);
        if (rows === undefined) return new Response("");
        const width = Math.max(1, ...(rows as unknown[][]).map((row) => row.length));
        const meta = Array.from({ length: width }, (_, index) => ({ name: `c${index}`, type: "String" }));
        return Response.json({ meta, data: rows, rows: (rows as unknown[]).length });
      }
      problems.push(`unknown statement: ${statement}`);
      throw new Exception(62, "Syntax error");
    } catch (error) {
      if (!(error instanceof Exception)) problems.push(String(error));
      const code = error instanceof Exception ? error.code : 1001;
      return new Response(`Code: ${code}. DB::Exception: ${error instanceof Error ? error.message : error}\n`, {
        status: code === 60 ? 404 : 500,
      });
    }
  }

  const server: RunningServer = serve(async (request) => {
    const data = new Uint8Array(await request.arrayBuffer());
    const query = new URL(request.url).searchParams.get("query");
    const statement = query ?? new TextDecoder().decode(data);
    if (lost !== undefined && lost.left-- <= 0) {
      const { executes, isOne } = lost;
      if (isOne) lost = undefined;
      if (executes) await execute(statement, data);
      // An answer that nobody understands stands for none: the request is in doubt.
      return new Response("gateway", { status: 502 });
    }
    return await execute(statement, data);
  }, { hostname: "127.0.0.1", port: 0 });
  const host = `127.0.0.1:${server.port}`;
  return {
    host,
    tables,
    statements,
    stopAfter: (left, { executes = false } = {}) => void (lost = { left, isOne: false, executes }),
    loseOne: (left, { executes = false } = {}) => void (lost = { left, isOne: true, executes }),
    answerAgain: () => void (lost = undefined),
    async finish() {
      await server.stop();
      assert.deepEqual(problems, []);
    },
  };
}

const re = (source: string): RegExp => new RegExp(`^${source}$`, "s");

/** `name type` pairs with commas between, where types have brackets with commas. */
function declared(text: string): Map<string, string> {
  const columns = new Map<string, string>();
  const pattern = new RegExp(`(${NAME}|\\w+) ((?:${TEXT}|[^,()']|\\([^()]*(?:\\([^()]*\\)[^()]*)*\\))+)(?:, |$)`, "gy");
  for (const [, name = "", type = ""] of text.matchAll(pattern)) {
    columns.set(name.startsWith("`") ? bare(name.slice(1, -1)) : name, type.replace(/ COMMENT '.*'$/, ""));
  }
  return columns;
}
