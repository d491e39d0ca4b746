/** A view over the files, as DuckDB reads them. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import {
  columnComments,
  filesOf,
  type LakeTable,
  listed,
  schemeOf,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
} from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  number: "DOUBLE",
  string: "VARCHAR",
  json: "VARCHAR",
  timestamp: "TIMESTAMPTZ",
  decimal: "DECIMAL(38, 0)",
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  s3: "the extension httpfs, and CREATE SECRET (TYPE s3, PROVIDER credential_chain)",
  gs: "the extension httpfs, and CREATE SECRET (TYPE gcs, KEY_ID '…', SECRET '…')",
  az: "the extension azure, and CREATE SECRET (TYPE azure, CONNECTION_STRING '…')",
};

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** The same as a pattern, which matches nothing else. */
const asPattern = (path: string): string => path.replace(/[[*?]/g, "[$&]");

/** The expression that reads the files of a lake. Also Postgres gets them by it. */
export function duckDbFiles(lake: LakeTable): string {
  const { partition, delimited, columns } = lake;
  const options = partition === undefined ? [] : [
    "hive_partitioning = true",
    `hive_types = {${text(partition.name)}: ${partition.isDay ? "DATE" : "VARCHAR"}}`,
  ];
  const files = text(filesOf({ ...lake, location: asPattern(lake.location) }));
  if (delimited === undefined) return `read_parquet(${[files, ...options].join(", ")})`;
  const { separator, time, nullText } = delimited;
  const typeOf = (type: ColumnType) => type === "timestamp" && time !== "iso" ? "DOUBLE" : TYPES[type];
  return `read_csv${
    listed([
      files,
      "header = true",
      `delim = ${separator === "\t" ? "'\\t'" : text(separator)}`,
      // What is missing has no quotes, and an empty text has.
      "allow_quoted_nulls = false",
      ...nullText === "" ? [] : [`nullstr = ${text(nullText)}`],
      ...options,
      `columns = {${columns.map(({ name, type }) => `${text(name)}: ${text(typeOf(type))}`).join(", ")}}`,
    ])
  }`;
}

export const duckDbTable: StatementWriter = (lake, options) => {
  const { dialect } = options;
  const name = tableName(options);
  const json = lake.columns.filter(({ type }) => type === "json").map((column) => dialect.identifier(column.name));
  const casts = json.length === 0 ? "" : ` REPLACE (${json.map((one) => `${one}::JSON AS ${one}`).join(", ")})`;
  const scheme = schemeOf(lake.location) ?? "";
  return {
    remarks: scheme in EXTENSIONS ? [`${scheme}:// needs ${EXTENSIONS[scheme]}.`] : [],
    statements: [
      `CREATE OR REPLACE VIEW ${name} AS\nSELECT *${casts} FROM ${duckDbFiles(lake)}`,
      `COMMENT ON VIEW ${name} IS ${dialect.text(TABLE_COMMENT)}`,
      ...columnComments(lake.columns, options),
    ],
  };
};
