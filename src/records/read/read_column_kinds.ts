/**
 * What the columns of a table hold, as far as their texts tell. A column is taken for numbers only when no digit can get
 * lost: ids, postal codes, telephone numbers and everything with leading zeros stay text.
 */
import { parseExactJson } from "../../streams/json/json.ts";

export type ColumnKind = "text" | "number" | "boolean" | "json";

/** Columns whose digits are names, not amounts. */
const NAMES_OF_DIGITS =
  /(^|[^a-z])(ids?|uuid|guid|zip|zip_?code|post_?code|postal(_?code)?|phone|tel|fax|mobile|sku|ean|isbn|code|version|build)$/i;
const CAMEL_ID = /[a-z](Id|ID|Uuid|UUID|Sku|Zip|Phone|Code|Version)s?$/;

/** An integer without leading zeros, or a decimal fraction, with at most 15 digits, which a number holds exactly. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** With a sign or a point, because `12e5` may as well be an id. */
const SCIENTIFIC = /^-?\d(?:\.\d+[eE][+-]?\d{1,3}|[eE][+-]\d{1,3})$/;
const MOST_DIGITS = 15;
const BOOLEAN = /^(?:true|false)$/i;

/** The kind of each column, from rows of equal length. A column without values is text. */
export function columnKinds(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: ReadonlySet<string> = new Set(),
): ColumnKind[] {
  return columns.map((name, index) => {
    if (textColumns.has(name)) return "text";
    let kind: ColumnKind | undefined;
    for (const row of rows) {
      const field = row[index] ?? "";
      if (field === "") continue;
      const found = kindOf(field);
      if (found === "text" || (kind !== undefined && found !== kind)) return "text";
      kind = found;
    }
    const namesDigits = kind === "number" && (NAMES_OF_DIGITS.test(name) || CAMEL_ID.test(name));
    return kind === undefined || namesDigits ? "text" : kind;
  });
}

/** The value of a field in a column of this kind. A text that does not fit stays one. */
export function typedValue(field: string, kind: ColumnKind): unknown {
  switch (kind) {
    case "number":
      return isNumber(field) ? Number(field) : field;
    case "boolean":
      return BOOLEAN.test(field) ? field.length === 4 : field;
    case "json":
      return jsonOf(field) ?? field;
    default:
      return field;
  }
}

function kindOf(field: string): ColumnKind {
  if (isNumber(field)) return "number";
  if (BOOLEAN.test(field)) return "boolean";
  return jsonOf(field) === undefined ? "text" : "json";
}

function isNumber(field: string): boolean {
  if (field.length > MOST_DIGITS + 2) return false;
  if (!NUMBER.test(field)) return SCIENTIFIC.test(field) && isWithinRange(field);
  return field.length <= MOST_DIGITS || field.replace(/\D/g, "").length <= MOST_DIGITS;
}

/** Whether a number is neither too large nor too small to be held. */
function isWithinRange(field: string): boolean {
  const value = Number(field);
  return Number.isFinite(value) && (value !== 0 || /^-?0(?:\.0+)?e/i.test(field));
}

/** The list or object that a text holds. */
function jsonOf(field: string): unknown {
  const first = field[0];
  if (first !== "[" && first !== "{") return undefined;
  try {
    return parseExactJson(field);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
