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

/** How the fields of a definition are read where they are text. */
export interface FieldKinds {
  /** All that can be written, as the server names it. */
  names: readonly string[];
  lists: readonly string[];
  truths: readonly string[];
}

/** What lists show of a definition besides, and nobody writes. Properties say what they are of in a column of its own. */
const SHOWN_ONLY = [
  ...["id", "status", "merged", "customEventId", "platforms", "dataGroupId"],
  ...["lastModified", "createdUtc", "modifiedUtc"],
];

/**
 * The definitions of a file: CSV, JSON, JSON Lines, or what a list has printed in any of these forms. Fields may be called
 * `displayName`, `display_name` or `Display Name`; an empty cell says nothing, and a list in a cell has commas between its
 * items.
 *
 * @throws MpError (input) that names the line or the field.
 */
export function readDefinitionFile(content: string, file: string, kinds: FieldKinds): Definition[] {
  let isAnswer = false;
  const entries = /^\s*[[{]/.test(content)
    ? readJsonEntries(content, file, (value) => {
      isAnswer = isObject(value) && Array.isArray(value.results);
      return isAnswer ? (value as { results: unknown[] }).results : [value];
    })
    : readTable(content, file);
  return entries.map((entry, index) => {
    const place = `${file}: definition ${index + 1}`;
    const definition = isObject(entry) ? definitionOf(entry, place, isAnswer, kinds) : {};
    if (typeof definition.name === "string" && definition.name !== "") return definition;
    throw inputError(`Cannot read ${place} has no name`, undefined, "bad_definition");
  });
}

/** Rows as objects, without their empty cells. */
function readTable(content: string, file: string): Definition[] {
  try {
    const [header, ...rows] = csvRecords(content.replace(/^\ufeff/, ""));
    const columns = header?.fields ?? [];
    return rows.map(({ fields }) =>
      Object.fromEntries(
        columns.map((column, index) => [column, fields[index]?.trim() ?? ""]).filter(([, cell]) => cell !== ""),
      )
    );
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw inputError(`Cannot read ${file}: line ${error.line} has ${error.message}`, undefined, "bad_table");
  }
}

/** @param isAnswer whether the server has made it, which may say what is not known here */
function definitionOf(entry: Definition, place: string, isAnswer: boolean, kinds: FieldKinds): Definition {
  const fields = Object.entries(entry).flatMap(([key, value]): [string, unknown][] => {
    const field = fieldOf(key, kinds.names);
    if (field !== undefined) return value === null ? [] : [[field, valueOf(field, value, place, kinds)]];
    if (isAnswer || SHOWN_ONLY.some((name) => plain(name) === plain(key))) return [];
    const near = nearest(key, kinds.names);
    throw inputError(
      `Cannot read ${place} has a field ${JSON.stringify(key)}, which there is not`,
      near === undefined ? `the fields are ${kinds.names.join(", ")}` : `did you mean ${JSON.stringify(near)}?`,
      "bad_column",
    );
  });
  return Object.fromEntries(fields);
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

/** The field that a key or a column names. */
function fieldOf(key: string, names: readonly string[]): string | undefined {
  if (names.includes("resourceType") && plain(key) === "of") return "resourceType";
  return names.find((name) => plain(name) === plain(key));
}

function valueOf(field: string, value: unknown, place: string, { lists, truths }: FieldKinds): unknown {
  if (typeof value !== "string") return value;
  if (field === "resourceType") return value.charAt(0).toUpperCase() + value.slice(1);
  if (lists.includes(field)) return value.split(",").map((item) => item.trim()).filter((item) => item !== "");
  if (!truths.includes(field)) return value;
  const truth = TRUTHS[value.toLowerCase()];
  if (truth !== undefined) return truth;
  throw inputError(
    `Cannot read ${place} has ${field} ${JSON.stringify(value)}, which is not true or false`,
    undefined,
    "bad_cell",
  );
}
