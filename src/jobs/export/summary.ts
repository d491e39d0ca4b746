/** What an export has done, for the line or the object at its end. */
import type { OtherProperty } from "../../streams/table/record_encoder.ts";
import type { DayRange } from "./days.ts";

export interface ExportSummary extends DayRange {
  /** Events and their uncompressed bytes that this run has written. */
  events: number;
  bytes: number;
  files: number;
  /** Files that were fetched again and had not changed. */
  unchanged?: number;
  /** Events that were left out because an earlier one has the same four keys. */
  duplicates: number;
  requests: number;
  elapsedMs: number;
  /** All events and files of the folder. */
  totalEvents?: number;
  totalFiles?: number;
  /** The first day of which events may still come. */
  openDay?: string;
  /** Properties of events that have no column, or values of another type than theirs. */
  others?: readonly OtherProperty[];
}
