/** From a line of input to a record that can be sent, or to the reason why not. */
import { completeRecord, isAbsent } from "./complete_record.ts";
import { eventProblem, type EventRules } from "./event_rules.ts";

/** A record that may be sent. */
export interface PreparedRecord {
  /** Its line as it was read, with an `$insert_id` and a time added where it had none. */
  text: string;
  /** Of the text, in UTF-8. */
  bytes: number;
  source: string;
  /** In its source, from 1. */
  line: number;
  /** How many lines of all sources come before it. */
  linesBefore: number;
}

/** A record that was not taken, by `mp` or by Mixpanel. */
export interface RejectedRecord {
  source: string;
  /** First (mostly: only) line that is meant, from 1. */
  line: number;
  /** Set when the server did not say which of several lines it means. */
  lastLine?: number;
  /** How many records this entry stands for. */
  count: number;
  field?: string;
  reason: string;
  /** The text as it was read, or as it was sent. Unset when several lines are meant. */
  text?: string;
}

/** Mixpanel takes events of less than 1 MB. Which megabyte is not said, so this is the larger one. */
const MAX_EVENT_BYTES = 1024 * 1024;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const looseDecoder = new TextDecoder();

/** Checks a line. Undefined: it is blank. */
export function checkRecord(
  line: Uint8Array,
  place: { source: string; line: number; linesBefore: number },
  rules: EventRules,
): PreparedRecord | RejectedRecord | undefined {
  const reject = (reason: string, field?: string, text?: string): RejectedRecord => ({
    source: place.source,
    line: place.line,
    count: 1,
    field,
    reason,
    text: text ?? looseDecoder.decode(line),
  });
  let text: string;
  try {
    text = strictDecoder.decode(line).trim();
  } catch {
    return reject("not valid UTF-8");
  }
  if (text === "") return undefined;
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return reject("not valid JSON", undefined, text);
  }
  const problem = eventProblem(record, rules);
  if (problem !== undefined) return reject(problem.reason, problem.field, text);
  const { properties } = record as { properties: Record<string, unknown> };
  let bytes = line.length;
  if (isAbsent(properties.$insert_id) || isAbsent(properties.time)) {
    text = completeRecord(text, rules.nowMs);
    bytes = encoder.encode(text).length;
  }
  if (bytes > MAX_EVENT_BYTES) return reject(`larger than 1 MB (${bytes} bytes)`, undefined, text);
  return { text, bytes, ...place };
}

export function isRejected(record: PreparedRecord | RejectedRecord): record is RejectedRecord {
  return "reason" in record;
}
