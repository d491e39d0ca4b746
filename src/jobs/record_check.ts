/** From a line of input to a record that can be sent, or to the reason why not. */
import { completeRecord, isAbsent } from "./complete_record.ts";
import { eventProblem } from "./event_rules.ts";

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

/** Where a line stands. */
export interface RecordPlace {
  source: string;
  line: number;
  linesBefore: number;
}

/** Checks a line that was read at a moment. Undefined: it is blank. */
export type RecordCheck = (
  line: Uint8Array,
  place: RecordPlace,
  nowMs: number,
) => PreparedRecord | RejectedRecord | undefined;

/** What is wrong with a record. */
export interface RecordProblem {
  field?: string;
  reason: string;
}

export interface RecordRules {
  /** What is wrong with the values of a line. */
  problemOf(record: unknown, nowMs: number): RecordProblem | undefined;
  /** The line with what it lacks; itself when it lacks nothing. */
  complete?(text: string, record: unknown, nowMs: number): string;
  mostBytes: number;
}

/** Mixpanel takes events of less than 1 MB. Which megabyte is not said, so this is the larger one. */
const MAX_EVENT_BYTES = 1024 * 1024;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const looseDecoder = new TextDecoder();

/**
 * The check for events. Those without an `$insert_id` get one.
 *
 * @param live true for `/track`: events without a time get the moment at which they are read
 */
export function eventCheck(live: boolean): RecordCheck {
  return recordCheck({
    problemOf: (record, nowMs) => eventProblem(record, { nowMs, live }),
    complete(text, record, nowMs) {
      const { properties } = record as { properties: Record<string, unknown> };
      return isAbsent(properties.$insert_id) || isAbsent(properties.time) ? completeRecord(text, nowMs) : text;
    },
    mostBytes: MAX_EVENT_BYTES,
  });
}

/** A check of lines that hold one JSON value each. */
export function recordCheck({ problemOf, complete, mostBytes }: RecordRules): RecordCheck {
  return (line, place, nowMs) => {
    const reject = (reason: string, field?: string, text?: string): RejectedRecord => ({
      source: place.source,
      line: place.line,
      count: 1,
      field,
      reason,
      text: text ?? looseDecoder.decode(line),
    });
    let read: string;
    try {
      read = strictDecoder.decode(line).trim();
    } catch {
      return reject("not valid UTF-8");
    }
    if (read === "") return undefined;
    let record: unknown;
    try {
      record = JSON.parse(read);
    } catch {
      return reject("not valid JSON", undefined, read);
    }
    const problem = problemOf(record, nowMs);
    if (problem !== undefined) return reject(problem.reason, problem.field, read);
    const text = complete?.(read, record, nowMs) ?? read;
    const bytes = text === read ? line.length : encoder.encode(text).length;
    if (bytes > mostBytes) return reject(`larger than 1 MB (${bytes} bytes)`, undefined, text);
    return { text, bytes, ...place };
  };
}

export function isRejected(record: PreparedRecord | RejectedRecord): record is RejectedRecord {
  return "reason" in record;
}
