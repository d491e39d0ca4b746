/** What the columns of an input become, with the first values: what people want to see before they send a million rows. */
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { type ColumnTarget, columnTargets, fieldsOfKind, sourcesOfField } from "../map/column_targets.ts";
import { isEnvelope, unwrapped } from "../map/envelopes.ts";
import { MapProblem } from "../map/map_problem.ts";
import type { Recipe } from "../map/map_recipe.ts";
import { type MappedRecord, recordMapper, UPDATE_CHANGES } from "../map/map_record.ts";
import { getter, isEmpty, isPlainObject, objectOf, type SourceRow } from "../map/map_values.ts";
import { ownLayout } from "../map/record_layout.ts";
import { type RecordBlock, UnreadableRecord } from "../read/record_block.ts";
import type { ReadColumn } from "../read/read_rows.ts";
import type { ReadyRecords } from "./record_check.ts";

/** A column of a source, or a path into one, and what becomes of it. */
export interface ColumnFact {
  column: string;
  /** `event`, `time`, `distinct_id`, `$insert_id`, or a property; `*` for each member of an object. Null: it is left out. */
  becomes: string | null;
  /** Another column that becomes the same and is taken before this one, where it holds something. */
  after?: string;
  /** `text`, `number`, `boolean`, `time`, `list`, `object`, or several of them. Unset: it is empty. */
  type?: string;
  /** The first value as it is written, and as it is sent. */
  written?: unknown;
  sent?: unknown;
  line?: number;
}

export interface BlockFacts {
  facts: ColumnFact[];
  /** Whether there are rows among the records, which have to be made into what is sent. */
  hasRows: boolean;
}

const MOST_RECORDS = 1000;
/** Lines are parsed for it, which takes time before the first request. */
const MOST_LINES = 100;
const MOST_CHARACTERS = 500;
/** What has the properties of a record that is sent. */
const MEMBERS = ["properties", "$set", "$set_once", "$union"];

/**
 * The columns of the first records of a source.
 *
 * @param columns of a table, as its reader tells of them
 */
export function columnFacts(block: RecordBlock, recipe: Recipe, columns: readonly ReadColumn[] = []): BlockFacts {
  const survey = new Survey(recipe, columns);
  for (const { value, line } of recordsOf(block)) survey.add(value, line);
  return { facts: survey.facts(), hasRows: survey.hasRows };
}

/** Whether all records that would be looked at are found to be ready, so that there are no rows among them. */
export function areReady(block: RecordBlock, ready: ReadyRecords, nowMs: number): boolean {
  if (block.kind !== "lines") return false;
  const { lines } = block;
  for (let index = 0; index < Math.min(lines.length, MOST_LINES); index++) {
    if (lines.isEmpty(index)) continue;
    if (!ready.find(lines.bytes, lines.startOf(index), lines.ends[index] as number, nowMs)) return false;
  }
  return true;
}

class Survey {
  hasRows = false;
  readonly #columns: readonly ReadColumn[];
  readonly #recipe: Recipe;
  readonly #isEvents: boolean;
  readonly #map: ReturnType<typeof recordMapper>;
  readonly #isOwnEvent: (record: SourceRow) => boolean;
  readonly #written: ReadonlyMap<string, string | undefined>;
  /** By column; properties of records in Mixpanel's own layout apart. */
  readonly #entries = new Map<string, Entry[]>();

  constructor(recipe: Recipe, columns: readonly ReadColumn[]) {
    this.#recipe = recipe;
    this.#isEvents = (recipe.kind ?? "events") === "events";
    this.#map = recordMapper(recipe, { onProblem: () => {} });
    this.#isOwnEvent = ownLayout(recipe);
    this.#written = new Map(columns.map(({ name, first }) => [name, first?.text]));
    this.#columns = columns;
  }

