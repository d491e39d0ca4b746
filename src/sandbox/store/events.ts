/** Stored events: appended in bulk, read in the order of time. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import type { Database, Statement } from "../../runtime/sqlite.ts";
import { parseJson } from "../../streams/json/json.ts";
import { ColumnDecoder, isExtractable } from "./columns.ts";
import type { Identities } from "./identities.ts";
import { inTransaction } from "./transaction.ts";

/** An event as it is stored. */
export interface EventRow {
  name: string;
  /** When it happened: milliseconds since 1970. */
  timeMs: number;
  distinctId: string;
  insertId?: string;
  /** JSON text of the properties, without `time` and `token`. */
  properties: string;
}

/** What to read. */
export interface EventRange {
  /** First millisecond. */
  fromMs: number;
  /** First millisecond after. */
  toMs: number;
  /** Only events of these names. */
  names?: readonly string[];
}

/** Rows that are read from SQLite at a time: enough to make the call cheap, few enough to stay out of the way. */
const PAGE_ROWS = 2500;

export class Events {
  /** INTERIM */
  get changes(): number {
    return this.database.prepare("SELECT total_changes() AS changes").get()!.changes as number;
  }

  readonly #nameIds = new Map<string, number>();
  readonly #namesById = new Map<number, string>();
  readonly #insert: Statement;
  readonly #supersede: Statement;
  readonly #takeSequence: Statement;

