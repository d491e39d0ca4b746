/** Stored events: appended in bulk, read in the order of time, and in columns for reports. */
import { codeOf, type EventTable, type PlainEvent } from "../../analytics/table/event_table.ts";
import type { Database } from "../../runtime/sqlite.ts";
import { whenIdle } from "../../runtime/worker.ts";
import { EventFiles } from "./event_files.ts";
import { EventSpans } from "./event_spans.ts";
import type { EventCursor } from "./events_in_order.ts";
import type { Identities } from "./identities.ts";
import { ProjectEvents } from "./project_events.ts";

/** An event as it is stored: its properties are without `time` and `token`. */
export type EventRow = PlainEvent;

/** What to read. */
export interface EventRange {
  /** First millisecond. */
  fromMs: number;
  /** First millisecond after. */
  toMs: number;
  /** Only events of these names. */
  names?: readonly string[];
}

/** Nobody sends events when none have come for so long. */
const IDLE_MS = 100;

/** For so long others wait while columns are made. */
const TURN_MS = 20;

/** Events that are stored in one step, all or none. */
const MOST_AT_ONCE = 32_768;

export class Events {
  /** Where the parts of an event are that is stored without being parsed. */
  readonly spans = new EventSpans();
  readonly #files: EventFiles;
  readonly #projects = new Map<number, ProjectEvents>();
  /** By project: the codes of canonical ids by those of all ids, and how many ids there were and were joined. */
  readonly #people = new Map<number, { codes: Uint32Array; joined: number }>();

  /** When the last events came, by `performance.now()`, and what cancels the timer that waits for their end. */
  #lastCameMs = 0;
  #stopWaiting: (() => void) | undefined;

  /** @param isKept whether the database outlives the process */
  constructor(database: Database, private readonly identities: Identities, isKept: boolean) {
    this.#files = new EventFiles(database, isKept);
  }

  /** A project's events, as whoever stores some adds to them. */
  of(projectId: number): ProjectEvents {
    let events = this.#projects.get(projectId);
    if (events === undefined || events.isBroken) {
      this.#projects.set(projectId, events = new ProjectEvents(projectId, this.#files, this.spans));
    }
    return events;
  }

  /** A project's events in columns. Names and ids in its dictionaries may be those of no event. */
  table(projectId: number): EventTable {
    return this.of(projectId).table;
  }

  /** By the codes of ids in the table: those of the ids that their people are known by. Undefined when these are the same. */
  people(projectId: number): Uint32Array | undefined {
    const canonicalIds = this.identities.canonicalIds(projectId);
    if (canonicalIds === undefined) return undefined;
    const { people } = this.table(projectId);
    const known = this.#people.get(projectId);
    if (known?.joined === canonicalIds.size && known.codes.length === people.count) return known.codes;
    const pairs = [...canonicalIds].map(([id, canonicalId]) => [people.find(id), canonicalId] as const)
      .filter(([code]) => code >= 0).map(([code, canonicalId]) => [code, codeOf(people, canonicalId)] as const);
    const codes = Uint32Array.from({ length: people.count }, (_, code) => code);
    for (const [code, canonical] of pairs) codes[code] = canonical;
    this.#people.set(projectId, { codes, joined: canonicalIds.size });
    return codes;
  }

  /**
   * Appends events, all or none of a slice. An event with the name, distinct id, time and `$insert_id` of an earlier one takes its
   * place in queries; exports return both, as Mixpanel's do.
   */
  append(projectId: number, rows: Iterable<EventRow>): void {
    const all = Array.isArray(rows) ? rows as EventRow[] : [...rows];
    const events = this.of(projectId);
    for (let first = 0; first < all.length; first += MOST_AT_ONCE) {
      const slice = all.slice(first, first + MOST_AT_ONCE);
      events.begin(slice.length);
      try {
        for (const row of slice) events.add(row);
      } catch (error) {
        events.discard();
        throw error;
      }
      events.commit();
    }
  }

  /**
   * Deletes the events of a range, copies included.
   *
   * @param isMeant whether an event is one of those, by its properties. Default: all are.
   */
  delete(
    projectId: number,
    { fromMs, toMs, names }: EventRange,
    isMeant?: (valueOf: (property: string) => unknown) => boolean,
  ): void {
    const { table } = this.of(projectId);
    const codes = names && codesOf(table, names);
    const deletion = this.of(projectId).deletion((chunk, row) => {
      const timeMs = chunk.timesMs[row] as number;
      return timeMs >= fromMs && timeMs < toMs && (codes?.has(chunk.names[row] as number) ?? true) &&
        (isMeant?.((property) => chunk.valueAt(row, property)) ?? true);
    });
    this.#files.together(deletion.write);
    deletion.apply();
  }

  /** Events have come: their columns are made when no more do, a few at a time, unless somebody asks for them before. */
  fillWhenIdle(): void {
    this.#lastCameMs = performance.now();
    if (this.#stopWaiting === undefined) this.#waitForIdle(IDLE_MS);
  }

  /** Makes the columns of a project's events: it takes a while, and others are answered in between. */
  async fill(projectId: number): Promise<void> {
    for (let isMore = true; isMore;) {
      const endMs = performance.now() + TURN_MS;
      while ((isMore = this.of(projectId).fillSome()) && performance.now() < endMs);
      if (isMore) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #waitForIdle(delayMs: number): void {
    this.#stopWaiting = whenIdle(() => {
      this.#stopWaiting = undefined;
      const quietMs = performance.now() - this.#lastCameMs;
      if (quietMs < IDLE_MS) return this.#waitForIdle(IDLE_MS - quietMs);
      if ([...this.#projects.values()].some((events) => events.fillSome())) this.#waitForIdle(0);
    }, delayMs);
  }

  /** Does nothing more by itself, and prepares what the database has for being opened again. */
  close(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    for (const events of this.#projects.values()) events.close();
  }

  /** How many events of all projects are in memory, in columns: those of projects that something was asked of or sent to. */
  get loaded(): number {
    let loaded = 0;
    for (const { count } of this.#projects.values()) loaded += count;
    return loaded;
  }

  count(projectId: number): number {
    return this.of(projectId).count;
  }

  /** The events of a range in the order of time, copies included and ids as they were sent. */
  *inOrder(projectId: number, { fromMs, toMs, names }: EventRange): Generator<EventCursor, void> {
    const events = this.of(projectId);
    const codes = names && codesOf(events.table, names);
    if (codes?.size === 0) return;
    for (const event of events.inOrder(fromMs, toMs)) {
      if (codes === undefined || codes.has(event.nameCode)) yield event;
    }
  }

  /** The rows of the newest events, in the order of time. */
  newest(projectId: number, limit: number): number[] {
    return this.of(projectId).newest(limit);
  }

  /** The events of rows, but those that have been deleted. */
  at(projectId: number, rows: Iterable<number>): Generator<[row: number, event: EventRow], void> {
    return this.of(projectId).at(rows);
  }
}

/** The codes of those names that a table knows. */
function codesOf({ names: known }: EventTable, names: readonly string[]): Set<number> {
  return new Set(names.map((name) => known.find(name)).filter((code) => code >= 0));
}
