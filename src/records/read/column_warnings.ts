/** What is to be said of values that are read otherwise than the others of their column. */
import type { ColumnDoubt, ColumnKind, ColumnPlan, PlacedText } from "./read_column_kinds.ts";

/** Something in a table that may not be read as it was meant. */
export interface TableWarning {
  rule:
    | "text_column"
    | "text_value"
    | "path_column"
    | "number_column"
    | "bytes_column"
    | "duration_column"
    | "coarse_column"
    | "index_column"
    | "unnamed_column"
    | "key_repeated"
    | "not_a_number"
    | "infinite_number";
  line: number;
  /** The name of the column. */
  column: string;
  /** As it is written. */
  value: string;
  /** What became of it. */
  reason: string;
  /** What to type, where there is something. */
  hint?: string;
}

/** What programs write in place of a value. */
const NULL_WORDS: ReadonlySet<string> = new Set([
  "n/a",
  "na",
  "#n/a",
  "nan",
  "null",
  "nil",
  "none",
  "undefined",
  "unknown",
  "missing",
  "-",
  "--",
  "?",
  ".",
  "\\n",
]);

const KINDS = { number: "numbers", boolean: "true and false", json: "JSON" } as const;
const MOST_CHARACTERS = 60;

/** Tells of the doubt about a column, and of each value that does not fit its kind. */
export class ColumnWarnings {
  readonly #tell: (warning: TableWarning) => void;

  constructor(tell: (warning: TableWarning) => void) {
    this.#tell = tell;
  }

  ofPlan(column: string, { doubt }: ColumnPlan): void {
    if (doubt === undefined) return;
    this.#tell({
      rule: "text_column",
      line: doubt.line,
      column,
      value: doubt.text,
      reason: reasonOf(doubt),
      hint: hintOf(column, doubt),
    });
  }

  ofValue(column: string, kind: ColumnKind, { text, line }: PlacedText): void {
    if (kind === "text") return;
    this.#tell({
      rule: "text_value",
      line,
      column,
      value: text,
      reason: `is sent as text: ${shown(text)} among ${KINDS[kind]}`,
      hint: NULL_WORDS.has(text.toLowerCase())
        ? `--null ${quoted(text)} makes it empty`
        : kind === "number" && /^[\d.,eE+-]+$/.test(text)
        ? `--column-type ${quoted(`${column}:string`)} makes all of them texts`
        : undefined,
    });
  }
}

/** Of a column whose place in the header is empty. */
export function unnamedColumn(column: string): TableWarning {
  const reason = "has no name in the header, and is sent under this one";
  return { rule: "unnamed_column", line: 1, column, value: "", reason, hint: `--drop ${quoted(column)} leaves it out` };
}

/** Of a column that a table has, and the path of its file as well. */
export function columnTwice(column: string, value: string): TableWarning {
  return {
    rule: "path_column",
    line: 1,
    column,
    value,
    reason: `is a column of the file, and ${shown(`${column}=${value}`)} is in its path: the column is taken`,
  };
}

/** Of a column in the path of records in Mixpanel's own layout. */
export function columnNotTaken(column: string, value: string): TableWarning {
  return {
    rule: "path_column",
    line: 1,
    column,
    value,
    reason: "is in the path, and records in Mixpanel's own layout take nothing from it",
    hint: `--set ${quoted(`${column}=${value}`)} adds it`,
  };
}

/** What is to be said of a column of Parquet; the line is that of its first record. */
const ofColumn = (rule: TableWarning["rule"], column: string, reason: string, hint?: string): TableWarning => ({
  rule,
  line: 1,
  column,
  value: "",
  reason,
  hint,
});

export const bytesColumn = (column: string): TableWarning =>
  ofColumn(
    "bytes_column",
    column,
    "holds bytes, which are sent in hexadecimal",
    `--column-type ${quoted(`${column}:string`)} reads them as text`,
  );

export const durationColumn = (column: string, unit: string): TableWarning =>
  ofColumn("duration_column", column, `is a duration, and is sent as a whole number of ${unit}`);

/** Of a time or an id in numbers of 32 bits. */
export const coarseColumn = (column: string, isTime: boolean): TableWarning =>
  ofColumn(
    "coarse_column",
    column,
    isTime
      ? "is a time in numbers of 32 bits, which are two minutes apart: seconds have been lost in it"
      : "is an id in numbers of 32 bits, which hold seven digits: longer ones have been rounded in it",
    "rewrite it with 64 bits",
  );

export const indexColumn = (column: string): TableWarning =>
  ofColumn(
    "index_column",
    column,
    "is the index of a pandas table, and is sent as a property",
    `--drop ${quoted(column)} leaves it out`,
  );

/** Of a number that JSON has not; the line is the number of the record. */
export function notFinite(column: string, line: number, value: string): TableWarning {
  const isNaN = value === "NaN";
  const fate = isNaN ? "it is left out, and null in a list" : "it is sent as a text";
  const rule = isNaN ? "not_a_number" : "infinite_number";
  return { rule, line, column, value, reason: `is ${value}, which JSON has not: ${fate}` };
}

/** Of a key that a map has twice; the line is the number of the record. */
export function mapKeyTwice(column: string, line: number, key: string): TableWarning {
  return { rule: "key_repeated", line, column: `${column}.${key}`, value: "", reason: "is twice in a map" };
}

function reasonOf({ cause, kind, text }: ColumnDoubt): string {
  switch (cause) {
    case "digits":
      return `is sent as text: as a number, ${shown(text)} would not keep its digits`;
    case "decimal_comma":
      return `is sent as text: ${shown(text)} has a decimal comma`;
    case "unit":
      return `is sent as text: ${shown(text)} is no plain number`;
    case "mixed":
      return `is sent as text: ${shown(text)} is among ${KINDS[kind]}`;
  }
}

function hintOf(column: string, { cause, kind, text }: ColumnDoubt): string | undefined {
  if (cause === "unit") return undefined;
  if (cause === "decimal_comma") return "--decimal-comma reads it as a number";
  if (cause === "mixed" && NULL_WORDS.has(text.toLowerCase())) {
    return `--null ${quoted(text)} makes it empty, and the others ${KINDS[kind]}`;
  }
  return `--column-type ${quoted(`${column}:${kind}`)} makes all of them ${KINDS[kind]}, or refuses them`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
