/** What is to be said of values that are read otherwise than the others of their column. */
import type { ColumnDoubt, ColumnKind, ColumnPlan, PlacedText } from "./read_column_kinds.ts";

/** Something in a table that may not be read as it was meant. */
export interface TableWarning {
  rule: "text_column" | "text_value" | "path_column";
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
      hint: NULL_WORDS.has(text.toLowerCase()) ? `--null ${quoted(text)} makes it empty` : undefined,
    });
  }
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

function reasonOf({ cause, kind, text }: ColumnDoubt): string {
  switch (cause) {
    case "digits":
      return `is sent as text: as a number, ${shown(text)} would not keep its digits`;
    case "decimal_comma":
      return `is sent as text: ${shown(text)} has a decimal comma`;
    case "mixed":
      return `is sent as text: ${shown(text)} is among ${KINDS[kind]}`;
  }
}

function hintOf(column: string, { cause, kind, text }: ColumnDoubt): string | undefined {
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
