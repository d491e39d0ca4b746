/** The report that finds recordings, and what its answer says. */
import { RECORDING } from "../../../api/replays.ts";
import { writeBookmark } from "../../../reports/bookmark.ts";
import type { Json, PropertyRef } from "../../../reports/report.ts";
import { isObject } from "../../../streams/json/is_object.ts";

export interface Wanted {
  distinct_id?: string;
  replay_ids?: readonly string[];
  from_date: string;
  to_date: string;
}

/** A recording, as far as its events tell. */
export interface Recording {
  replay_id: string;
  /** When it began, in seconds since 1970. */
  started?: number;
  /** For how many days it is kept; older recordings do not say. */
  retention?: number;
}

/** The first moment of each recording, by its id and by how long it is kept, as a table. */
export function recordingsReport({ distinct_id, replay_ids, from_date, to_date }: Wanted): Json {
  return writeBookmark({
    kind: "insights",
    range: { from: from_date, to: to_date },
    unit: "day",
    chart: "table",
    analysis: { kind: "linear" },
    metrics: [{
      kind: "event",
      of: { type: "event", event: RECORDING.event },
      measure: { math: "min", property: property(RECORDING.time, "datetime") },
    }],
    filter: {
      raw: [
        ...(distinct_id === undefined ? [] : [equals(RECORDING.user, [distinct_id])]),
        ...(replay_ids === undefined ? [] : [equals(RECORDING.id, replay_ids)]),
      ],
    },
    breakdowns: [RECORDING.id, RECORDING.retention].map((name) => ({
      kind: "property",
      property: property(name, "string"),
    })),
  });
}

const property = (name: string, type: PropertyRef["type"]): PropertyRef => ({ name, source: "events", type });

/** An id is any text, also one that an expression could not say without escapes. */
const equals = (value: string, filterValue: readonly string[]): Json => ({
  resourceType: "events",
  value,
  filterType: "string",
  defaultType: "string",
  filterOperator: "equals",
  filterValue,
});

/** The sum of a level, which is no recording. */
const OVERALL = "$overall";

/** Series of metrics hold ids, ids hold days, and days hold the first moment. The last comes first. */
export function recordingsOf(series: Readonly<Record<string, unknown>>): Recording[] {
  const found = new Map<string, Recording>();
  for (const metric of Object.values(series)) {
    for (const [replay_id, level] of members(metric)) {
      for (const [days, leaf] of members(level)) {
        const before = found.get(replay_id);
        const retention = /^\d+$/.test(days) ? Number(days) : before?.retention;
        const starts = [before?.started, momentOf(leaf)].filter((one) => one !== undefined);
        found.set(replay_id, { replay_id, retention, started: starts.length === 0 ? undefined : Math.min(...starts) });
      }
    }
  }
  return [...found.values()].sort((one, other) => (other.started ?? 0) - (one.started ?? 0));
}

const members = (level: unknown): [string, unknown][] =>
  isObject(level) ? Object.entries(level).filter(([name]) => name !== OVERALL) : [];

/** A number, alone or as `{"all": n}`; of several, the first in time. */
function momentOf(leaf: unknown): number | undefined {
  if (typeof leaf === "number") return leaf;
  const moments = isObject(leaf) ? Object.values(leaf).filter((one) => typeof one === "number" && one > 0) : [];
  return moments.length === 0 ? undefined : Math.min(...moments as number[]);
}
