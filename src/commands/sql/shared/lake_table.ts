/** The table that a question is asked of. */
import type { Context } from "../../../cli/context.ts";
import { duckDbFiles } from "../../../sql/ddl/duckdb_table.ts";
import type { Dialect, EngineName, TimeKind } from "../../../sql/dialect.ts";
import { namedTable, type SqlTable, tableOfSchema } from "../../../sql/sql_table.ts";
import { OTHER_PROPERTIES } from "../../../streams/table/table_schema.ts";
import { describeLake } from "../../lake/shared/described_lake.ts";

const DEFAULT_TABLE = "events";

/** Engines whose table of a lake has the column of days, and skips files by it. */
const HAVE_DAYS: ReadonlySet<EngineName> = new Set(["trino", "spark", "bigquery", "snowflake"]);

/**
 * The table of a name, with the columns of the lake if one is given. Without a name, DuckDB reads the files of the lake.
 *
 * @throws MpError (input) for what is no lake of tables, (not_found) where nothing is
 */
export async function tableOf(
  context: Context,
  dialect: Dialect,
  { table, lake }: { table?: string; lake?: string },
): Promise<SqlTable> {
  const named = namedTable(table ?? DEFAULT_TABLE, dialect);
  if (lake === undefined) return named;
  const described = await describeLake(context, lake);
  const { columns, delimited, hasNoCopies, days } = described;
  const rest = columns.find(({ name, type }) => name === OTHER_PROPERTIES && type === "json");
  const schema = { columns: columns.filter((column) => column !== rest), rest: rest?.name };
  if (dialect.name !== "duckdb" || table !== undefined) {
    return { ...tableOfSchema(named.from, schema), hasNoCopies, ...HAVE_DAYS.has(dialect.name) && { days } };
  }
  const isLocal = columns.some(({ name, isLocal }) => name === "time" && isLocal === true);
  const timeKind: TimeKind = delimited !== undefined && delimited.time !== "iso"
    ? delimited.time === "milliseconds" ? "milliseconds" : "seconds"
    : isLocal
    ? "plain"
    : "instant";
  return { ...tableOfSchema(duckDbFiles(described), schema), hasNoCopies, timeKind, days };
}
