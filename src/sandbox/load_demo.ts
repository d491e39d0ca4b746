/** Puts the demo's data into a store. */
import { demoData } from "./demo/demo_data.ts";
import { COHORT } from "./query/cohorts.ts";
import { FUNNEL } from "./query/funnels.ts";
import type { EventRow } from "./store/events.ts";
import type { Store } from "./store/store.ts";

/** What was loaded. */
export interface LoadedDemo {
  events: number;
  profiles: number;
  firstDay: string;
  lastDay: string;
}

export interface LoadDemoOptions {
  projectId: number;
  /** The data ends at this moment, in milliseconds since 1970. */
  nowMs: number;
  /** Default 60. */
  days?: number;
  /** About how many. Default 200,000. */
  events?: number;
  seed?: number;
}

const DAY_MS = 86_400_000;
/** Rows that are handed to the store in one transaction. */
const SLICE = 10_000;

/** Loads events up to now, profiles, funnels and cohorts. The same options load the same data. */
export function loadDemo(store: Store, options: LoadDemoOptions): LoadedDemo {
  const { projectId, nowMs, days = 60, events: wanted = 200_000, seed } = options;
  const lastDay = new Date(nowMs).toISOString().slice(0, 10);
  const data = demoData({ endDay: lastDay, days, events: wanted, seed });
  let slice: EventRow[] = [];
  let events = 0;
  const flush = () => {
    store.appendEvents(projectId, slice);
    events += slice.length;
    slice = [];
  };
  for (const { event, properties } of data.events) {
    const { time, ...rest } = properties;
    const timeMs = (time as number) * 1000;
    if (timeMs > nowMs) break;
    slice.push({
      name: event,
      timeMs,
      distinctId: String(rest.distinct_id),
      insertId: String(rest.$insert_id),
      properties: JSON.stringify(rest),
    });
    if (slice.length === SLICE) flush();
  }
  flush();
  const profiles = [...data.profiles];
  store.setProfiles(projectId, profiles);
  for (const { funnel_id, name, steps } of data.funnels) {
    store.savedObjects.put(projectId, FUNNEL, funnel_id, { name, steps });
  }
  for (const { id, ...cohort } of data.cohorts) store.savedObjects.put(projectId, COHORT, id, cohort);
  const firstDay = new Date(nowMs - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return { events, profiles: profiles.length, firstDay, lastDay };
}