  add(value: unknown, line: number): void {
    if (!isPlainObject(value) || value instanceof UnreadableRecord) return;
    const record = unwrapped(value);
    const mapped = this.#map(value);
    if (record instanceof MapProblem || mapped instanceof MapProblem) return;
    const own = this.#ownProperties(record);
    const isTable = own === undefined;
    const row = own === undefined ? record : this.#isEvents ? { event: undefined, ...own } : own;
    if (own !== undefined && this.#isEvents) row.event = record.event;
    if (isTable && !this.hasRows) this.#addColumns();
    for (const name of Object.keys(row)) {
      for (const entry of this.#entriesOf(name, isTable)) entry.look(row, mapped, line, this.#written.get(name));
    }
  }

  /** A table has columns that are empty in all of its rows, too. */
  #addColumns(): void {
    this.hasRows = true;
    for (const { name } of this.#columns) if (!isEnvelope(name)) this.#entriesOf(name, true);
  }

  facts(): ColumnFact[] {
    const entries = [...this.#entries.values()].flat();
    return entries.map((entry) => {
      const after = this.#before(entry.target, entries);
      return after === undefined ? entry.fact() : { ...entry.fact(), after };
    });
  }

  /** The column that takes precedence over another one for what it becomes. */
  #before({ column, becomes, isField }: ColumnTarget, entries: readonly Entry[]): string | undefined {
    if (becomes === undefined) return undefined;
    const names = entries.filter(({ target }) => target.becomes === becomes && target.isField === isField);
    const order = isField
      ? fieldsOfKind(this.#recipe).map((name) => sourcesOfField(this.#recipe, name, true)).find((paths) =>
        paths.includes(column)
      )
      : [this.#recipe.rename?.[becomes] ?? []].flat();
    const own = order?.indexOf(column) ?? -1;
    return order?.slice(0, Math.max(0, own)).findLast((path) => names.some(({ target }) => target.column === path));
  }

  #ownProperties(record: SourceRow): Record<string, unknown> | undefined {
    if (this.#isEvents) {
      return this.#isOwnEvent(record) ? objectOf(record.properties) ?? {} : undefined;
    }
    if (this.#recipe.layout === "flat") return undefined;
    if (isPlainObject(record.$properties)) return record.$properties;
    // An update already: it is sent as it is.
    return UPDATE_CHANGES.some((name) => Object.hasOwn(record, name)) ? {} : undefined;
  }

  #entriesOf(name: string, isTable: boolean): Entry[] {
    const key = `${isTable} ${name}`;
    let entries = this.#entries.get(key);
    if (entries === undefined) {
      const isName = !isTable && name === "event" && this.#isEvents;
      const targets: ColumnTarget[] = isName
        ? [{ column: name, becomes: name, isField: true }]
        : columnTargets(this.#recipe, name, isTable);
      this.#entries.set(key, entries = targets.map((target) => new Entry(target, this.#recipe.types)));
    }
    return entries;
  }
}

class Entry {
  readonly target: ColumnTarget;
  readonly #isTime: boolean;
  readonly #get: (row: SourceRow) => unknown;
  readonly #types = new Set<string>();
  #first: Pick<ColumnFact, "written" | "sent" | "line"> | undefined;

  constructor(target: ColumnTarget, types: Recipe["types"] = {}) {
    this.target = target;
    this.#isTime = target.becomes === "time" || types[target.becomes ?? ""] === "time";
    this.#get = getter(target.column);
  }

  look(row: SourceRow, mapped: MappedRecord, line: number, text: string | undefined): void {
    const written = this.#get(row);
    if (isEmpty(written)) return;
    const sent = sentValue(mapped, this.target);
    this.#first ??= { written: shortened(text ?? written), sent: shortened(sent), line };
    if (this.target.becomes !== undefined && sent !== undefined) this.#types.add(this.#isTime ? "time" : typeOf(sent));
  }

  fact(): ColumnFact {
    const type = this.#types.size === 0 ? undefined : [...this.#types].join(", ");
    const { column, becomes = null } = this.target;
    return { column, becomes, type, ...this.#first };
  }
}

/** The value itself, unless it is so long that nobody would look at it. */
function shortened(value: unknown): unknown {
  const text = typeof value === "string" ? value : stringifyJson(value) ?? "";
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : value;
}

/** What a record has under the name that a column has got. */
function sentValue(mapped: MappedRecord, { becomes, isField }: ColumnTarget): unknown {
  if (becomes === undefined) return undefined;
  if (becomes.endsWith("*")) return {};
  const beside = isField ? mapped[becomes] ?? mapped[`$${becomes}`] : undefined;
  const members = MEMBERS.map((name) => mapped[name]).find(isPlainObject);
  return beside ?? (members !== undefined && Object.hasOwn(members, becomes) ? members[becomes] : undefined);
}

function typeOf(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  if (Array.isArray(value)) return "list";
  return isPlainObject(value) ? "object" : "number";
}

function* recordsOf(block: RecordBlock): Generator<{ value: unknown; line: number }, void> {
  if (block.kind === "values") {
    for (const [index, value] of block.values.slice(0, MOST_RECORDS).entries()) {
      yield { value, line: block.lineNumbers[index] as number };
    }
    return;
  }
  const decoder = new TextDecoder();
  for (let index = 0; index < Math.min(block.lines.length, MOST_LINES); index++) {
    const value = valueOf(decoder.decode(block.lines.at(index)));
    if (value !== undefined) yield { value, line: block.firstLine + index };
  }
}

function valueOf(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    // expected: SyntaxError, for which the record is refused when it is checked
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
