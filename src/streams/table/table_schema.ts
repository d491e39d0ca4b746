/** The columns of a table that is filled night after night: its files all have these, whatever the data does. */
import { JsonScope } from "../json/json_spans.ts";
import { ColumnNames, type NameOptions } from "./column_names.ts";
import type { Column, ColumnFinder, ColumnType } from "./record_encoder.ts";

/** What every event has. */
const FIXED: readonly { scope: number; key: string; type: ColumnType }[] = [
  { scope: JsonScope.record, key: "event", type: "string" },
  { scope: JsonScope.properties, key: "time", type: "timestamp" },
  { scope: JsonScope.properties, key: "distinct_id", type: "string" },
  { scope: JsonScope.properties, key: "$insert_id", type: "string" },
];

/** Holds what has no column: a JSON object of properties that came later, and of values of another type than their column. */
export const OTHER_PROPERTIES = "other_properties";

export interface TableSchema {
  columns: Column[];
  /** The name of the JSON column, the last one, with what has no column or does not fit its own. */
  rest?: string;
}

/** @param found what the first events have */
export function lastingSchema(
  found: ColumnFinder,
  { names: form, taken = [] }: NameOptions,
): TableSchema {
  const names = new ColumnNames("event", { names: form, taken: [...taken, OTHER_PROPERTIES] });
  const columns = FIXED.map(({ type, ...source }): Column => columnOf(names.nameOf(source), source, type));
  const fixed = new Set(columns.map(({ name }) => name));
  columns.push(...found.lastingColumns(names).filter(({ name }) => !fixed.has(name)));
  return { columns, rest: OTHER_PROPERTIES };
}

/** Five columns, the last one of which is JSON of all properties that the others do not hold. */
export const JSON_SCHEMA: TableSchema = {
  columns: FIXED.map(({ type, ...source }) => columnOf(source.key.replace("$", ""), source, type)),
  rest: "properties",
};

function columnOf(name: string, source: { scope: number; key: string }, type: ColumnType): Column {
  return name === source.key ? { name, type } : { name, type, source };
}
