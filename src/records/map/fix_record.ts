/** Repairs of events that say clearly enough what they mean. They are made only where they are asked for, and counted. */
import { foreignInsertId } from "./fix_insert_id.ts";
import { type TimeOptions, timeReader } from "./map_time.ts";
import { isEmpty, isPlainObject } from "./map_values.ts";
import { PLACEHOLDER_IDS } from "./placeholder_ids.ts";

/** What was repaired, with the words for a summary. */
export const FIXES = {
  time_text: "times as text",
  time_unit: "times in microseconds or nanoseconds",
  insert_id_characters: "$insert_id with other characters than letters, digits and hyphens",
  insert_id_length: "$insert_id longer than 36 characters",
  insert_id_placeholder: "$insert_id that stands for nothing, such as null",
} as const;
export type FixKind = keyof typeof FIXES;

export interface FixedRecord<Value> {
  /** The record itself when there was nothing to repair. */
  record: Value;
  fixes: readonly FixKind[];
}

/** Repairs a parsed event. What is no event is left to the rules. */
export type RecordFixer = <Value>(record: Value) => FixedRecord<Value>;

/** As milliseconds, a number from here on is after the year 2969. */
const FIRST_MICROSECONDS = 31_536_000_000_000;
const MAX_CHARACTERS = 36;
const NOTHING: readonly FixKind[] = [];

/**
 * A repairer of events: times in ISO 8601, as digits in a text, or in too fine a unit; ids with other characters, too long,
 * or without meaning. The new id follows from the old one; one without meaning is taken away, so that the event gets one
 * that follows from its content.
 *
 * @param times how they are read where their texts leave something open
 */
export function recordFixer(times: Pick<TimeOptions, "timeZone" | "format"> = {}): RecordFixer {
  const readTime = timeReader(times);
  return (record) => {
    if (!isPlainObject(record) || !isPlainObject(record.properties)) return { record, fixes: NOTHING };
    const { time, $insert_id: id } = record.properties;
    const timeFix = fixOfTime(time);
    const idFix = fixOfId(id);
    const fixedTime = timeFix === undefined ? undefined : readTime(time);
    if (fixedTime === undefined && idFix === undefined) return { record, fixes: NOTHING };
    const fixes: FixKind[] = [];
    const properties = { ...record.properties };
    if (timeFix !== undefined && fixedTime !== undefined) {
      fixes.push(timeFix);
      properties.time = fixedTime;
    }
    if (idFix === "insert_id_placeholder") delete properties.$insert_id;
    else if (idFix !== undefined) properties.$insert_id = foreignInsertId(String(id));
    if (idFix !== undefined) fixes.push(idFix);
    return { record: { ...record, properties }, fixes };
  };
}

function fixOfTime(time: unknown): FixKind | undefined {
  if (typeof time === "string") return isEmpty(time) ? undefined : "time_text";
  if (typeof time !== "number" && typeof time !== "bigint") return undefined;
  return time >= FIRST_MICROSECONDS ? "time_unit" : undefined;
}

function fixOfId(id: unknown): FixKind | undefined {
  if (isEmpty(id) || (typeof id !== "string" && typeof id !== "number" && typeof id !== "bigint")) return undefined;
  const text = String(id);
  if (PLACEHOLDER_IDS.has(text.trim().toLowerCase()) || /^[^\p{L}\p{N}]*$/u.test(text)) return "insert_id_placeholder";
  if (/[^A-Za-z0-9-]/.test(text)) return "insert_id_characters";
  return text.length > MAX_CHARACTERS ? "insert_id_length" : undefined;
}
