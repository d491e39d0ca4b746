/** The table of events that a question is asked of. */
import { inputError } from "../errors.ts";
import { JsonScope } from "../streams/json/json_spans.ts";
import { columnKey, ColumnNames } from "../streams/table/column_names.ts";
import type { ColumnType } from "../streams/table/record_encoder.ts";
import type { TableSchema } from "../streams/table/table_schema.ts";
import type { Dialect, TimeKind } from "./dialect.ts";

export interface SqlColumn {
  name: string;
  type: ColumnType;
}

/** The columns that every event has, by what they are called there. */
export interface EventColumns {
  event: string;
  time: string;
  distinctId: string;
  /** Undefined where the table has none: then no event is a copy. */
  insertId?: string;
}

/** One row is one event. */
export interface SqlTable {
  /** What follows FROM, ready for the statement. */
  from: string;
  /**
   * By the name of the property. Undefined where nothing is known: each property is then in a column of its name, or of its
   * safe one where the dialect has no other.
   */
  columns?: ReadonlyMap<string, SqlColumn>;
  /** Default: the names in what `mp export` writes. */
  own?: EventColumns;
  /** Whether each event is there once, so that copies need not be looked for. */
  hasNoCopies?: boolean;
  /** The column of JSON that has what fits no column. */
  rest?: string;
  /** Default: the dialect's. */
  timeKind?: TimeKind;
  /** The column by which days are kept apart, so that an engine can skip those that are not asked for. */
  days?: DayColumn;
}

/** A column of dates by which `mp export` has divided events. */
export interface DayColumn {
  name: string;
  /** How many days one value stands for: 1, or 7 of a week that begins on this date. */
  length: number;
}

export const OWN_COLUMNS: EventColumns = {
  event: "event",
  time: "time",
  distinctId: "distinct_id",
  insertId: "$insert_id",
};

/** The columns that every event of a table has. */
export function ownColumns({ own }: SqlTable, { hasSafeNames }: Dialect): EventColumns {
  return own ?? (hasSafeNames ? { ...OWN_COLUMNS, insertId: "insert_id" } : OWN_COLUMNS);
}

/** The column of a property of a table of which nothing is known. */
export function columnOfProperty(property: string, { hasSafeNames }: Dialect): string {
  if (!hasSafeNames) return property;
  return new ColumnNames("event", { names: "safe" }).nameOf({ scope: JsonScope.properties, key: property });
}

/** A table by its name, whose parts dots separate: `catalog.schema.events`. */
export function namedTable(name: string, dialect: Dialect): SqlTable {
  return { from: name.split(".").map((part) => dialect.identifier(part)).join(".") };
}

/**
 * A table with the columns that `mp export` has given it.
 *
 * @throws MpError (input) for one that keeps properties in a column of JSON
 */
export function tableOfSchema(from: string, { columns, rest }: TableSchema): SqlTable {
  const own: Partial<Record<string, string>> = {};
  const properties = new Map<string, SqlColumn>();
  for (const { name, type, source } of columns) {
    const { scope, key } = source ?? columnKey("event", name);
    if (scope === JsonScope.record) {
      if (key === "event") own.event = name;
      continue;
    }
    if (key === "time" || key === "distinct_id" || key === "$insert_id") own[key] = name;
    if (key !== "time") properties.set(key, { name, type });
  }
  const { event, time, distinct_id: distinctId, $insert_id: insertId } = own;
  if (event === undefined || time === undefined || distinctId === undefined) {
    throw inputError(
      `Cannot ask ${from} in SQL: it has no columns for the name, time and distinct_id of events`,
      "'mp export events -f parquet' writes them",
      "not_in_sql",
    );
  }
  return { from, columns: properties, own: { event, time, distinctId, insertId }, rest };
}
