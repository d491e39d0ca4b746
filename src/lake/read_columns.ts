/** Reads Parquet files as `mp export` writes them column by column: only the columns and row groups that are needed. */
import { jsonOfNumber, narrowed } from "../analytics/table/column_builder.ts";
import type { Dictionary } from "../analytics/table/dictionary.ts";
import type { Codes } from "../analytics/table/property_column.ts";
import { CHUNK_ROWS, type EventTable } from "../analytics/table/event_table.ts";
import type { SealedColumn } from "../analytics/table/sealed_column.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { freeMemory } from "../runtime/compression/free_memory.ts";
import { IDENTITY_EVENT_NAMES } from "../sandbox/ingestion/identity.ts";
import { parseJson, stringifyJson } from "../streams/json/json.ts";
import {
  type ColumnContent,
  type ColumnFile,
  type ColumnGroup,
  parquetColumns,
} from "../streams/parquet/parquet_columns.ts";
import type { FlatLeaf } from "../streams/parquet/flat_leaf.ts";
import { ParquetError } from "../streams/parquet/parquet_error.ts";
import { OTHER_PROPERTIES } from "../streams/table/table_schema.ts";
import { EVENT, EVENT_ID, FIELDS, keepRules, PERSON, TIME, timeScale } from "./event_columns.ts";
import type { LakeEvents } from "./lake_events.ts";
import { GroupIds, type GroupRows } from "./row_ids.ts";
import { JsonText, TextCodes } from "./text_codes.ts";

/** Its events come from Mixpanel. */
const WRITTEN_HERE = /^mp(?: |$)/;

/** A share of rows. */
const DENSE = 0.25;

/** What properties are not made of here. */
const NO_PROPERTIES: ReadonlySet<ColumnContent> = new Set(["other", "time"]);

/** Columns that an import reads in a way of its own. */
const OTHERWISE_READ = /^(?:properties(?:\..*)?|\$distinct_id|insert_id)$/;

/** What is read of a file. */
interface WantedColumns {
  file: ColumnFile;
  events: LakeEvents;
  table: EventTable;
  properties: ReadonlyMap<string, ColumnContent>;
  /** What makes milliseconds of times. */
  scale: 1 | 1000;
}

