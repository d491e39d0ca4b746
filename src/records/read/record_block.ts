/** Records on their way from a source to Mixpanel. */
import { faultOfJson, JsonDepthError } from "../../streams/json/json.ts";
import type { Lines } from "../../streams/lines.ts";
import type { PathColumn, RecordSource } from "./record_source.ts";

/** A record that could not be read, such as a row with a quote that is not closed. */
export class UnreadableRecord {
  /**
   * @param reason in the words of a message
   * @param column where in the line, from 1, when it is known
   * @param text as it was read
   * @param rule what kind of fault it is
   */
  constructor(
    readonly reason: string,
    readonly column?: number,
    readonly text?: string,
    readonly rule: "unreadable" | "not_utf8" | "not_json" | "nested_too_deep" = "unreadable",
  ) {}

  /** Of a text that was not parsed, by the error. */
  static ofJson(error: unknown, text: string): UnreadableRecord {
    if (!(error instanceof SyntaxError)) throw error;
    const rule = error instanceof JsonDepthError ? "nested_too_deep" : "not_json";
    return new UnreadableRecord(faultOfJson(error), undefined, text, rule);
  }
}

interface BlockPlace {
  source: RecordSource;
  /** How many records of all sources come before the first of this block, those that could not be read included. */
  recordsBefore: number;
}

/** Lines of JSON Lines, as bytes: they are sent as they are where nothing has to be changed. */
export interface LinesBlock extends BlockPlace {
  kind: "lines";
  /** Number of the first line in its source, from 1; the others follow. Blank lines are among them. */
  firstLine: number;
  lines: Lines;
}

/** Records of any other format, parsed. */
export interface ValuesBlock extends BlockPlace {
  kind: "values";
  /** Integers beyond 2^53 are bigints. */
  values: unknown[];
  /** The line (CSV, TSV) or the number of the record (JSON, Parquet) for each, from 1. */
  lineNumbers: number[];
  /** What `lineNumbers` count, for messages. Default `lines`. */
  numbered?: "lines" | "records";
  /** The JSON that each was read from, where it is one record by itself. */
  texts?: readonly (string | undefined)[];
  /** All columns of a format that has columns without empty fields, as Parquet: records lack those that are null in them. */
  columns?: readonly string[];
  /** The fields that each row of a table was read from. */
  fields?: readonly (readonly string[] | undefined)[];
  /** How one of them is read by itself, when they are rows of a table; empty fields are left out of the values. */
  table?: RowForm;
}

/** How a row of a table is read by itself. */
export interface RowForm {
  delimiter: string;
  columns: readonly string[];
  /** Those whose values are text, whatever they look like. */
  text_columns: readonly string[];
  /** Columns that the path of the file gives. */
  in_path?: readonly PathColumn[];
}

export type RecordBlock = LinesBlock | ValuesBlock;
