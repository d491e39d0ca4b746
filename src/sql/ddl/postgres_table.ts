/** A table of PostgreSQL, and the command of psql that fills it. */
import type { ColumnType } from "../../streams/table/record_encoder.ts";
import { duckDbFiles } from "./duckdb_table.ts";
import {
  cannotBeTable,
  columnComments,
  type LakeColumn,
  listed,
  type StatementWriter,
  TABLE_COMMENT,
  tableName,
} from "./lake_table.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  boolean: "boolean",
  integer: "bigint",
  number: "double precision",
  string: "text",
  json: "text",
  timestamp: "timestamptz",
  decimal: "numeric(38, 0)",
};

export const postgresTable: StatementWriter = (lake, options) => {
  const { dialect } = options;
  const { partition, columns, delimited } = lake;
  const name = tableName(options);
  const typeOf = ({ type }: LakeColumn) =>
    type === "timestamp" && delimited !== undefined && delimited.time !== "iso" ? TYPES.number : TYPES[type];
  const declared = columns.map((column) => `${dialect.identifier(column.name)} ${typeOf(column)}`);
  if (partition !== undefined) {
    declared.push(`${dialect.identifier(partition.name)} ${partition.isDay ? "date" : "text"}`);
  }
  const copy = `COPY (SELECT * FROM ${duckDbFiles(lake).replace(/\s*\n\s*/g, " ")}) TO '/dev/stdout' (FORMAT csv)`;
  // psql takes a command on one line.
  if (/[\n\r]/.test(copy)) {
    throw cannotBeTable(dialect.title, "a path or a name has a line break in it", "export to another folder");
  }
  const program = `duckdb -c ${shellWord(copy)}`;
  const index = ["event", "time"].filter((key) => columns.some(({ name }) => name === key))
    .map((key) => dialect.identifier(key));
  return {
    remarks: [
      "For psql. PostgreSQL does not read such files: the duckdb program on the machine of psql passes them on.",
    ],
    statements: [
      `CREATE TABLE ${name} ${listed(declared)}`,
      `COMMENT ON TABLE ${name} IS ${dialect.text(TABLE_COMMENT)}`,
      ...columnComments(columns, options),
      `\\copy ${name} FROM PROGRAM '${program.replaceAll("'", "''")}' (FORMAT csv, HEADER)`,
      ...index.length === 0 ? [] : [`CREATE INDEX ON ${name} (${index.join(", ")})`],
    ],
  };
};

/** A text as one word of a shell. */
const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
