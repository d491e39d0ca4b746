/** One event from the flags of `mp track`. */
import type { TrackedEvent } from "../api/ingestion.ts";
import { inputError } from "../errors.ts";
import { eventProblem } from "../jobs/event_rules.ts";
import { randomUUID } from "../runtime/hash.ts";
import { parseJson } from "../streams/json.ts";

export interface EventFlags {
  event: string;
  distinct_id?: string;
  /** `name=text` or `name:=json`. */
  property?: readonly string[];
  properties?: Record<string, unknown>;
  time?: string;
  insert_id?: string;
}

/**
 * The event that the flags describe: single properties win over `--properties`, and flags of their own over both.
 * The time is in milliseconds, now unless it is given; the `$insert_id` is random unless it is given.
 *
 * @throws MpError (input) for what cannot be read or breaks a published rule.
 */
export function eventFromFlags(flags: EventFlags, nowMs: number): TrackedEvent {
  const properties: Record<string, unknown> = { ...flags.properties };
  for (const assignment of flags.property ?? []) {
    const [name, value] = readAssignment(assignment);
    properties[name] = value;
  }
  if (flags.distinct_id !== undefined) properties.distinct_id = flags.distinct_id;
  if (flags.time !== undefined) properties.time = readTime(flags.time);
  if (flags.insert_id !== undefined) properties.$insert_id = flags.insert_id;
  properties.time ??= nowMs;
  properties.$insert_id ??= randomUUID();
  const problem = eventProblem({ event: flags.event, properties }, { nowMs, live: true });
  if (problem === undefined) return { event: flags.event, properties };
  const hint = problem.field === "properties.distinct_id" ? "say who did it with --distinct-id ID" : undefined;
  throw inputError(`Cannot track ${JSON.stringify(flags.event)}: ${problem.reason}`, hint, "bad_event");
}

/** Reads `plan=pro` as text and `seats:=3` as JSON. */
export function readAssignment(assignment: string): [name: string, value: unknown] {
  const equals = assignment.indexOf("=");
  const isJson = assignment[equals - 1] === ":";
  const name = assignment.slice(0, isJson ? equals - 1 : equals);
  const value = assignment.slice(equals + 1);
  if (equals < 0 || name === "") {
    throw inputError(
      `Cannot use --property ${JSON.stringify(assignment)}: not NAME=TEXT or NAME:=JSON`,
      "--property plan=pro, --property seats:=3",
    );
  }
  if (!isJson) return [name, value];
  try {
    return [name, parseJson(value)];
  } catch {
    throw inputError(
      `Cannot use --property ${JSON.stringify(assignment)}: ${JSON.stringify(value)} is not JSON`,
      `for text, write ${name}=${value}`,
    );
  }
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
