/** A lake as the statements that make a table of it see it. */
import { inputError, type MpError } from "../../errors.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import type { TimeForm } from "../../streams/table/time_form.ts";
import type { Dialect } from "../dialect.ts";
import type { DayColumn } from "../sql_table.ts";

/** The comment of the column by which days of the project are kept apart. */
export const DAY_COMMENT = "The day of the event, by the calendar of the project";

/** What the comment of a column begins with whose texts are JSON: no engine's type of such a column says so. */
export const JSON_COMMENT = "JSON";

export interface LakeColumn extends Column {
  /** Whether it holds times that have no zone. */
  isLocal?: boolean;
  /** What the Lexicon says of the property. */
  comment?: string;
}

/** A column that is in the paths of files: `date=2026-01-31/`. */
export interface PathPartition {
  name: string;
  /** Whether its values are days; otherwise they are texts. */
  isDay: boolean;
}

/** How the files of a lake of CSV or TSV are written. */
export interface DelimitedForm {
  separator: "," | "\t";
  /** Undefined: as times came. */
  time?: TimeForm;
  /** What stands for null; empty for nothing. */
  nullText: string;
}

export interface LakeTable {
  /** Whether the export has left copies out, so that each event is there once. */
  hasNoCopies?: boolean;
  /** Where an engine finds the files: a folder without a slash at its end, or a file. */
  location: string;
  isFile: boolean;
  /** Of its files, with the point: `.parquet`, `.csv.gz`. */
  extension: string;
  /** Undefined for Parquet. */
  delimited?: DelimitedForm;
  columns: readonly LakeColumn[];
  partition?: PathPartition;
  /** The column of `partition`, where its values are known to be days of the project. */
  days?: DayColumn;
}

export interface TableNaming {
  /** The parts of the table's name, the table last. */
  table: readonly string[];
  dialect: Dialect;
}

/** What makes a lake a table. */
export interface TableStatements {
  /** What has to be known or done, in sentences. */
  remarks: readonly string[];
  /** Each without its semicolon; one that begins with a backslash is a command of psql. */
  statements: readonly string[];
}

export type StatementWriter = (lake: LakeTable, options: TableNaming) => TableStatements;

/** What a table is called in comments. */
export const TABLE_COMMENT = "Events of Mixpanel, exported by mp";

/** The files of a lake as a pattern. */
export function filesOf({ location, isFile, extension, partition }: LakeTable): string {
  if (isFile) return location;
  return `${location}/${partition === undefined ? "" : `${partition.name}=*/`}*${extension}`;
}

export const tableName = ({ table, dialect }: TableNaming): string =>
  table.map((part) => dialect.identifier(part)).join(".");

/** Statements for what is said of columns, of engines that have no place for it in the table's own. */
export function columnComments(columns: readonly LakeColumn[], options: TableNaming): string[] {
  const { dialect } = options;
  return columns.flatMap(({ name, comment }) =>
    comment === undefined
      ? []
      : [`COMMENT ON COLUMN ${tableName(options)}.${dialect.identifier(name)} IS ${dialect.text(comment)}`]
  );
}

/** The scheme of an address, such as `s3`; undefined for a path. */
export const schemeOf = (location: string): string | undefined => /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];

/** With another scheme for the same store: Spark reads `s3a://`. */
export const withScheme = (location: string, from: string, to: string): string =>
  location.startsWith(`${from}://`) ? `${to}${location.slice(from.length)}` : location;

/** The lines of a list in brackets. */
export const listed = (lines: readonly string[]): string => `(\n${lines.map((line) => `  ${line}`).join(",\n")}\n)`;

export function cannotBeTable(title: string, why: string, hint: string): MpError {
  return inputError(`Cannot make a table of the lake in ${title}: ${why}`, hint, "no_table");
}
