/** What makes a lake a table in an engine. */
import type { EngineName } from "../dialect.ts";
import { bigQueryTable } from "./bigquery_table.ts";
import { clickHouseTable } from "./clickhouse_table.ts";
import { duckDbTable } from "./duckdb_table.ts";
import {
  cannotBeTable,
  type LakeTable,
  type StatementWriter,
  type TableNaming,
  type TableStatements,
} from "./lake_table.ts";
import { postgresTable } from "./postgres_table.ts";
import { snowflakeTable } from "./snowflake_table.ts";
import { sparkTable } from "./spark_table.ts";
import { trinoTable } from "./trino_table.ts";

const WRITERS: Readonly<Record<EngineName, StatementWriter>> = {
  duckdb: duckDbTable,
  clickhouse: clickHouseTable,
  trino: trinoTable,
  spark: sparkTable,
  bigquery: bigQueryTable,
  snowflake: snowflakeTable,
  postgres: postgresTable,
};

/** Names of columns that an engine has no way to read from a Parquet file. */
const UNREADABLE: Readonly<Partial<Record<EngineName, RegExp>>> = {
  bigquery: /^(?![A-Za-z_]\w{0,299}$)/,
  trino: /[,:;]/,
  spark: /[ ,;{}()\n\t=]/,
};

/** Engines that read CSV and TSV as `mp export` writes them. */
const READ_DELIMITED: readonly EngineName[] = ["duckdb", "postgres"];

/** @throws MpError (input) for a lake that the engine cannot read */
export function tableStatements(lake: LakeTable, options: TableNaming): TableStatements {
  const { name, title } = options.dialect;
  if (lake.delimited !== undefined && !READ_DELIMITED.includes(name)) {
    throw cannotBeTable(title, "its files are CSV, in which types are not told", "export with -f parquet");
  }
  const bad = lake.columns.find((column) => UNREADABLE[name]?.test(column.name));
  if (bad !== undefined) {
    throw cannotBeTable(
      title,
      `a column cannot be called ${JSON.stringify(bad.name)} there`,
      "export with --names safe, to another folder",
    );
  }
  return WRITERS[name](lake, options);
}

/** The statements as a script. Short ones stand together. */
export function scriptOf({ remarks, statements }: TableStatements): string {
  const ended = statements.map((one) => one.startsWith("\\") ? `${one}\n` : `${one};\n`);
  const isLong = (one: string | undefined) => one?.trimEnd().includes("\n");
  const spaced = ended.map((one, index) => index > 0 && (isLong(one) || isLong(ended[index - 1])) ? `\n${one}` : one);
  return remarks.map((remark) => `-- ${remark}\n`).join("") + spaced.join("");
}
