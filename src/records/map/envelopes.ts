/** What loaders put around a record: Airbyte's raw tables and messages, and Singer's messages. */
import { MapProblem } from "./map_problem.ts";
import { isPlainObject, objectOf, type SourceRow } from "./map_values.ts";

/** Airbyte's own columns beside those of a record. */
const LOADER_COLUMN = /^_airbyte_/;
const DATA_COLUMN = "_airbyte_data";

/** Messages that are no records, with the member that each has beside its `type`. */
const OTHER_MESSAGES: Readonly<Record<string, string>> = {
  SCHEMA: "schema",
  STATE: "value",
  ACTIVATE_VERSION: "version",
  LOG: "log",
  TRACE: "trace",
  CATALOG: "catalog",
  CONTROL: "control",
};

/** All that messages have. A record with another member is no message, whatever its type is called. */
const MESSAGE_MEMBERS: ReadonlySet<string> = new Set([
  ...Object.values(OTHER_MESSAGES),
  "bookmark_properties",
  "key_properties",
  "namespace",
  "record",
  "state",
  "stream",
  "time_extracted",
  "type",
]);

/** Whether a column is about the loading of a record, and no part of it. */
export const isLoaderColumn = (name: string): boolean => LOADER_COLUMN.test(name);

/** Whether a column has whole records. */
export const isEnvelope = (name: string): boolean => name === DATA_COLUMN;

/** The record in an envelope, itself when there is none; or why there is no record in it. */
export function unwrapped(record: SourceRow): SourceRow | MapProblem {
  if (Object.hasOwn(record, DATA_COLUMN)) return objectOf(record[DATA_COLUMN]) ?? record;
  const { type } = record;
  if (typeof type !== "string" || !Object.keys(record).every((name) => MESSAGE_MEMBERS.has(name))) return record;
  if (type === "RECORD" && isPlainObject(record.record)) return messageOf(record, record.record) ?? record;
  const member = Object.hasOwn(OTHER_MESSAGES, type) ? OTHER_MESSAGES[type] : undefined;
  if (member === undefined) return record;
  const isMessage = Object.hasOwn(record, member) || (type === "STATE" && Object.hasOwn(record, "state"));
  return isMessage ? new MapProblem("skipped", "type", `a ${type} message of a loader, and no record`) : record;
}

/** The stream that a message's record is of. */
export function loaderStream({ type, stream, record }: SourceRow): string | undefined {
  if (type !== "RECORD") return undefined;
  const named = stream ?? (isPlainObject(record) ? record.stream : undefined);
  return typeof named === "string" ? named : undefined;
}

/** Singer has the stream's name beside the record, and Airbyte in it. */
function messageOf(message: SourceRow, record: Record<string, unknown>): SourceRow | undefined {
  if (typeof message.stream === "string") return record;
  return typeof record.stream === "string" && isPlainObject(record.data) ? record.data : undefined;
}
