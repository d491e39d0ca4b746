/** Puts the events of a lake into a table: of each the columns that are needed, and copies once, as the emulator does. */
import { hashOfBytes, viewOf, withRoom } from "../analytics/table/bytes.ts";
import type { Codes } from "../analytics/table/property_column.ts";
import { CHUNK_ROWS, codeOf, type EventTable } from "../analytics/table/event_table.ts";
import { PropertyReader, SpannedColumns } from "../analytics/table/property_reader.ts";
import { eventRow } from "../sandbox/ingestion/event_row.ts";
import { FIRST_MS } from "../sandbox/ingestion/event_rules.ts";
import { IDENTITY_EVENT_NAMES, joinIdentities } from "../sandbox/ingestion/identity.ts";
import { OrdinaryEvents } from "../sandbox/ingestion/ordinary_event.ts";
import { sentEvent } from "../sandbox/ingestion/record.ts";
import { EventSpans } from "../sandbox/store/event_spans.ts";
import type { Project } from "../sandbox/store/projects.ts";
import type { Store } from "../sandbox/store/store.ts";
import { LakeCopies } from "./lake_copies.ts";
import type { Needs } from "./needs.ts";
import { type IdHashes, idHashes, KnownIds, type RowIds, SECOND_SEED } from "./row_ids.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
/** Whose the events are that nobody asks about, and those without an id. */
const NOBODY = 0;

export class LakeEvents {
  /** Events that were looked at. */
  read = 0;
  /** Of those within the days. */
  within = 0;
  /** When the first and the last of those were, in milliseconds. */
  firstMs = Infinity;
  lastMs = -Infinity;
  /** Names of properties, as far as they were seen. */
  readonly properties = new Set<string>();
  /** Events that join ids. */
  joined = 0;
  readonly copies: LakeCopies;
  readonly #spans = new EventSpans();
  readonly #ordinary = OrdinaryEvents.of(this.#spans);
  readonly #columns: SpannedColumns;
  readonly #reader: PropertyReader;
  /** By the codes of names: 1 for those that are wanted, as far as they have been looked at. */
  #chosen = new Uint8Array(256);
  #judged = 0;
  #room = new Uint32Array(0);
  /** For who reads columns, one after another: a chunk's codes, until they are put where they stay. */
  readonly codesRoom = new Uint32Array(CHUNK_ROWS);
  /** Of the rows since the last chunk that was added as a whole. */
  #knownIds: KnownIds | undefined;
  #knownFrom = 0;

  /** @param identities who takes events that join ids, and whose the events are; only for `takeChecked` */
  constructor(
    readonly table: EventTable,
    private readonly needs: Needs,
    private readonly identities?: { store: Store; project: Project },
  ) {
    this.copies = new LakeCopies(table, needs.people);
    const isWanted = (property: string) => this.wants(property);
    this.#columns = new SpannedColumns(table, this.#spans.spans, isWanted);
    this.#reader = new PropertyReader(table, isWanted);
  }

  /** The names of all events that were within the days. */
  get names(): string[] {
    const { names } = this.table;
    return Array.from({ length: names.count - 1 }, (_, index) => names.value(index + 1) as string);
  }

  /** Whether a property is read; it is one that the lake has. */
  wants(property: string): boolean {
    this.properties.add(property);
    return this.needs.wants(property);
  }

