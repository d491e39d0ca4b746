/** Definitions in a file: JSON, JSON Lines, or CSV whose header names the fields. */
import { inputError } from "../../../errors.ts";
import { csvRecords, CsvSyntaxError } from "../../../streams/csv/delimited_rows.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { nearest } from "../../../streams/nearest.ts";
import { readJsonEntries } from "./read_entries.ts";

export type Definition = Record<string, unknown>;

const TRUTHS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};

/** What a field of a CSV file is read as: by the fields that hold something else than text. */
export interface FieldKinds {
  /** All fields, as the server names them. */
  names: readonly string[];
  lists: readonly string[];
  truths: readonly string[];
}

/**
 * The definitions of a file, with fields as the server names them. A header may write `displayName` as `display_name` or
 * `Display Name`; an empty cell says nothing, and a list has commas between its items.
 *
 * @throws MpError (input) that names the line or the column.
 */
export function readDefinitionFile(content: string, file: string, kinds: FieldKinds): Definition[] {
  const entries = /^\s*[[{]/.test(content)
    ? readJsonEntries(
      content,
      file,
      (value) => isObject(value) && Array.isArray(value.results) ? value.results : [value],
    )
    : readTable(content, file, kinds);
  return entries.map((entry, index) => {
    if (isObject(entry) && typeof entry.name === "string" && entry.name !== "") return entry;
    throw inputError(`Cannot read ${file}: definition ${index + 1} has no name`, undefined, "bad_definition");
  });
}

function readTable(content: string, file: string, kinds: FieldKinds): Definition[] {
  try {
    const [header, ...rows] = csvRecords(content.replace(/^\ufeff/, ""));
    const columns = (header?.fields ?? []).map((column) => fieldOf(column, file, kinds.names));
    return rows.map(({ fields, line }) =>
      Object.fromEntries(columns.flatMap((column, index): [string, unknown][] => {
        const cell = fields[index]?.trim() ?? "";
        return cell === "" ? [] : [[column, valueOf(column, cell, `${file}: line ${line}`, kinds)]];
      }))
    );
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw inputError(`Cannot read ${file}: line ${error.line} has ${error.message}`, undefined, "bad_table");
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

function fieldOf(column: string, file: string, names: readonly string[]): string {
  const field = names.find((name) => plain(name) === plain(column));
  if (field !== undefined) return field;
  const near = nearest(column, names);
  throw inputError(
    `Cannot read ${file}: there is no field ${JSON.stringify(column)}`,
    near === undefined ? `the fields are ${names.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
    "bad_column",
  );
}

function valueOf(column: string, cell: string, place: string, { lists, truths }: FieldKinds): unknown {
  if (lists.includes(column)) return cell.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (!truths.includes(column)) return cell;
  const truth = TRUTHS[cell.toLowerCase()];
  if (truth !== undefined) return truth;
  throw inputError(
    `Cannot read ${place}: ${column} ${JSON.stringify(cell)} is not true or false`,
    undefined,
    "bad_cell",
  );
}
