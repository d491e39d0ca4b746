/** Recordings of sessions in the demo's project, with the events that they sent of themselves. */
import { RECORDED_SESSION, type SavedRecording } from "../app/recordings.ts";
import { rowOfRecord } from "../ingestion/event_row.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;

interface DemoRecording extends SavedRecording {
  distinctId: string;
}

function recordings(nowMs: number): DemoRecording[] {
  const page = "https://shop.example.com/";
  return [
    {
      id: "replay-1",
      env: "prod",
      retention: 30,
      files: 3,
      startedMs: nowMs - 2 * DAY_MS,
      page,
      distinctId: "customer-10001",
    },
    {
      id: "replay-2",
      env: "prod",
      retention: 7,
      files: 1,
      startedMs: nowMs - DAY_MS,
      page: `${page}cart`,
      distinctId: "customer-10001",
    },
  ];
}

/** Loads the recordings without their events. */
export function loadRecordings(store: Store, projectId: number, nowMs: number): void {
  for (const [index, { distinctId: _user, ...recording }] of recordings(nowMs).entries()) {
    store.savedObjects.put(projectId, RECORDED_SESSION, index + 1, recording);
  }
}

/** Loads the events by which recordings are found, as far as they began since `sinceMs`. Returns how many. */
export function loadRecordingEvents(store: Store, projectId: number, nowMs: number, sinceMs = 0): number {
  const found = recordings(nowMs).filter(({ startedMs }) => startedMs >= sinceMs);
  store.events.append(
    projectId,
    found.map(({ id, env, retention, files, startedMs, page, distinctId }) =>
      rowOfRecord({
        event: "$mp_session_record",
        properties: {
          time: Math.floor(startedMs / 1000),
          distinct_id: distinctId,
          $insert_id: `recording-${id}`,
          $mp_replay_id: id,
          $mp_replay_retention_period: String(retention),
          replay_env: env,
          replay_length_ms: files * 10_000,
          replay_start_url: page,
        },
      })
    ),
  );
  return found.length;
}
