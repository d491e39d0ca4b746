/** A table over the files, as ClickHouse reads them. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import {
  cannotBeTable,
  filesOf,
  type LakeColumn,
  listed,
  schemeOf,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
} from "./lake_table.ts";
import type { Dialect } from "../dialect.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "Bool",
  integer: "Int64",
  number: "Float64",
  string: "String",
  json: "String",
  timestamp: "DateTime64(3, 'UTC')",
  decimal: "Decimal(38, 0)",
};

/** What no event lacks. */
const ALWAYS: ReadonlySet<string> = new Set(["event", "time", "distinct_id"]);

/** A column of a table in ClickHouse: NULL where an event has no such property. */
export function clickHouseColumn({ name, type, comment }: LakeColumn, dialect: Dialect): string {
  const bare = TYPES[type];
  const declared = ALWAYS.has(name) ? bare : `Nullable(${bare})`;
  return `${dialect.identifier(name)} ${declared}${comment === undefined ? "" : ` COMMENT ${dialect.text(comment)}`}`;
}

export const clickHouseTable: StatementWriter = (lake, options) => {
  const { dialect } = options;
  const scheme = schemeOf(lake.location);
  if (scheme === "az") {
    throw cannotBeTable(
      dialect.title,
      "it has no engine for az:// addresses",
      "--location names the files as it reads them: an https:// or s3:// address, or a path",
    );
  }
  const files = dialect.text(filesOf(lake));
  return {
    remarks: scheme === undefined
      ? ["ClickHouse reads files of its server, below its user_files folder: --location names the lake as it is there."]
      : ["Without credentials in the server's own configuration, S3('…', 'key id', 'secret', 'Parquet') names them."],
    statements: [
      `CREATE TABLE ${tableName(options)} ${
        listed(lake.columns.map((column) => clickHouseColumn(column, dialect)))
      }\n` +
      `ENGINE = ${scheme === undefined ? `File(Parquet, ${files})` : `S3(${files}, 'Parquet')`}\n` +
      `COMMENT ${dialect.text(TABLE_COMMENT)}`,
    ],
  };
};
