/** An external table of BigQuery. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import { cannotBeTable, listed, schemeOf, type StatementWriter, TABLE_COMMENT, tableName } from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOL",
  integer: "INT64",
  number: "FLOAT64",
  string: "STRING",
  json: "STRING",
  timestamp: "TIMESTAMP",
  decimal: "BIGNUMERIC",
};

export const bigQueryTable: StatementWriter = (lake, options) => {
  const { dialect } = options;
  const { location, isFile, extension, partition, columns } = lake;
  if (schemeOf(location) !== "gs") {
    throw cannotBeTable(
      dialect.title,
      "it reads gs:// addresses",
      "export to a bucket with -o gs://…, or name where the lake was copied to: --location gs://bucket/prefix",
    );
  }
  const text = (value: string) => dialect.text(value);
  const declared = columns.map(({ name, type, comment }) =>
    `${dialect.identifier(name)} ${TYPES[type]}${
      comment === undefined ? "" : ` OPTIONS (description = ${text(comment)})`
    }`
  );
  const more = partition === undefined
    ? ""
    : `\nWITH PARTITION COLUMNS (${dialect.identifier(partition.name)} ${partition.isDay ? "DATE" : "STRING"})`;
  const settings = [
    "format = 'PARQUET'",
    // A pattern has one star, which stands for folders too.
    `uris = [${text(isFile ? location : `${location}/*${extension}`)}]`,
    ...partition === undefined ? [] : [`hive_partition_uri_prefix = ${text(location)}`],
    "decimal_target_types = ['BIGNUMERIC']",
    `description = ${text(TABLE_COMMENT)}`,
  ];
  return {
    remarks: [],
    statements: [`CREATE EXTERNAL TABLE ${tableName(options)} ${listed(declared)}${more}\nOPTIONS ${listed(settings)}`],
  };
};
