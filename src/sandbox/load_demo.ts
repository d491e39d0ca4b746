/** Fills a project with the demo's data, up to this moment. */
import { isoDay } from "../streams/iso_time.ts";
import { loadAdministration } from "./demo/administration.ts";
import { demoData } from "./demo/demo_data.ts";
import { loadManagedObjects } from "./demo/managed_objects.ts";
import { loadRecordingEvents } from "./demo/recordings.ts";
import { loadDataSet } from "./load_data_set.ts";
import type { Store } from "./store/store.ts";

/** What was loaded. */
interface LoadedDemo {
  events: number;
  profiles: number;
  firstDay: string;
  lastDay: string;
}

interface LoadDemoOptions {
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

/** Customers who have asked for their data. */
const SUBJECTS = ["customer-10001", "customer-10002"];

/** Loads events, profiles, funnels and cohorts. The same options load the same data. */
export function loadDemo(store: Store, options: LoadDemoOptions): LoadedDemo {
  const { projectId, nowMs, days = 60, events, seed } = options;
  const lastDay = isoDay(nowMs);
  const data = demoData({ endDay: lastDay, days, events, seed, endSecond: Math.floor(nowMs / 1000) });
  const loaded = loadDataSet(store, projectId, data);
  loadAdministration(store, projectId, nowMs, SUBJECTS);
  loadManagedObjects(store, projectId, nowMs);
  const firstDay = isoDay(nowMs - (days - 1) * DAY_MS);
  const recorded = loadRecordingEvents(store, projectId, nowMs, Date.parse(firstDay));
  return { ...loaded, events: loaded.events + recorded, firstDay, lastDay };
}
