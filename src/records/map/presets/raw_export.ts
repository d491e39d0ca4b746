import type { Preset } from "./preset.ts";

/** What the servers add when they take an event in; they would add it to what they have added before. */
const ADDED_BY_SERVERS = [
  "$import",
  "$mp_api_endpoint",
  "$mp_api_timestamp_ms",
  "$mp_event_size",
  "mp_processing_time_ms",
];

/**
 * Mixpanel's own raw export and profile export. Events of projects made before 2023 have times that count from 1970 in the
 * project's zone; a time zone brings them back.
 */
export const rawExport: Preset = {
  summary: "Mixpanel's raw export, without what its servers have added",
  recipes: {
    events: { drop: ADDED_BY_SERVERS, epochsAreLocal: true },
    profiles: {},
    groups: {},
  },
};
