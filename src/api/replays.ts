/** Session replays: recordings of what users saw, as lists of rrweb events on a content network. */
import { z } from "zod";
import { APP, operation, post } from "./operation.ts";
import { choice, text } from "./params.ts";

/** Most replays that are signed in one request. */
export const MOST_SIGNED = 50;

/** For how many days a recording can be kept: a part of the names of its files. */
export const RETENTION_DAYS = [1, 7, 30, 90] as const;

/** Where a recording was made. */
export const replayEnvironment = choice(["prod", "dev"], "Environment that recorded it");

export const replayId = text("Replay's id, from 'mp replays find'", { placeholder: "ID", lists: "mp replays find" });

/** An address that is good for five minutes. Whoever has `query_string` can read the recording. */
const signedReplay = z.looseObject({ replay_id: z.string(), url: z.string(), query_string: z.string() });

export type SignedReplay = z.output<typeof signedReplay>;

export const signReplays = operation({
  id: "replays.sign",
  summary: "get addresses from which recordings can be loaded for five minutes",
  routes: [post("app", "/projects/{project_id}/replays/sign/bulk")],
  ...APP,
  unpublished: "recorded",
  repeatable: true,
  params: z.object({
    replays: z.array(z.looseObject({ replay_id: replayId, replay_env: replayEnvironment })).min(1).max(MOST_SIGNED),
  }),
  result: z.array(signedReplay),
});

/** The event that recordings send of themselves, and its properties. */
export const RECORDING = {
  event: "$mp_session_record",
  id: "$mp_replay_id",
  retention: "$mp_replay_retention_period",
  user: "$distinct_id",
  time: "$time",
} as const;
