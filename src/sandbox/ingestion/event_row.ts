/** From an event as it was sent to a row of the store. */
import { randomUUID } from "../../runtime/hash.ts";
import type { EventRow } from "../store/events.ts";
import type { Project } from "../store/projects.ts";
import { eventTimeMs, storedTimeMs } from "./event_time.ts";
import { IDENTITY_EVENT_NAMES, simplifiedId, simplifiedMembers } from "./identity.ts";
import type { IngestionRules } from "./ingestion_rules.ts";
import { type SentEvent, storedProperties } from "./record.ts";
import { planMark, type TrackingPlan } from "./tracking_plan.ts";

/** What happens to an event on its way into the store. */
export interface Intake {
  project: Project;
  nowMs: number;
  /** `/track` gives events an `$insert_id`; imported ones stay as they are. */
  endpoint: "track" | "import";
  /** See `SandboxSettings.addServerProperties`. */
  addServerProperties: boolean;
  /** Takes a time to come for now, as all but a strict import do. */
  clampsFuture: boolean;
  /** Stands in for a missing `distinct_id`. */
  senderId?: string;
  /** What the project throws away. */
  rules?: IngestionRules;
  /** What events are held against. */
  plan?: TrackingPlan;
}

/** The row of an event that has been found acceptable. */
export function eventRow(sent: SentEvent, intake: Intake): EventRow {
  const properties = sent.properties ?? {};
  const { nowMs } = intake;
  const sentMs = eventTimeMs(properties.time) ?? nowMs;
  const timeMs = intake.clampsFuture ? Math.min(sentMs, nowMs) : sentMs;
  const distinctId = distinctIdOf(sent, intake);
  const hasSameId = !isMissing(properties.distinct_id) && String(properties.distinct_id) === distinctId;
  // Events that were sent without an id, and got none, stay without.
  const ids: Record<string, unknown> = hasSameId || distinctId === "" ? {} : { distinct_id: distinctId };
  if (intake.project.identity === "simplified") Object.assign(ids, simplifiedMembers(properties));
  const isReplaced = Object.keys(ids).some((name) => !isMissing(properties[name]));
  const text = isReplaced ? storedProperties({ ...properties, ...ids }) : sent.text;
  const added = isReplaced ? {} : ids;
  if (isMissing(properties.$insert_id) && intake.endpoint === "track") added.$insert_id = newInsertId();
  Object.assign(added, serverProperties(intake), planMark(sent, intake.plan));
  return {
    name: String(sent.event),
    timeMs: storedTimeMs(timeMs, intake.project),
    distinctId,
    properties: withProperties(text, added),
  };
}

/** An `$insert_id` for an event that came without. */
export function newInsertId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}

/** What Mixpanel adds to events, where it is wanted. */
export function serverProperties({ addServerProperties, endpoint, nowMs }: Intake): Record<string, unknown> {
  return {
    ...(addServerProperties && {
      $mp_api_endpoint: "api.mixpanel.com",
      $mp_api_timestamp_ms: nowMs,
      mp_processing_time_ms: nowMs,
      ...(endpoint === "import" && { $import: true }),
    }),
  };
}

/** The row of a record in Mixpanel's form, for loading data that is known to be good. */
export function rowOfRecord({ event, properties }: { event: string; properties: Record<string, unknown> }): EventRow {
  return {
    name: event,
    timeMs: eventTimeMs(properties.time) ?? 0,
    distinctId: isMissing(properties.distinct_id) ? "" : String(properties.distinct_id),
    properties: storedProperties(properties),
  };
}

/** The id that an event is stored under; empty for none, which reports on people leave out. */
function distinctIdOf({ event, properties = {} }: SentEvent, { project, senderId }: Intake): string {
  const { distinct_id: id } = properties;
  const own = project.identity === "simplified" ? simplifiedId(properties) : undefined;
  if (own !== undefined) return own;
  if (!isMissing(id)) return String(id);
  // Events that join ids are about others than the sender.
  return IDENTITY_EVENT_NAMES.has(event) ? "" : senderId ?? "";
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Adds properties to the text of an object, without touching what is there. */
function withProperties(text: string, added: Record<string, unknown>): string {
  if (Object.keys(added).length === 0) return text;
  const members = JSON.stringify(added).slice(1, -1);
  return text === "{}" ? `{${members}}` : `${text.slice(0, -1)},${members}}`;
}
