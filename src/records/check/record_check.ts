/** From a record as it was read to the bytes that are sent, or to the reason why not. */
import { EventScanner } from "../../streams/events/event_scanner.ts";
import { faultOfJson, parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { type CheckedEvent, completeRecord } from "../map/complete_record.ts";
import { eventProblem, isReadyEvent } from "./event_rules.ts";

/** What is wrong with a record. */
export interface RecordProblem {
  /** `event`, `properties.time`, … */
  field?: string;
  reason: string;
}

/** A record that is not sent. */
export class RefusedRecord implements RecordProblem {
  /**
   * @param text the record as it was read, or as it would be sent
   * @param isSkipped true when nothing is wrong with it, but it is meant for something else
   */
  constructor(
    readonly reason: string,
    readonly field: string | undefined,
    readonly text: string,
    readonly isSkipped = false,
  ) {}
}

/** A record that was not taken, by `mp` or by Mixpanel. */
export interface RejectedRecord extends RecordProblem {
  source: string;
  /** First (mostly: only) line that is meant, from 1. */
  line: number;
  /** Set when the server did not say which of several lines it means. */
  lastLine?: number;
  /** How many records this entry stands for. */
  count: number;
  /** The text as it was read, or as it was sent. Unset when several lines are meant. */
  text?: string;
}

/** Finds records that are sent as they are, without taking them apart. */
export interface ReadyRecords {
  /** Whether the line that is in `bytes` from `start` to `end` has such a record. */
  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean;
  /** Where the one that was found begins and ends in `bytes`. */
  readonly start: number;
  readonly end: number;
}

/** Decides what is sent. What it returns is a line without a line feed, which is good until the next call. */
export interface RecordCheck {
  /** The quick way for lines, where there is one: what it does not find is for `line`, which comes to the same. */
  readonly ready?: ReadyRecords;
  /** Looks at a line of JSON Lines. Undefined: it is blank. */
  line(line: Uint8Array, nowMs: number): Uint8Array | RefusedRecord | undefined;
  /** Looks at a parsed record. Its integers beyond 2^53 are bigints, other long numbers `LongNumber`s. */
  value(value: unknown, nowMs: number): Uint8Array | RefusedRecord;
  /** Repairs since they were last taken away, by kind. */
  readonly fixes?: Map<string, number>;
}

/** The rules for one kind of record. */
export interface RecordRules {
  /** What is wrong with the values of a record. */
  problemOf(record: unknown, nowMs: number): RecordProblem | undefined;
  /** The record with what it lacks, from its text where it has one that lacks nothing. */
  print?(record: unknown, text: string | undefined, nowMs: number): string;
  mostBytes: number;
}

/** Mixpanel takes events of less than 1 MB. Which megabyte is not said, so this is the larger one. */
const MAX_EVENT_BYTES = 1024 * 1024;

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const looseDecoder = new TextDecoder();
const encoder = new TextEncoder();

const MOST_BYTES_PER_UNIT = 3;
let encodings = new Uint8Array(64 * 1024);

/** A text in memory that is used again. */
function encoded(text: string): Uint8Array {
  const most = text.length * MOST_BYTES_PER_UNIT;
  if (encodings.length < most) encodings = new Uint8Array(most);
  return encodings.subarray(0, encoder.encodeInto(text, encodings).written);
}

/**
 * The check for events. Those without an `$insert_id` get one.
 *
 * @param live true for `/track`: events without a time get the moment at which they are read
 */
export function eventCheck(live: boolean): RecordCheck {
  const slow = recordCheck({
    problemOf: (record, nowMs) => eventProblem(record, { nowMs, live }),
    print: (record, text, nowMs) => completeRecord(record as CheckedEvent, text, nowMs),
    mostBytes: MAX_EVENT_BYTES,
  });
  if (live) return slow;
  return { ...slow, ready: new ReadyEvents() };
}

class ReadyEvents implements ReadyRecords {
  start = 0;
  end = 0;
  readonly #scanner = new EventScanner();

  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.scan(bytes, start, end) || !isReadyEvent(bytes, scanner, nowMs)) return false;
    this.start = scanner.start;
    this.end = scanner.end;
    return this.end - this.start <= MAX_EVENT_BYTES;
  }
}

/** A check that parses each line. */
export function recordCheck({ problemOf, print, mostBytes }: RecordRules): RecordCheck {
  const checked = (record: unknown, text: string | undefined, nowMs: number): Uint8Array | RefusedRecord => {
    const problem = problemOf(record, nowMs);
    if (problem !== undefined) return new RefusedRecord(problem.reason, problem.field, text ?? stringifyJson(record));
    const sent = print?.(record, text, nowMs) ?? text ?? stringifyJson(record);
    const bytes = encoded(sent);
    if (bytes.length <= mostBytes) return bytes;
    return new RefusedRecord(`larger than 1 MB (${bytes.length} bytes)`, undefined, sent);
  };
  return {
    line(line, nowMs) {
      let text: string;
      try {
        text = strictDecoder.decode(line).trim();
      } catch {
        return new RefusedRecord("not valid UTF-8", undefined, looseDecoder.decode(line));
      }
      if (text === "") return undefined;
      let record: unknown;
      try {
        record = parseExactJson(text);
      } catch (error) {
        return new RefusedRecord(faultOfJson(error), undefined, text);
      }
      return checked(record, text, nowMs);
    },
    value: (value, nowMs) => checked(value, undefined, nowMs),
  };
}
