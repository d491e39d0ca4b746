/**
 * Hot shards: of one `distinct_id` Mixpanel keeps only so many events a day as they are. Those beyond are renamed and lose
 * their id, and one `$hotshard_record` a day and id says so (docs.mixpanel.com, "Hot Shard Limits").
 */
import { isoDay } from "../../streams/iso_time.ts";
import type { EventRow } from "../store/events.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";

/** How many events have been stored, by project, day and id. */
export class HotShards {
  readonly #counts = new Map<string, number>();

  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Adds the events of a request that has been stored. */
  add(counts: ReadonlyMap<string, number>): void {
    for (const [key, count] of counts) this.#counts.set(key, this.count(key) + count);
  }
}

/** What becomes of the events of one request. */
export class ShardedRows {
  readonly #own = new Map<string, number>();
  /** How many rows there are that nobody sent. */
  records = 0;

  constructor(private readonly shards: HotShards, private readonly mostEvents: number) {}

  /** The rows that are stored in an event's place. */
  rowsOf(projectId: number, row: EventRow): EventRow[] {
    if (row.distinctId === "") return [row];
    const key = `${projectId} ${isoDay(row.timeMs)} ${row.distinctId}`;
    const count = this.shards.count(key) + (this.#own.get(key) ?? 0);
    this.#own.set(key, (this.#own.get(key) ?? 0) + 1);
    if (count < this.mostEvents) return [row];
    const { time: _time, ...properties } = parseJson(row.properties) as Record<string, unknown>;
    const moved: EventRow = {
      ...row,
      name: "$hotshard_events",
      distinctId: "",
      properties: stringifyJson({
        ...properties,
        distinct_id: "",
        mp_original_event_name: row.name,
        mp_original_distinct_id: row.distinctId,
      }),
    };
    if (count > this.mostEvents) return [moved];
    this.records++;
    const record = { hotshard_distinct_id: row.distinctId };
    return [moved, { ...row, name: "$hotshard_record", distinctId: "", properties: stringifyJson(record) }];
  }

  discard(): void {
    this.#own.clear();
    this.records = 0;
  }

  commit(): void {
    this.shards.add(this.#own);
  }
}