/** Takes the events of a file. False, and nothing is taken, for a file that is to be read row by row. */
export async function readColumns(
  source: RecordSource,
  events: LakeEvents,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<boolean> {
  try {
    const file = await fileColumns(source);
    if (file === undefined || !hasWholeFields(file) || !areUnasked(source.columns, events)) return false;
    const { table } = events;
    const properties = propertiesOf(file, events);
    const scale = timeScale(file);
    if (properties === undefined || scale === undefined) return false;
    if (!WRITTEN_HERE.test(file.writer) && !await keepRules(file, scale, nowMs)) return false;
    const wanted: WantedColumns = { file, events, table, properties, scale };
    const names: Codes[] = [];
    for (const group of file.groups) {
      const codes = await namesOf(group, events);
      if (codes === undefined) return false;
      names.push(codes);
    }
    for (const [index, codes] of names.entries()) await readGroup(wanted, index, codes, signal);
    return true;
  } catch (error) {
    // The reader of rows says in words what is wrong with the file.
    if (error instanceof ParquetError) return false;
    throw error;
  }
}

/** Whether nobody asks for a column of the path. One that every event needs is in the file. */
function areUnasked(columns: RecordSource["columns"] = [], events: LakeEvents): boolean {
  return columns.every(({ name }) => FIELDS.includes(name) || (!OTHERWISE_READ.test(name) && !events.wants(name)));
}

/** The columns of a file, or undefined when it is no Parquet. */
export async function fileColumns({ slice, sizeBytes, tableColumns }: RecordSource): Promise<ColumnFile | undefined> {
  if (slice === undefined || sizeBytes === undefined || tableColumns !== undefined) return;
  if (new TextDecoder().decode(await slice(0, 4)) !== "PAR1") return;
  return await parquetColumns({
    byteLength: sizeBytes,
    slice: (start, end = sizeBytes) => slice(start, end),
    free: freeMemory,
  });
}

/** Whether each row has what an event needs, in columns of its own. */
function hasWholeFields({ names, groups, ...file }: ColumnFile): boolean {
  if (![EVENT, PERSON, EVENT_ID].every((name) => file.content(name) === "text")) return false;
  if (names.some((name) => OTHERWISE_READ.test(name))) return false;
  const hasOthers = names.includes(OTHER_PROPERTIES);
  return groups.every((group) =>
    FIELDS.every((name) => group.nulls(name) === 0) &&
    (!hasOthers || group.nulls(OTHER_PROPERTIES) === group.rows)
  );
}

/** The columns of properties that are wanted; undefined where one of them needs a reader of rows. */
function propertiesOf(file: ColumnFile, events: LakeEvents): ReadonlyMap<string, ColumnContent> | undefined {
  const names = file.names.filter((name) => ![EVENT, TIME, OTHER_PROPERTIES].includes(name) && events.wants(name));
  const contents = new Map(names.map((name) => [name, file.content(name) as ColumnContent]));
  return names.includes(PERSON) || [...contents.values()].some((content) => NO_PROPERTIES.has(content))
    ? undefined
    : contents;
}

/** The codes of all names; undefined where one is empty or of an event that joins ids. */
async function namesOf(group: ColumnGroup, { table, codesRoom }: LakeEvents): Promise<Codes | undefined> {
  const { names } = table;
  const leaf = group.open(EVENT);
  const codes = narrowed(await leaf.takeCodes(group.rows, undefined, new TextCodes(names), codesRoom));
  leaf.close();
  const isForeign = Uint8Array.from({ length: names.count }, (_, code) => {
    const name = names.value(code);
    return name === undefined || (name as string).trim() === "" || IDENTITY_EVENT_NAMES.has(name) ? 1 : 0;
  });
  // Mostly no name is.
  if (isForeign.indexOf(1, 1) < 0 && codes.indexOf(0) < 0) return codes;
  return codes.some((code) => isForeign[code] === 1) ? undefined : codes;
}

async function readGroup(
  { file, events, table, properties, scale }: WantedColumns,
  index: number,
  allNames: Codes,
  signal: AbortSignal,
): Promise<void> {
  const group = file.groups[index]!;
  const bounds = boundsMs(group, scale);
  if (bounds !== undefined && !events.mayBeWithin(bounds.least, bounds.greatest)) {
    events.read += group.rows;
    return;
  }
  const isWithin = bounds !== undefined && events.areWithin(bounds.least, bounds.greatest);
  if (isWithin) events.notice(group.rows, bounds.least, bounds.greatest);
  const times = group.open(TIME);
  const personLeaf = events.needsPeople ? group.open(PERSON) : undefined;
  const peopleCoder = new TextCodes(table.people);
  const readers = [...properties].map(([name, content]) => propertyReader(group, events, name, content));
  for (let first = 0; first < group.rows; first += CHUNK_ROWS) {
    signal.throwIfAborted();
    const rows = Math.min(CHUNK_ROWS, group.rows - first);
    const names = allNames.subarray(first, first + rows);
    const { timesMs, chosen } = isWithin
      ? await chooseNamed(times, names, events, scale)
      : await choose(times, names, events, scale);
    const people = personLeaf && narrowed(await personLeaf.takeCodes(rows, chosen, peopleCoder, events.codesRoom));
    const columns = new Map<string, SealedColumn>();
    for (const { name, read } of readers) {
      const column = await read(rows, chosen);
      if (column !== undefined) columns.set(name, column);
    }
    const count = chosen?.length ?? rows;
    if (count === 0) continue;
    const place: GroupRows = { kind: "group", group: index, first, rows, chosen };
    const open = () => Promise.resolve(group);
    // Where most events share their moment with others it takes the people to tell them apart.
    if (people === undefined && areDense(timesMs)) {
      place.people = await new GroupIds(0, place, open).people(Uint32Array.from({ length: count }, (_, row) => row));
    }
    events.addSealed({
      timesMs,
      names: chosen === undefined ? names.slice() : someCodes(names, chosen),
      people: people ?? new Uint8Array(count),
      columns,
    }, (firstRow) => new GroupIds(firstRow, place, open));
  }
  for (const leaf of [times, personLeaf, ...readers.map(({ leaf }) => leaf)]) leaf?.close();
}

/** Whether many rows have the time of the one before. */
function areDense(timesMs: Float64Array): boolean {
  let same = 0;
  for (let row = 1; row < timesMs.length; row++) if (timesMs[row] === timesMs[row - 1]) same++;
  return same > DENSE * timesMs.length;
}

/** Rows that count, undefined for all, and their times. */
interface ChosenRows {
  timesMs: Float64Array;
  chosen: Uint32Array | undefined;
}

async function chooseNamed(
  times: FlatLeaf,
  names: Codes,
  events: LakeEvents,
  scale: number,
): Promise<ChosenRows> {
  const chosen = events.chooseNamed(names);
  return { timesMs: scaled(await times.takeNumbers(names.length, chosen), scale), chosen };
}

async function choose(times: FlatLeaf, names: Codes, events: LakeEvents, scale: number): Promise<ChosenRows> {
  const all = scaled(await times.takeNumbers(names.length), scale);
  const chosen = events.choose(all, names);
  if (chosen === undefined) return { timesMs: all, chosen };
  const timesMs = new Float64Array(chosen.length);
  for (let at = 0; at < chosen.length; at++) timesMs[at] = all[chosen[at]!]!;
  return { timesMs, chosen };
}

/** Milliseconds, in the same memory. */
function scaled(numbers: Float64Array, scale: number): Float64Array {
  if (scale !== 1) { for (let at = 0; at < numbers.length; at++) numbers[at] = Math.round(numbers[at]! * scale); }
  return numbers;
}

function boundsMs(group: ColumnGroup, scale: number): { least: number; greatest: number } | undefined {
  const bounds = group.bounds(TIME);
  return bounds && { least: Math.round(bounds.least * scale), greatest: Math.round(bounds.greatest * scale) };
}

function someCodes(codes: Codes, indexes: Uint32Array): Codes {
  const some = new (codes.constructor as new (length: number) => Codes)(indexes.length);
  for (let at = 0; at < indexes.length; at++) some[at] = codes[indexes[at]!]!;
  return some;
}

interface PropertyReader {
  name: string;
  leaf: FlatLeaf;
  read(rows: number, chosen: Uint32Array | undefined): Promise<SealedColumn | undefined>;
}

function propertyReader(
  group: ColumnGroup,
  { table, codesRoom }: LakeEvents,
  name: string,
  content: ColumnContent,
): PropertyReader {
  const { dictionary } = table.builder(name);
  if (content === "number" || content === "integer") {
    const leaf = group.open(name);
    return {
      name,
      leaf,
      read: async (rows, chosen) => numbersColumn(await leaf.takeNumbers(rows, chosen), dictionary),
    };
  }
  const coder = content === "text" ? new TextCodes(dictionary) : undefined;
  const json = new JsonText();
  const leaf = group.open(name, (stored) => {
    if (content === "text") return stored;
    const value = content === "json" ? parseJson(new TextDecoder().decode(stored as Uint8Array)) : stored;
    if (value === null) return 0;
    json.setJson(stringifyJson(value));
    return json.codeIn(dictionary);
  });
  return {
    name,
    leaf,
    async read(rows, chosen) {
      const codes = await leaf.takeCodes(rows, chosen, coder, codesRoom);
      return codes.every((code) => code === 0) ? undefined : { kind: "codes", codes: narrowed(codes) };
    },
  };
}

/** NaN stands for none. What is no number for JSON is a text. */
function numbersColumn(some: Float64Array, dictionary: Dictionary): SealedColumn | undefined {
  const rows = new Uint16Array(some.length);
  let count = 0;
  let isFinite = true;
  for (let row = 0; row < some.length; row++) {
    const number = some[row]!;
    if (number !== number) continue;
    rows[count++] = row;
    isFinite &&= Number.isFinite(number);
  }
  if (count === 0) return undefined;
  if (isFinite && count === some.length) return { kind: "numbers", values: some };
  const present = rows.slice(0, count);
  if (isFinite) return { kind: "numbers", rows: present, values: Float64Array.from(present, (row) => some[row]!) };
  const json = new JsonText();
  const codes = Uint32Array.from(present, (row) => {
    const number = some[row]!;
    json.setJson(Number.isFinite(number) ? jsonOfNumber(number) : JSON.stringify(String(number)));
    return json.codeIn(dictionary);
  });
  return { kind: "codes", rows: present, codes: narrowed(codes) };
}
