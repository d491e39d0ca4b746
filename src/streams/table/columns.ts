/**
 * The columns of records: their order and what they hold.
 *
 * A column is as narrow as its values allow, and no value is changed by its column: integers become `number` beside
 * fractions as long as a double holds them exactly; beyond 64 bits, and beside fractions beyond 53, they become
 * `string` and keep their digits; integers beyond 53 bits alone are `decimal`, since readers make doubles of the others. What
 * differs, with a text among it, makes a `string` column: of texts as they are, and all else as JSON. Lists and objects among
 * others than texts are `json`. A column of nothing but nulls is none.
 */
import { integerSize, isHeldByDouble, numberAt } from "../json/json_numbers.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";
import type { Replacements } from "../json/json_text.ts";
import { MisfitError } from "./record_misfit.ts";
import { columnKey, columnName, ColumnNames, type ColumnSource } from "./column_names.ts";
import type { Column, ColumnFinder, ColumnType } from "./record_encoder.ts";
import type { RecordLayout } from "./record_layout.ts";

/** What comes first, when it is there. */
const FIRST_COLUMNS: Record<RecordLayout, readonly string[]> = {
  event: ["event", "time", "distinct_id", "$insert_id"],
  profile: ["$distinct_id"],
  flat: [],
};

/** More columns than this make files that no engine reads well: the properties that most records have get theirs. */
export const MOST_LASTING_COLUMNS = 1000;

/** Bits for what a column has shown. */
const SEEN = { boolean: 1, integer: 2, longInteger: 4, hugeInteger: 8, number: 16, string: 32, nested: 64 } as const;

const SEEN_BY_SIZE = [SEEN.integer, SEEN.longInteger, SEEN.hugeInteger] as const;

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
  timestamp: SEEN.integer,
  decimal: SEEN.longInteger,
};

function columnType(seen: number): ColumnType {
  if (seen & SEEN.nested) return seen & SEEN.string ? "string" : "json";
  if (seen === SEEN.boolean) return "boolean";
  if (seen & (SEEN.string | SEEN.hugeInteger | SEEN.boolean)) return "string";
  if (seen & SEEN.number) return seen & SEEN.longInteger ? "string" : "number";
  return seen & SEEN.longInteger ? "decimal" : "integer";
}

/** Of a number that is not short: one that no double holds, such as 1e400 or one of thirty digits, is kept as its text. */
function seenNumber(bytes: Uint8Array, start: number, end: number): number {
  return isHeldByDouble(bytes, start, end) ? SEEN.number : SEEN.number | SEEN.string;
}

/**
 * The type of a column for the values that have come and for those that will: most of its values decide. All numbers are
 * doubles, since a price that was whole on one day is not on the next; integers beyond 2^53, where all are whole, are ids. They
 * are decimals, because pandas makes doubles of INT64 with nulls.
 */
function lastingType(counts: readonly number[], seen: number): ColumnType {
  switch (counts.indexOf(Math.max(...counts))) {
    case Kind.text:
      return "string";
    case Kind.number:
      return (seen & (SEEN.longInteger | SEEN.hugeInteger)) !== 0 && (seen & SEEN.number) === 0 ? "decimal" : "number";
    case Kind.boolean:
      return "boolean";
    default:
      return "json";
  }
}

/** What a double may not hold. */
function seenLongInteger(bytes: Uint8Array, start: number, end: number, isTime: boolean): number {
  // What is no moment has the type of no column of times.
  if (isTime && !(Math.abs(numberAt(bytes, start, end)) <= LAST_MS)) return SEEN.hugeInteger;
  return SEEN_BY_SIZE[integerSize(bytes, start, end)];
}

/** Kinds of values, of which a lasting column holds one. Numbers are one kind, as they are in JSON. */
const Kind = { text: 0, number: 1, boolean: 2, nested: 3 } as const;
const KINDS = 4;

/** By `JsonKind`; -1 for null. */
const KIND_BY_JSON = new Int8Array(8).fill(-1);
KIND_BY_JSON[JsonKind.string] = Kind.text;
KIND_BY_JSON[JsonKind.integer] = KIND_BY_JSON[JsonKind.number] = Kind.number;
KIND_BY_JSON[JsonKind.true] = KIND_BY_JSON[JsonKind.false] = Kind.boolean;
KIND_BY_JSON[JsonKind.list] = KIND_BY_JSON[JsonKind.object] = Kind.nested;

/** From 1970 on, in milliseconds, the last moment that a `Date` can be. */
const LAST_MS = 8.64e15;

/** Finds columns in records of this layout. `observe` throws a `MisfitError` for a line that is not a JSON object. */
export function columnFinder(layout: RecordLayout, replaced?: Replacements): RecordColumns {
  return new RecordColumns(layout, replaced);
}

/** What a finder has seen of a key. */
export interface FoundKey extends ColumnSource {
  seen: number;
  counts: readonly number[];
}

export class RecordColumns implements ColumnFinder {
  /** The record that was read last. */
  readonly spans: JsonSpans;
  readonly #layout: RecordLayout;
  /** By the numbers of keys. */
  #seen = new Uint8Array(64);
  /** How many values of each kind, for each key. */
  #counts = new Float64Array(64 * KINDS);
  /** The keys with values, in the order in which they were first seen. */
  readonly #order: number[] = [];
  /** Of the time of an event; -1 for other records. */
  readonly #time: number;

