/** One event from the flags of `mp track`. */
import type { TrackedEvent } from "../../../api/ingestion.ts";
import { readAssignments } from "../../../cli/assignments.ts";
import { inputError } from "../../../errors.ts";
import { eventProblem } from "../../../records/check/event_rules.ts";
import { randomUUID } from "../../../runtime/hash.ts";

export interface EventFlags {
  event: string;
  distinct_id?: string;
  /** `name=text` or `name:=json`. */
  property?: readonly string[];
  properties?: Record<string, unknown>;
  time?: string;
  insert_id?: string;
  /** Whether Mixpanel takes the sender's address, also for an id that is missing. */
  ip?: boolean;
}

/**
 * The event that the flags describe: single properties override `--properties`, and flags of their own override both.
 * The time is in milliseconds, now unless it is given; the `$insert_id` is random unless it is given.
 *
 * @throws MpError (input) for what cannot be read or breaks a published rule.
 */
export function eventFromFlags(flags: EventFlags, nowMs: number): TrackedEvent {
  const properties: Record<string, unknown> = { ...flags.properties, ...readAssignments(flags.property ?? []) };
  if (flags.distinct_id !== undefined) properties.distinct_id = flags.distinct_id;
  if (flags.time !== undefined) properties.time = readTime(flags.time);
  if (flags.insert_id !== undefined) properties.$insert_id = flags.insert_id;
  properties.time ??= nowMs;
  properties.$insert_id ??= randomUUID();
  const problem = eventProblem({ event: flags.event, properties }, { nowMs, live: true, nameless: flags.ip });
  if (problem === undefined) return { event: flags.event, properties };
  const hint = problem.field === "properties.distinct_id"
    ? "say who did it with --distinct-id ID; with --ip the address of this machine stands for it"
    : undefined;
  throw inputError(`Cannot track ${JSON.stringify(flags.event)}: ${problem.reason}`, hint, "bad_event");
}

/** Reads a number of seconds or milliseconds as it is, and a date with a time as milliseconds; UTC without a zone. */
export function readTime(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const match = /^\d{4}-\d{2}-\d{2}(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  const iso = match === null ? "" : `${text.slice(0, 10)}T${match[1] ?? "00:00"}${(match[2] ?? "Z").toUpperCase()}`;
  const time = Date.parse(iso);
  // Date.parse rolls 2026-02-30 over on one runtime and refuses it on the other.
  const isSameDay = new Date(`${text.slice(0, 10)}T00:00Z`).toJSON()?.slice(0, 10) === text.slice(0, 10);
  if (!Number.isNaN(time) && isSameDay) return time;
  throw inputError(
    `Cannot use --time ${JSON.stringify(text)}: not a time`,
    "write 2026-01-31T10:00:00Z, or seconds since 1970",
    "bad_time",
  );
}
