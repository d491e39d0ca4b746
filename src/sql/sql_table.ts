/** The table of events that a question is asked of. */
import type { ColumnType } from "../streams/table/record_encoder.ts";
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
  /** By the name of the property. Undefined where nothing is known: each property is then in a column of its name. */
  columns?: ReadonlyMap<string, SqlColumn>;
  /** Default: the names in what `mp export` writes. */
  own?: EventColumns;
  /** Default: the dialect's. */
  timeKind?: TimeKind;
}

export const OWN_COLUMNS: EventColumns = {
  event: "event",
  time: "time",
  distinctId: "distinct_id",
  insertId: "$insert_id",
};

/** A table by its name, whose parts dots separate: `catalog.schema.events`. */
export function namedTable(name: string, dialect: Dialect): SqlTable {
  return { from: name.split(".").map((part) => dialect.identifier(part)).join(".") };
}
