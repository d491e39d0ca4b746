/** The columns of an export to CSV, TSV or Parquet. */
import { chosenColumns } from "../../streams/table/chosen_columns.ts";
import { columnKey, ColumnNames, renamedNotes } from "../../streams/table/column_names.ts";
import type { Column, ColumnFinder, ColumnType, OtherProperty } from "../../streams/table/record_encoder.ts";
import { JSON_SCHEMA, lastingSchema, OTHER_PROPERTIES, type TableSchema } from "../../streams/table/table_schema.ts";
import type { OutputFormat } from "./output_format.ts";

/** The columns of an export that has none, so that its file is one nevertheless. */
const NO_COLUMNS: readonly Column[] = [
  { name: "event", type: "string" },
  { name: "time", type: "timestamp" },
  { name: "distinct_id", type: "string" },
  { name: "$insert_id", type: "string" },
];

/** Those that are known before any event is seen; undefined where they depend on the events. */
export function knownColumns({ format, layout, columns, names }: OutputFormat): TableSchema | undefined {
  if (layout === "json") return JSON_SCHEMA;
  if (columns === undefined || format === "parquet") return undefined;
  return { columns: chosenColumns("event", columns, undefined, { names }) };
}

/** Those of a file that has all its events at once: as narrow as these allow. */
export function columnsOfFile(found: ColumnFinder, { columns: chosen, names: form }: OutputFormat): TableSchema {
  const all = found.columns(new ColumnNames("event", { names: form }));
  if (chosen !== undefined) return { columns: chosenColumns("event", chosen, all, { names: form }) };
  return { columns: all.length === 0 ? [...NO_COLUMNS] : all };
}

/**
 * Those of a folder, whose files are one table, now and later.
 *
 * @param taken columns that readers make of the paths
 */
export function columnsOfFolder(
  found: ColumnFinder,
  { format, columns: chosen, names: form }: OutputFormat,
  taken: readonly string[],
): TableSchema {
  const schema = lastingSchema(found, { names: form, taken });
  if (chosen === undefined) return schema;
  const columns = chosenColumns("event", chosen, schema.columns, { names: form, taken: [...taken, schema.rest!] });
  // What does not fit a chosen column is not lost; what was not chosen is.
  return format === "parquet" ? { columns, rest: schema.rest } : { columns };
}

/** Says which columns are called otherwise than their properties. Safe names always are. */
export function noteRenamed(
  columns: TableSchema["columns"],
  { names, columns: chosen }: OutputFormat,
  note: ((line: string) => void) | undefined,
): void {
  if (names !== undefined) return;
  for (const line of renamedNotes("event", columns.filter(({ name }) => !chosen?.includes(name)))) note?.(line);
}

/** Says which chosen columns no event has yet: they hold texts, and later values of other types are elsewhere. */
export function noteUnseen(
  found: ColumnFinder,
  { columns: chosen, format }: OutputFormat,
  note: ((line: string) => void) | undefined,
): void {
  if (format !== "parquet" || chosen === undefined) return;
  const seen = found.columns();
  const isSeen = (wanted: string) => {
    const { scope, key } = columnKey("event", wanted);
    return seen.some(({ name, source }) => {
      const place = source ?? columnKey("event", name);
      return place.scope === scope && place.key === key;
    });
  };
  for (const name of chosen.filter((one) => !isSeen(one))) {
    note?.(
      `No event has ${JSON.stringify(name)} so far: its column is for texts, and other values will be in ` +
        OTHER_PROPERTIES,
    );
  }
}

/** So many properties are named. */
const MOST_NAMED = 5;

/** Says what has no column. */
export function othersNotes(others: readonly OtherProperty[], schema: TableSchema | undefined): string[] {
  // In the column of all properties nothing is out of its place.
  if (others.length === 0 || schema?.rest === undefined || schema.rest === JSON_SCHEMA.rest) return [];
  const named = others.toSorted((one, other) => other.events - one.events).slice(0, MOST_NAMED).map((one) => {
    const why = one.type === undefined ? "new" : `not ${TYPE_WORDS[one.type]}`;
    return `${JSON.stringify(one.name)} (${why}, ${one.events} ${one.events === 1 ? "event" : "events"})`;
  });
  const more = others.length > MOST_NAMED ? `, and ${others.length - MOST_NAMED} more` : "";
  return [
    `${others.length} ${others.length === 1 ? "property is" : "properties are"} in the column ${schema.rest}: ` +
    named.join(", ") + more,
  ];
}

const TYPE_WORDS: Record<ColumnType, string> = {
  string: "text",
  number: "a number that a double holds",
  integer: "a whole number of 64 bits",
  decimal: "a whole number of 38 digits",
  boolean: "true or false",
  json: "a list or object",
  timestamp: "a time",
};
