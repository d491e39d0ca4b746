/** The events that a question looks at, each once. */
import type { SqlOptions } from "./asking.ts";
import { isoDay } from "../streams/iso_time.ts";
import type { SqlTime } from "./dialect.ts";
import { selectOf, type SqlPart } from "./statement.ts";
import { ownColumns } from "./sql_table.ts";

export interface WantedEvents {
  /** Undefined: all. */
  names?: readonly string[];
  /** First millisecond, and the first one after; infinite where there is no bound. */
  fromMs: number;
  toMs: number;
  /** Names of columns, besides those that every event has. */
  columns?: Iterable<string>;
  /** Whether only people are counted: then copies that have nothing else of interest do no harm. */
  countsPeople?: boolean;
}

/** Parts of a statement, the last of which has each event once. */
export interface ChosenEvents {
  parts: readonly SqlPart[];
  /** The name of the last part: it has the columns of `SqlEvents`, and those that were asked for by their `chosenName`. */
  from: string;
  /** What of the rows is not as Mixpanel has it. */
  remarks: readonly string[];
}

/** Expressions for what each event of a table has. */
export interface SqlEvents {
  event: string;
  time: SqlTime;
  /** As it stands in the table. */
  distinctId: string;
  /** NULL for those of nobody. */
  person: string;
  insertId?: string;
}

export function sqlEvents({ table, dialect }: SqlOptions): SqlEvents {
  const own = ownColumns(table, dialect);
  const distinctId = dialect.identifier(own.distinctId);
  return {
    event: dialect.identifier(own.event),
    time: { sql: dialect.identifier(own.time), kind: table.timeKind ?? dialect.timeKind },
    distinctId,
    person: `nullif(${distinctId}, '')`,
    insertId: own.insertId === undefined ? undefined : dialect.identifier(own.insertId),
  };
}

/** The number of a copy: 1 is the one that counts. */
const COPY = "copy";

/** Names that statements give to what they compute. Some engines would take a column of such a name for that. */
const ALIASES: ReadonlySet<string> = new Set([
  ...["bucket", "copy", "events", "parts", "period", "person", "place", "segment", "size", "sum", "users"],
  ...["level", "metric", "value", "counted_value"],
  ...["at_ms", "moment", "is_born", "is_return"],
]);
const NUMBERED_ALIAS = /^(?:excludes|held|is|segment|tie)_\d+$/i;
/** A column that would have the name that another one is given. */
const PREFIXED = /^property_/i;

/** What a column of properties is called in the events that were chosen. */
export function chosenName(column: string): string {
  const isTaken = ALIASES.has(column.toLowerCase()) || NUMBERED_ALIAS.test(column) || PREFIXED.test(column);
  return isTaken ? `property_${column}` : column;
}

const DAY_MS = 86_400_000;

/**
 * Bounds for the column of days, which are those of the calendar of a project: its clock is less than a day from that of UTC.
 * No event of the time is outside of them.
 */
function dayBounds({ table: { days }, dialect }: SqlOptions, fromMs: number, toMs: number): string[] {
  if (days === undefined) return [];
  const column = dialect.identifier(days.name);
  const date = (timeMs: number) => `DATE ${dialect.text(isoDay(timeMs))}`;
  return [
    ...(Number.isFinite(fromMs) ? [`${column} >= ${date(fromMs - days.length * DAY_MS)}`] : []),
    ...(Number.isFinite(toMs) ? [`${column} <= ${date(toMs - 1 + DAY_MS)}`] : []),
  ];
}

export function chosenEvents(
  options: SqlOptions,
  { names, fromMs, toMs, columns = [], countsPeople = false }: WantedEvents,
): ChosenEvents {
  const { table, dialect } = options;
  const { event, time, distinctId, insertId } = sqlEvents(options);
  const own = [event, time.sql, distinctId, ...(insertId === undefined ? [] : [insertId])];
  const others = [...new Set(columns)].map((name) => ({
    name: dialect.identifier(name),
    chosen: dialect.identifier(chosenName(name)),
  })).filter(({ name }) => !own.includes(name));
  const named = others.map(({ name, chosen }) => name === chosen ? name : `${name} AS ${chosen}`);
  const where = [
    ...(names === undefined
      ? []
      : names.length === 1
      ? [`${event} = ${dialect.text(names[0]!)}`]
      : [`${event} IN (${names.map((name) => dialect.text(name)).join(", ")})`]),
    ...(Number.isFinite(fromMs) ? [`${time.sql} >= ${dialect.moment(fromMs, time.kind)}`] : []),
    ...(Number.isFinite(toMs) ? [`${time.sql} < ${dialect.moment(toMs, time.kind)}`] : []),
    ...dayBounds(options, fromMs, toMs),
  ];
  const remarks = ["Ids are not joined: each distinct_id is a person of its own."];
  const copiesMatter = !countsPeople || others.length > 0;
  if (insertId === undefined || table.hasNoCopies === true || !copiesMatter) {
    const part = { name: "chosen", select: selectOf({ columns: [...own, ...named], from: table.from, where }) };
    return { parts: [part], from: "chosen", remarks };
  }
  const copy = `row_number() OVER (PARTITION BY ${own.join(", ")} ORDER BY ${time.sql}) AS ${COPY}`;
  return {
    parts: [
      { name: "found", select: selectOf({ columns: [...own, ...named, copy], from: table.from, where }) },
      {
        name: "chosen",
        select: selectOf({
          columns: [...own, ...others.map(({ chosen }) => chosen)],
          from: "found",
          where: [`(${COPY} = 1 OR ${insertId} IS NULL)`],
        }),
      },
    ],
    from: "chosen",
    remarks,
  };
}