  /** Takes an event that is as Mixpanel has it and breaks no rule. False for anything else. */
  takeLine(bytes: Uint8Array, start: number, end: number): boolean {
    const spans = this.#spans;
    const at = spans.scan(bytes, start);
    if (at < 0 || at > end || (at < end && spans.spans.scanner.skipSpace(at) < end)) return false;
    const { timeMs } = this.#ordinary;
    // Rules have something against other times, or may have.
    if (!(timeMs >= FIRST_MS && timeMs <= this.needs.nowMs) || !this.#ordinary.hasInsertId) return false;
    if (!this.#ordinary.isOrdinary(bytes, start, at, false)) return false;
    this.read++;
    if (!this.#isWithin(timeMs)) return true;
    const name = spans.name(this.table.names);
    if (!this.#isChosen(name)) return true;
    const { people } = this.table;
    const person = this.needs.people ? spans.person(people) : NOBODY;
    const row = this.table.beginRow(timeMs, name, person);
    const { firstProperty, endProperty } = spans.spans;
    this.#columns.fill(spans.view, firstProperty, endProperty, spans.timeKey, spans.tokenKey);
    this.table.endFill();
    const hash = person === NOBODY ? spans.personHash() : people.hash(person);
    this.#addIds(row, idHashes(hash, spans.insertIdHash() as number, spans.insertIdHash(SECOND_SEED) as number));
    return true;
  }

  /** Takes any event that an import would send, from its JSON text. */
  takeChecked(text: Uint8Array, nowMs: number): void {
    if (this.takeLine(text, 0, text.length)) return;
    const { store, project } = this.#owner();
    const sent = sentEvent(decoder.decode(text));
    if (IDENTITY_EVENT_NAMES.has(sent.event)) {
      this.joined++;
      joinIdentities(store, project, [sent], "import");
    }
    const row = eventRow(sent, {
      project,
      nowMs,
      endpoint: "import",
      addServerProperties: false,
      clampsFuture: false,
    });
    this.read++;
    if (!this.#isWithin(row.timeMs)) return;
    const { names, people } = this.table;
    const name = codeOf(names, row.name);
    if (!this.#isChosen(name)) return;
    const person = codeOf(people, row.distinctId);
    const number = this.table.beginRow(row.timeMs, name, person);
    const properties = viewOf(encoder.encode(row.properties));
    this.#reader.read(properties, 0, properties.bytes.length);
    this.table.endFill();
    const id = sent.properties?.$insert_id;
    if (id === undefined || id === null) return;
    const bytes = viewOf(encoder.encode(String(id)));
    const { length } = bytes.bytes;
    const [hash, second] = [hashOfBytes(bytes, 0, length), hashOfBytes(bytes, 0, length, SECOND_SEED)];
    this.#addIds(number, idHashes(people.hash(person), hash, second));
  }

  #owner(): { store: Store; project: Project } {
    if (this.identities === undefined) throw new Error("An event that joins ids has come to who knows nobody");
    return this.identities;
  }

  #addIds(row: number, ids: IdHashes): void {
    if (this.#knownIds === undefined) this.copies.add(this.#knownIds = new KnownIds(this.#knownFrom));
    this.#knownIds.add(row, ids);
  }

  /** Counts from here on as if nothing had come before. */
  beginCount(): void {
    this.read = this.within = 0;
    this.firstMs = Infinity;
    this.lastMs = -Infinity;
  }

  /** Takes what others have counted. */
  addCount(other: Pick<LakeEvents, "read" | "within" | "firstMs" | "lastMs">): void {
    this.read += other.read;
    this.notice(other.within, other.firstMs, other.lastMs);
  }

  #isWithin(timeMs: number): boolean {
    if (timeMs < this.needs.fromMs || timeMs >= this.needs.toMs) return false;
    this.notice(1, timeMs, timeMs);
    return true;
  }

  #isChosen(name: number): boolean {
    if (this.needs.events === undefined) return true;
    if (name >= this.#judged) this.#judgeNames();
    return this.#chosen[name] === 1;
  }

  /** Looks at the names that have come since the last time. */
  #judgeNames(): void {
    const { names } = this.table;
    const { events } = this.needs;
    this.#chosen = withRoom(this.#chosen, names.count);
    for (; this.#judged < names.count; this.#judged++) {
      const isChosen = events === undefined || events.has(names.value(this.#judged) as string);
      this.#chosen[this.#judged] = isChosen ? 1 : 0;
    }
  }

  /** Of a batch, the indexes of the rows that count; undefined: all. */
  choose(timesMs: Float64Array, names: Codes): Uint32Array | undefined {
    this.#judgeNames();
    const { fromMs, toMs } = this.needs;
    const isChosen = this.#chosen;
    const chosen = this.#room = withRoom(this.#room, names.length);
    let count = 0;
    let within = 0;
    let first = this.firstMs, last = this.lastMs;
    for (let index = 0; index < names.length; index++) {
      const timeMs = timesMs[index]!;
      if (timeMs < fromMs || timeMs >= toMs) continue;
      within++;
      if (timeMs < first) first = timeMs;
      if (timeMs > last) last = timeMs;
      // Names are as good as random: a branch on them costs more than the writing.
      chosen[count] = index;
      count += isChosen[names[index]!]!;
    }
    this.notice(within, first, last);
    this.read += names.length;
    return count === names.length ? undefined : chosen.slice(0, count);
  }

  /** The same for a batch whose times are all of the days, without looking at them. */
  chooseNamed(names: Codes): Uint32Array | undefined {
    this.#judgeNames();
    const chosen = this.#room = withRoom(this.#room, names.length);
    const count = indexesOfMarked(names, this.#chosen, chosen);
    this.read += names.length;
    return count === names.length ? undefined : chosen.slice(0, count);
  }

  /** Takes notice of rows within the days, by their first and last times. */
  notice(rows: number, leastMs: number, greatestMs: number): void {
    this.within += rows;
    this.firstMs = Math.min(this.firstMs, leastMs);
    this.lastMs = Math.max(this.lastMs, greatestMs);
  }

  /** Whether all events between two times, these included, are of the days. */
  areWithin(leastMs: number, greatestMs: number): boolean {
    return leastMs >= this.needs.fromMs && greatestMs < this.needs.toMs;
  }

  /** Whether events between two times, these included, may be of the days. */
  mayBeWithin(leastMs: number, greatestMs: number): boolean {
    return greatestMs >= this.needs.fromMs && leastMs < this.needs.toMs;
  }

  get needsPeople(): boolean {
    return this.needs.people;
  }

  /** Adds rows whose codes are those of the table, and what gives their ids. */
  addSealed(chunk: Parameters<EventTable["addSealed"]>[0], idsFrom: (firstRow: number) => RowIds): void {
    this.table.seal();
    this.#knownIds = undefined;
    this.copies.add(idsFrom(this.table.rows));
    this.table.addSealed(chunk);
    this.#knownFrom = this.table.rows;
  }
}

/** Puts the indexes of the codes that are marked into an array that has room for all. Returns how many there are. */
function indexesOfMarked(codes: Codes, isMarked: Uint8Array, into: Uint32Array): number {
  let count = 0;
  for (let index = 0; index < codes.length; index++) {
    into[count] = index;
    count += isMarked[codes[index]!]!;
  }
  return count;
}
