/** Loads a lake into a store, as if it had been imported: for whoever serves it. */
import type { RecordSource } from "../records/read/record_source.ts";
import { eventRow } from "../sandbox/ingestion/event_row.ts";
import { joinIdentities } from "../sandbox/ingestion/identity.ts";
import { sentEvent } from "../sandbox/ingestion/record.ts";
import type { EventRow } from "../sandbox/store/events.ts";
import type { Project } from "../sandbox/store/projects.ts";
import type { Store } from "../sandbox/store/store.ts";
import { type LakeLayout, type ReadingFaults, takeEvents } from "./read_lake.ts";
import { readProfiles } from "./read_profiles.ts";

/** Events in one step. */
const SLICE_EVENTS = 5000;

export interface LakeContent {
  events: readonly RecordSource[];
  profiles?: readonly RecordSource[];
}

/** @throws MpError (input) for a source that cannot be read, and when none of the records is an event */
export async function loadLake(
  store: Store,
  project: Project,
  { events, profiles = [] }: LakeContent,
  layout: LakeLayout,
  options: { nowMs: number; signal: AbortSignal },
): Promise<ReadingFaults & { read: number }> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const intake = { project, endpoint: "import", addServerProperties: false, clampsFuture: false } as const;
  let slice: EventRow[] = [];
  const flush = () => {
    store.events.append(project.id, slice);
    slice = [];
  };
  const taker = {
    read: 0,
    takeChecked(text: Uint8Array, nowMs: number) {
      const sent = sentEvent(decoder.decode(text));
      joinIdentities(store, project, [sent], "import");
      taker.read++;
      if (slice.push(eventRow(sent, { ...intake, nowMs })) === SLICE_EVENTS) flush();
    },
  };
  const faults = await takeEvents(events, taker, layout, options);
  flush();
  await readProfiles(profiles, store, project.id, options.signal);
  return { ...faults, read: taker.read };
}
