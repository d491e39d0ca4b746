/**
 * The columns of records: their names, their order and what they hold.
 *
 * A column is as narrow as its values allow, and no value is changed by its column: integers become `number` beside
 * fractions as long as a double holds them exactly; beyond 64 bits, and beside fractions beyond 53, they become
 * `string` and keep their digits. Different scalars make a `string` column of their texts. As soon as a list or an
 * object is among them the column is `json`, where a string has its quotes. A column of nothing but nulls is none.
 */
import { integerAt, isInt64, isSafe, isShortInteger } from "../json/json_numbers.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";
import { MisfitError } from "./record_misfit.ts";
import type { Column, ColumnFinder, ColumnType, RecordLayout } from "./record_encoder.ts";

const LINE_FEED = 10;

/** The key of a record that gives a column its own name; others of the record stand under `record.`. */
const OWN_KEY = { event: "event", profile: "$distinct_id", flat: undefined };

/** What comes first, when it is there. */
const FIRST_COLUMNS: Record<RecordLayout, readonly string[]> = {
  event: ["event", "time", "distinct_id", "$insert_id"],
  profile: ["$distinct_id"],
  flat: [],
};

const RECORD_PREFIX = "record.", PROPERTIES_PREFIX = "properties.";

/**
 * The name of a column. Properties have theirs; `event` of the record has its own, so that a property with that name
 * is `properties.event`. No two keys have one name.
 */
export function columnName(layout: RecordLayout, scope: number, key: string): string {
  if (layout === "flat") return key;
  const isOwn = key === OWN_KEY[layout];
  if (scope === JsonScope.record) return isOwn ? key : RECORD_PREFIX + key;
  const isTaken = isOwn || key.startsWith(RECORD_PREFIX) || key.startsWith(PROPERTIES_PREFIX);
  return isTaken ? PROPERTIES_PREFIX + key : key;
}

/** Where the values of a column stand: the reverse of `columnName`. */
export function columnKey(layout: RecordLayout, name: string): { scope: number; key: string } {
  if (layout === "flat" || name === OWN_KEY[layout]) return { scope: JsonScope.record, key: name };
  if (name.startsWith(RECORD_PREFIX)) return { scope: JsonScope.record, key: name.slice(RECORD_PREFIX.length) };
  const key = name.startsWith(PROPERTIES_PREFIX) ? name.slice(PROPERTIES_PREFIX.length) : name;
  return { scope: JsonScope.properties, key };
}

/** Bits for what a column has shown. */
const SEEN = { boolean: 1, integer: 2, longInteger: 4, hugeInteger: 8, number: 16, string: 32, nested: 64 } as const;

/** By `JsonKind`; integers are looked at more closely when they are long. */
const SEEN_BY_KIND = new Uint8Array(8);
SEEN_BY_KIND[JsonKind.false] = SEEN.boolean;
SEEN_BY_KIND[JsonKind.true] = SEEN.boolean;
SEEN_BY_KIND[JsonKind.integer] = SEEN.integer;
SEEN_BY_KIND[JsonKind.number] = SEEN.number;
SEEN_BY_KIND[JsonKind.string] = SEEN.string;
SEEN_BY_KIND[JsonKind.list] = SEEN.nested;
SEEN_BY_KIND[JsonKind.object] = SEEN.nested;

const SEEN_BY_TYPE: Record<ColumnType, number> = {
  boolean: SEEN.boolean,
  integer: SEEN.integer,
  number: SEEN.number,
  string: SEEN.string,
  json: SEEN.nested,
};

function columnType(seen: number): ColumnType {
  if (seen & SEEN.nested) return "json";
  if (seen === SEEN.boolean) return "boolean";
  if (seen & (SEEN.string | SEEN.hugeInteger | SEEN.boolean)) return "string";
  if (seen & SEEN.number) return seen & SEEN.longInteger ? "string" : "number";
  return "integer";
}

function seenInteger(bytes: Uint8Array, start: number, end: number): number {
  if (isShortInteger(start, end)) return SEEN.integer;
  const value = integerAt(bytes, start, end);
  if (!isInt64(value)) return SEEN.hugeInteger;
  return isSafe(value) ? SEEN.integer : SEEN.longInteger;
}

/** Finds columns in records of this layout. `observe` throws a `MisfitError` for a line that is not a JSON object. */
export function columnFinder(layout: RecordLayout): ColumnFinder {
  return new RecordColumns(layout);
}

class RecordColumns implements ColumnFinder {
  readonly #layout: RecordLayout;
  readonly #spans: JsonSpans;
  /** By the numbers of keys. */
  #seen = new Uint8Array(64);
  /** The keys with values, in the order in which they were first seen. */
  readonly #order: number[] = [];

  constructor(layout: RecordLayout) {
    this.#layout = layout;
    this.#spans = new JsonSpans(layout, { maxKeys: Infinity });
  }

  observe(lines: Uint8Array): void {
    let line = 0;
    for (let start = 0; start < lines.length;) {
      const feed = lines.indexOf(LINE_FEED, start);
      const end = feed < 0 ? lines.length : feed;
      line++;
      if (!this.#spans.scan(lines, start, end)) throw new MisfitError("is not a JSON object", line);
      this.#observeMembers(lines);
      start = end + 1;
    }
  }

  #observeMembers(bytes: Uint8Array): void {
    const { count, key, kind, keys, valueStart, valueEnd } = this.#spans;
    if (keys.count > this.#seen.length) this.#grow();
    const all = this.#seen;
    for (let index = 0; index < count; index++) {
      const member = kind[index] as number;
      const seen = member === JsonKind.integer
        ? seenInteger(bytes, valueStart[index] as number, valueEnd[index] as number)
        : SEEN_BY_KIND[member] as number;
      const number = key[index] as number;
      const before = all[number] as number;
      if ((before | seen) === before) continue;
      if (before === 0) this.#order.push(number);
      all[number] = before | seen;
    }
  }

  merge(columns: readonly Column[]): void {
    for (const { name, type, hasLongIntegers } of columns) {
      const { scope, key } = columnKey(this.#layout, name);
      const number = this.#spans.keys.numberOf(scope, key);
      if (number >= this.#seen.length) this.#grow();
      const before = this.#seen[number] as number;
      if (before === 0) this.#order.push(number);
      this.#seen[number] = before | SEEN_BY_TYPE[type] | (hasLongIntegers ? SEEN.longInteger : 0);
    }
  }

  columns(): Column[] {
    const { keys } = this.#spans;
    const columns = this.#order.map((number) => {
      const name = columnName(this.#layout, keys.scope(number), keys.name(number));
      const seen = this.#seen[number] as number;
      const column: Column = { name, type: columnType(seen) };
      if (column.type === "integer" && (seen & SEEN.longInteger) !== 0) column.hasLongIntegers = true;
      return column;
    });
    const rank = ({ name }: Column) => FIRST_COLUMNS[this.#layout].indexOf(name) >>> 0;
    // Sorting is stable, and -1 becomes the last rank of all.
    return columns.sort((one, other) => rank(one) - rank(other));
  }

  #grow(): void {
    const seen = this.#seen;
    this.#seen = new Uint8Array(2 * this.#spans.keys.count);
    this.#seen.set(seen);
  }
}
