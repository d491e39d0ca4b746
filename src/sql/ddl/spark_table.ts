/** An external table of Spark, and of what speaks its SQL. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import {
  cannotBeTable,
  listed,
  schemeOf,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
  withScheme,
} from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  number: "DOUBLE",
  string: "STRING",
  json: "STRING",
  timestamp: "TIMESTAMP",
  decimal: "DECIMAL(38, 0)",
};

export const sparkTable: StatementWriter = (lake, options) => {
  const { dialect } = options;
  const { partition, columns } = lake;
  if (schemeOf(lake.location) === "az") {
    throw cannotBeTable(
      dialect.title,
      "it has no az:// addresses",
      "--location names it as abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PREFIX",
    );
  }
  const declared = columns.map(({ name, type, comment }) =>
    `${dialect.identifier(name)} ${TYPES[type]}${comment === undefined ? "" : ` COMMENT ${dialect.text(comment)}`}`
  );
  const name = tableName(options);
  const column = partition === undefined ? undefined : dialect.identifier(partition.name);
  if (column !== undefined) declared.push(`${column} ${partition!.isDay ? "DATE" : "STRING"}`);
  return {
    remarks: column === undefined ? [] : ["After each export, MSCK REPAIR TABLE finds the new days."],
    statements: [
      [
        `CREATE TABLE ${name} ${listed(declared)}`,
        "USING parquet",
        ...column === undefined ? [] : [`PARTITIONED BY (${column})`],
        `LOCATION ${dialect.text(withScheme(lake.location, "s3", "s3a"))}`,
        `COMMENT ${dialect.text(TABLE_COMMENT)}`,
      ].join("\n"),
      ...column === undefined ? [] : [`MSCK REPAIR TABLE ${name}`],
    ],
  };
};