  constructor(layout: RecordLayout, replaced?: Replacements) {
    this.#layout = layout;
    this.spans = new JsonSpans(layout, { maxKeys: Infinity, replaced });
    this.#time = layout === "event" ? this.spans.keys.numberOf(JsonScope.properties, "time") : -1;
  }

  observe(lines: Uint8Array): void {
    let line = 0;
    for (let start = 0; start < lines.length;) start = this.readLine(lines, start, ++line) + 1;
  }

  /** Looks at the record of a line, of which `spans` tells then. Returns where the line ends. */
  readLine(bytes: Uint8Array, start: number, line: number): number {
    const end = this.spans.scanLine(bytes, start);
    if (end < 0) throw new MisfitError("is not a JSON object", line);
    this.#observeMembers(bytes);
    return end;
  }

  #observeMembers(bytes: Uint8Array): void {
    const { count, key, kind, keys, valueStart, valueEnd, valueIsPlain } = this.spans;
    if (keys.count > this.#seen.length) this.#grow();
    const all = this.#seen;
    const counts = this.#counts;
    for (let index = 0; index < count; index++) {
      const member = kind[index] as number;
      const number = key[index] as number;
      let seen = SEEN_BY_KIND[member] as number;
      // A short one is safe, and a moment.
      if (valueIsPlain[index] === 0 && (member === JsonKind.integer || member === JsonKind.number)) {
        const start = valueStart[index] as number, end = valueEnd[index] as number;
        seen = member === JsonKind.number
          ? seenNumber(bytes, start, end)
          : seenLongInteger(bytes, start, end, number === this.#time);
      }
      const ofKind = KIND_BY_JSON[member] as number;
      if (ofKind >= 0) (counts[number * KINDS + ofKind] as number)++;
      const before = all[number] as number;
      if ((before | seen) === before) continue;
      if (before === 0) this.#order.push(number);
      all[number] = before | seen;
    }
  }

  merge(columns: readonly Column[]): void {
    for (const { name, type, source } of columns) {
      const { scope, key } = source ?? columnKey(this.#layout, name);
      const number = this.spans.keys.numberOf(scope, key);
      if (number >= this.#seen.length) this.#grow();
      const before = this.#seen[number] as number;
      if (before === 0) this.#order.push(number);
      this.#seen[number] = before | SEEN_BY_TYPE[type];
    }
  }

  columns(names = new ColumnNames(this.#layout)): Column[] {
    const columns = this.#order.map((number): Column => ({ ...this.#named(number, names), type: this.typeOf(number) }));
    return this.#firstFirst(columns);
  }

  /** The type of a key's column, as narrow as its values so far allow. */
  typeOf(number: number): ColumnType {
    const seen = this.#seen[number] as number;
    return number === this.#time && seen === SEEN.integer ? "timestamp" : columnType(seen);
  }

  /** How many values that are not null a key has had so far. */
  valuesOf(number: number): number {
    return this.#countsOf(number).reduce((sum, count) => sum + count, 0);
  }

  /** All that was seen, for another finder. */
  get found(): FoundKey[] {
    const { keys } = this.spans;
    return this.#order.map((number) => ({
      scope: keys.scope(number),
      key: keys.name(number),
      seen: this.#seen[number] as number,
      counts: this.#countsOf(number),
    }));
  }

  /** Adds all that another finder has seen, as if this one had seen it next. */
  absorb(found: readonly FoundKey[]): void {
    for (const { scope, key, seen, counts } of found) {
      const number = this.spans.keys.numberOf(scope, key);
      if (number >= this.#seen.length) this.#grow();
      if (this.#seen[number] === 0) this.#order.push(number);
      this.#seen[number] = (this.#seen[number] as number) | seen;
      for (const [kind, count] of counts.entries()) {
        const place = number * KINDS + kind;
        this.#counts[place] = (this.#counts[place] as number) + count;
      }
    }
  }

  lastingColumns(names: ColumnNames): Column[] {
    const kept = this.#order.length <= MOST_LASTING_COLUMNS ? this.#order : this.#order
      .toSorted((one, other) => this.valuesOf(other) - this.valuesOf(one)).slice(0, MOST_LASTING_COLUMNS);
    const chosen = new Set(kept);
    const columns = this.#order.filter((number) => chosen.has(number)).map((number): Column => ({
      ...this.#named(number, names),
      type: lastingType(this.#countsOf(number), this.#seen[number] as number),
    }));
    return this.#firstFirst(columns);
  }

  #countsOf(number: number): number[] {
    return [...this.#counts.subarray(number * KINDS, (number + 1) * KINDS)];
  }

  /** The name, and where the values stand if it does not say that. */
  #named(number: number, names: ColumnNames): { name: string; source?: ColumnSource } {
    const { keys } = this.spans;
    const source = { scope: keys.scope(number), key: keys.name(number) };
    const name = names.nameOf(source);
    const said = columnKey(this.#layout, name);
    return said.scope === source.scope && said.key === source.key ? { name } : { name, source };
  }

  /** Sorting is stable, and -1 becomes the last rank of all. */
  #firstFirst(columns: Column[]): Column[] {
    const first = FIRST_COLUMNS[this.#layout];
    const rank = ({ name, source }: Column) => first.indexOf(source ? columnName(this.#layout, source) : name) >>> 0;
    return columns.sort((one, other) => rank(one) - rank(other));
  }

  #grow(): void {
    const seen = this.#seen;
    this.#seen = new Uint8Array(2 * this.spans.keys.count);
    this.#seen.set(seen);
    const counts = this.#counts;
    this.#counts = new Float64Array(KINDS * this.#seen.length);
    this.#counts.set(counts);
  }
}