  constructor(private readonly database: Database, private readonly identities: Identities) {
    this.#insert = database.prepare(
      `INSERT INTO events (project_id, time_ms, sequence, name_id, distinct_id, insert_id, properties)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#supersede = database.prepare(
      `UPDATE events INDEXED BY events_by_insert_id SET superseded = 1
       WHERE project_id = ? AND time_ms = ? AND name_id = ? AND distinct_id = ? AND insert_id = ? AND superseded = 0`,
    );
    this.#takeSequence = database.prepare("UPDATE event_sequence SET next = next + ? RETURNING next");
    for (const row of database.prepare("SELECT id, project_id, name FROM event_names").all()) {
      this.#remember(row.project_id as number, row.name as string, row.id as number);
    }
  }

  /**
   * Appends events, all or none; a large set is best given in slices. An event with the name, distinct id, time and `$insert_id` of an earlier one takes its
   * place in queries; exports return both, as Mixpanel's do.
   */
  append(projectId: number, rows: Iterable<EventRow>): void {
    const all = Array.isArray(rows) ? rows as EventRow[] : [...rows];
    if (all.length === 0) return;
    const added: string[] = [];
    try {
      inTransaction(this.database, () => {
        let sequence = (this.#takeSequence.get(all.length)!.next as number) - all.length;
        for (const { name, timeMs, distinctId, insertId = null, properties } of all) {
          const nameId = this.#nameId(projectId, name, added);
          if (insertId !== null) this.#supersede.run(projectId, timeMs, nameId, distinctId, insertId);
          this.#insert.run(projectId, timeMs, sequence++, nameId, distinctId, insertId, properties);
        }
      });
    } catch (error) {
      for (const key of added) this.#nameIds.delete(key);
      throw error;
    }
  }

  /** Deletes the events of a range, copies included. */
  delete(projectId: number, { fromMs, toMs, names }: EventRange): void {
    const byName = this.#nameCondition(projectId, names);
    if (byName === undefined) return;
    this.database.prepare(`DELETE FROM events WHERE project_id = ? AND time_ms >= ? AND time_ms < ? ${byName}`)
      .run(projectId, fromMs, toMs);
  }

  count(projectId: number): number {
    return this.database.prepare("SELECT count(*) AS count FROM events WHERE project_id = ?").get(projectId)!
      .count as number;
  }

  /**
   * The events of a report: without superseded copies, in the order of time, each with the id that its person is known
   * by.
   *
   * With `properties`, only these are read, inside SQLite: several times as fast as parsing every event whole.
   */
  *read(
    projectId: number,
    range: EventRange,
    properties?: readonly string[],
  ): Generator<AnalyticsEvent, void> {
    const decoder = properties?.every(isExtractable) ? new ColumnDecoder(properties) : undefined;
    const columns = decoder?.columns ?? "properties";
    const canonicalIds = this.identities.canonicalIds(projectId);
    for (const page of this.#pages(projectId, range, columns, "AND superseded = 0")) {
      for (const row of page) {
        const sentId = row.distinct_id as string;
        const distinctId = canonicalIds?.get(sentId) ?? sentId;
        const values = decoder?.properties(row) ?? parseJson(row.properties as string) as Record<string, unknown>;
        if (distinctId !== sentId && "distinct_id" in values) values.distinct_id = distinctId;
        yield {
          name: this.#namesById.get(row.name_id as number)!,
          timeMs: row.time_ms as number,
          distinctId,
          properties: values,
        };
      }
    }
  }

  /**
   * The events of an export, copies included and ids as they were sent: pages of rows in the order of time. Nothing
   * stays open between pages.
   */
  *rows(projectId: number, range: EventRange): Generator<EventRow[], void> {
    for (const page of this.#pages(projectId, range, "insert_id, properties", "")) {
      yield page.map((row) => this.#rowOf(row));
    }
  }

  /** INTERIM */
  *visibleRows(projectId: number): Generator<EventRow[], void> {
    for (const page of this.#pages(projectId, { fromMs: -Infinity, toMs: Infinity }, "insert_id, properties", "AND superseded = 0")) {
      yield page.map((row) => this.#rowOf(row));
    }
  }

  /** The newest events, in the order of time. */
  newest(projectId: number, limit: number): EventRow[] {
    return this.database.prepare(
      `SELECT time_ms, name_id, distinct_id, insert_id, properties FROM events WHERE project_id = ?
       ORDER BY time_ms DESC, sequence DESC LIMIT ?`,
    ).all(projectId, limit).map((row) => this.#rowOf(row)).reverse();
  }

  #rowOf(row: Record<string, unknown>): EventRow {
    return {
      name: this.#namesById.get(row.name_id as number)!,
      timeMs: row.time_ms as number,
      distinctId: row.distinct_id as string,
      insertId: row.insert_id as string ?? undefined,
      properties: row.properties as string,
    };
  }

  *#pages(
    projectId: number,
    { fromMs, toMs, names }: EventRange,
    columns: string,
    condition: string,
  ): Generator<Record<string, unknown>[], void> {
    const byName = this.#nameCondition(projectId, names);
    if (byName === undefined) return;
    const statement = this.database.prepare(
      `SELECT time_ms, sequence, name_id, distinct_id, ${columns} FROM events
       WHERE project_id = ? AND (time_ms, sequence) > (?, ?) AND time_ms < ? ${condition} ${byName}
       ORDER BY time_ms, sequence LIMIT ${PAGE_ROWS}`,
    );
    let afterMs = fromMs;
    let afterSequence = -1;
    for (;;) {
      const page = statement.all(projectId, afterMs, afterSequence, toMs);
      if (page.length > 0) yield page;
      if (page.length < PAGE_ROWS) return;
      const last = page[page.length - 1];
      afterMs = last.time_ms as number;
      afterSequence = last.sequence as number;
    }
  }

  /** SQL that keeps the events of these names, or undefined when there are none of them. */
  #nameCondition(projectId: number, names: readonly string[] | undefined): string | undefined {
    const ids = names?.map((name) => this.#nameIds.get(nameKey(projectId, name))).filter((id) => id !== undefined);
    if (ids?.length === 0) return undefined;
    return ids === undefined ? "" : `AND name_id IN (${ids.join()})`;
  }

  #nameId(projectId: number, name: string, added: string[]): number {
    const known = this.#nameIds.get(nameKey(projectId, name));
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.database.prepare("INSERT INTO event_names (project_id, name) VALUES (?, ?)")
      .run(projectId, name);
    this.#remember(projectId, name, Number(lastInsertRowid));
    added.push(nameKey(projectId, name));
    return Number(lastInsertRowid);
  }

  #remember(projectId: number, name: string, id: number): void {
    this.#nameIds.set(nameKey(projectId, name), id);
    this.#namesById.set(id, name);
  }
}

function nameKey(projectId: number, name: string): string {
  return `${projectId} ${name}`;
}
