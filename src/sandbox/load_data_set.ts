/** Fills a project with a data set, such as the demo's. */
import { rowOfRecord } from "./ingestion/event_row.ts";
import { COHORT, type SavedCohort } from "./query/saved_cohort.ts";
import { FUNNEL, type SavedFunnel } from "./query/funnels.ts";
import type { EventRow } from "./store/events.ts";
import type { Profile } from "./store/profiles.ts";
import type { Store } from "./store/store.ts";

/** Events in one transaction: memory stays small, and SQLite busy. */
const SLICE_EVENTS = 5000;

interface DataSet {
  /** In Mixpanel's form. Known to be valid: nothing is checked. */
  events: Iterable<{ event: string; properties: Record<string, unknown> }>;
  profiles: Iterable<Profile>;
  funnels: Iterable<SavedFunnel & { funnel_id: number }>;
  cohorts: Iterable<SavedCohort & { id: number }>;
}

/** Adds a data set to what is there. Returns how many events and profiles it had. */
export function loadDataSet(store: Store, projectId: number, data: DataSet): { events: number; profiles: number } {
  let events = 0;
  let slice: EventRow[] = [];
  const flush = () => {
    store.events.append(projectId, slice);
    events += slice.length;
    slice = [];
  };
  for (const record of data.events) {
    if (slice.push(rowOfRecord(record)) === SLICE_EVENTS) flush();
  }
  flush();
  let profiles = 0;
  store.profiles.putAll(projectId, counted(data.profiles, () => profiles++));
  for (const { funnel_id: id, ...funnel } of data.funnels) store.savedObjects.put(projectId, FUNNEL, id, funnel);
  for (const { id, ...cohort } of data.cohorts) store.savedObjects.put(projectId, COHORT, id, cohort);
  return { events, profiles };
}

function* counted<T>(items: Iterable<T>, count: () => void): Generator<T, void> {
  for (const item of items) {
    count();
    yield item;
  }
}
