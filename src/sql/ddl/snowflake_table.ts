/** A stage over the bucket, and an external table of Snowflake. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import {
  cannotBeTable,
  columnComments,
  listed,
  schemeOf,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
  withScheme,
} from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  integer: "NUMBER(19, 0)",
  number: "DOUBLE",
  string: "VARCHAR",
  json: "VARCHAR",
  timestamp: "TIMESTAMP_NTZ",
  decimal: "NUMBER(38, 0)",
};

const SCHEMES: readonly (string | undefined)[] = ["s3", "s3gov", "s3china", "gs", "gcs", "azure"];

export const snowflakeTable: StatementWriter = (lake, options) => {
  const { table, dialect } = options;
  const { partition, columns, extension } = lake;
  if (!SCHEMES.includes(schemeOf(lake.location)) || lake.isFile) {
    throw cannotBeTable(
      dialect.title,
      "it reads folders in buckets, s3://, gs:// or azure://ACCOUNT.blob.core.windows.net/CONTAINER",
      "export with -o s3://bucket/prefix/, or name where the lake was copied to with --location",
    );
  }
  const stage = tableName({ table: [...table.slice(0, -1), `${table.at(-1)}_files`], dialect });
  const name = tableName(options);
  const declared = columns.map(({ name, type }) =>
    `${dialect.identifier(name)} ${TYPES[type]} AS (VALUE:"${name.replaceAll('"', '""')}"::${TYPES[type]})`
  );
  const column = partition === undefined ? undefined : dialect.identifier(partition.name);
  if (column !== undefined) {
    const value = `SPLIT_PART(SPLIT_PART(METADATA$FILENAME, ${dialect.text(`${partition!.name}=`)}, 2), '/', 1)`;
    declared.push(partition!.isDay ? `${column} DATE AS (TO_DATE(${value}))` : `${column} VARCHAR AS (${value})`);
  }
  const url = withScheme(lake.location, "gs", "gcs");
  return {
    remarks: [
      "The stage reads with what STORAGE_INTEGRATION = … or CREDENTIALS = (…) allows it.",
      "After each export, REFRESH finds the new files.",
    ],
    statements: [
      `CREATE STAGE ${stage}\n  URL = ${dialect.text(`${url}/`)}`,
      [
        `CREATE EXTERNAL TABLE ${name} ${listed(declared)}`,
        ...column === undefined ? [] : [`PARTITION BY (${column})`],
        `LOCATION = @${stage}`,
        `PATTERN = ${dialect.text(`.*${extension.replaceAll(".", "[.]")}`)}`,
        "FILE_FORMAT = (TYPE = PARQUET, USE_LOGICAL_TYPE = TRUE)",
        "AUTO_REFRESH = FALSE",
        `COMMENT = ${dialect.text(TABLE_COMMENT)}`,
      ].join("\n"),
      ...columnComments(columns, options),
      `ALTER EXTERNAL TABLE ${name} REFRESH`,
    ],
  };
};
