/** A table of an engine, as the statements of questions see it: which column a property is in, and what it holds. */
import { inputError } from "../../../errors.ts";
import type { EngineColumn } from "../../../engines/engine.ts";
import type { TimeKind } from "../../../sql/dialect.ts";
import { DAY_COMMENT, JSON_COMMENT } from "../../../sql/ddl/lake_table.ts";
import type { EventColumns, SqlColumn, SqlTable } from "../../../sql/sql_table.ts";
import { OWN_COLUMNS } from "../../../sql/sql_table.ts";
import { JsonScope } from "../../../streams/json/json_spans.ts";
import { columnKey, ColumnNames } from "../../../streams/table/column_names.ts";
import type { ColumnType } from "../../../streams/table/record_encoder.ts";
import { OTHER_PROPERTIES } from "../../../streams/table/table_schema.ts";

const TIME = "time";

/** The types of columns that an expression can be about, in the words of the engines that are asked. */
const TYPES: readonly (readonly [ColumnType, RegExp])[] = [
  ["boolean", /^bool(?:ean)?$/],
  ["timestamp", /^(?:datetime(?:64)?|timestamp(?:_s|_ms|_ns)?)(?:\(.*\))?(?: with(?:out)? time zone)?$/],
  ["integer", /^u?(?:int\d+|tinyint|smallint|integer|bigint|hugeint)$/],
  ["number", /^(?:b?float\d*|double|real)$/],
  ["decimal", /^decimal\d*(?:\(.*\))?$/],
  ["json", /^json(?:\(.*\))?$/],
  ["string", /^(?:string|fixedstring\(.*\)|enum(?:8|16)\(.*\)|varchar(?:\(.*\))?|char(?:\(.*\))?|text)$/],
];

/** `LowCardinality(Nullable(String))` is `string`. */
function columnTypeOf(type: string): ColumnType | undefined {
  const bare = type.trim().toLowerCase();
  const [, inner] = /^(?:nullable|lowcardinality)\((.*)\)$/.exec(bare) ?? [];
  return inner === undefined ? TYPES.find(([, pattern]) => pattern.test(bare))?.[0] : columnTypeOf(inner);
}

/** Texts can be JSON, which is said in a comment. */
function typeOf({ type, comment = "" }: EngineColumn): ColumnType | undefined {
  const known = columnTypeOf(type);
  return known === "string" && new RegExp(`^${JSON_COMMENT}\\b`).test(comment) ? "json" : known;
}

const isNumber = (type: ColumnType | undefined): boolean =>
  type === "integer" || type === "number" || type === "decimal";

export interface DescribedTable {
  /** As messages name it. */
  shown: string;
  /** What follows FROM. */
  from: string;
  columns: readonly EngineColumn[];
  /** The latest time of a table whose times are numbers, in whatever unit. */
  lastTime(column: string): Promise<number>;
}

/** Times since 1970 that are greater are in milliseconds: in seconds they would be beyond the year 5000. */
const LAST_SECONDS = 1e11;

/** @throws MpError (input) for a table that does not have what every event has */
export async function tableOfEngine({ shown, from, columns, lastTime }: DescribedTable): Promise<SqlTable> {
  const find = (...names: string[]) =>
    names.flatMap((name) =>
      columns.find((one) => one.name === name) ?? columns.find((one) => one.name.toLowerCase() === name) ?? []
    )[0];
  const need = (name: string) => find(name) ?? missing(shown, name);
  const [event, time, distinctId] = [need("event"), need("time"), need("distinct_id")];
  const own: EventColumns = {
    event: event.name,
    time: time.name,
    distinctId: distinctId.name,
    insertId: find(OWN_COLUMNS.insertId!, "insert_id")?.name,
  };
  const timeType = columnTypeOf(time.type);
  if (timeType !== "timestamp" && !isNumber(timeType)) {
    throw inputError(
      `Cannot ask ${shown}: its column "time" is of type ${time.type}`,
      "a view can give the time of events as a timestamp",
      "bad_table",
    );
  }
  const timeKind: TimeKind = timeType === "timestamp"
    ? /without|^timestamp(?!.*with )/i.test(time.type) ? "plain" : "instant"
    : await lastTime(time.name) > LAST_SECONDS
    ? "milliseconds"
    : "seconds";
  const day = columns.find(({ type, comment }) => /^(?:nullable\()?date\b/i.test(type) && comment === DAY_COMMENT);
  return {
    from,
    own,
    timeKind,
    columns: new PropertyColumns(shown, columns),
    rest: find(OTHER_PROPERTIES)?.name,
    days: day && { name: day.name, length: 1 },
  };
}

function missing(shown: string, name: string): never {
  throw inputError(
    `Cannot ask ${shown}: it has no column ${JSON.stringify(name)}`,
    "a table of events has event, time and distinct_id, as 'mp export events -f parquet' writes them; a view can rename",
    "bad_table",
  );
}

/**
 * The columns of properties: by the property's own name, by its safe one where the table has those, or without regard to case,
 * which engines do not keep.
 */
class PropertyColumns extends Map<string, SqlColumn> {
  readonly #shown: string;
  readonly #all: ReadonlyMap<string, EngineColumn>;
  readonly #found = new Map<string, SqlColumn>();

  constructor(shown: string, columns: readonly EngineColumn[]) {
    super();
    this.#shown = shown;
    this.#all = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
    for (const column of columns) {
      const { name } = column;
      const { scope, key } = columnKey("event", name);
      const known = typeOf(column);
      if (scope === JsonScope.properties && ![TIME, OTHER_PROPERTIES].includes(key) && known !== undefined) {
        super.set(key, { name, type: known });
      }
    }
  }

  override has(property: string): boolean {
    return this.#columnOf(property) !== undefined;
  }

  /** @throws MpError (input) for a column of a type that no expression is about */
  override get(property: string): SqlColumn | undefined {
    const own = super.get(property) ?? this.#found.get(property);
    if (own !== undefined) return own;
    const column = this.#columnOf(property);
    if (column === undefined) return undefined;
    const type = typeOf(column);
    if (type === undefined) {
      throw inputError(
        `Cannot ask ${this.#shown} about ${JSON.stringify(property)}: its column is of type ${column.type}`,
        "texts, numbers, truths and times can be asked about; a view can give it another type",
        "bad_column",
      );
    }
    const found = { name: column.name, type };
    this.#found.set(property, found);
    return found;
  }

  /** @throws MpError (input) when it may be in two: which one has it, is known in the manifest of the export alone */
  #columnOf(property: string): EngineColumn | undefined {
    const source = { scope: JsonScope.properties, key: property };
    const names = [
      new ColumnNames("event").nameOf(source),
      new ColumnNames("event", { names: "safe" }).nameOf(source),
    ];
    const column = names.map((name) => this.#all.get(name.toLowerCase())).find((column) => column !== undefined);
    const second = column && this.#all.get(`${column.name}_2`.toLowerCase());
    if (second === undefined || column === undefined || columnKey("event", column.name).key === property) return column;
    throw inputError(
      `Cannot ask ${this.#shown} about ${JSON.stringify(property)}: it may be in the column ${
        JSON.stringify(column.name)
      } or ${JSON.stringify(second.name)}`,
      `exports number properties that differ by case alone; ask about the column: properties[${
        JSON.stringify(columnKey("event", second.name).key)
      }]`,
      "bad_column",
    );
  }
}
