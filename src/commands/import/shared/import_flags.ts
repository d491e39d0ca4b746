/** What `mp import` can be told, and what that says about reading, mapping and delivering. */
import { z } from "zod";
import { MAX_EVENTS_PER_REQUEST } from "../../../api/ingestion.ts";
import { ENCODINGS } from "../../../api/operation.ts";
import { choice, count, type ParamMeta, text } from "../../../api/params.ts";
import { readAssignments } from "../../../cli/assignments.ts";
import { progressMode } from "../../../cli/job_progress.ts";
import { inputError } from "../../../errors.ts";
import { MOST_SENDERS } from "../../../jobs/import/import_events.ts";
import { INPUT_FORMATS } from "../../../records/read/formats.ts";
import { checkColumns } from "../../../records/map/map_columns.ts";
import { type MapFlags, type NamedColumn, namedColumns, recipeOf } from "../../../records/map/map_flags.ts";
import { leftOut } from "../../../records/map/column_targets.ts";
import { columnsOfType, type Recipe, textColumns, timeColumns } from "../../../records/map/map_recipe.ts";
import { PRESET_NAMES, type PresetName } from "../../../records/map/presets/index.ts";
import type { ReadOptions } from "../../../records/read/read_records.ts";
import { SCHEMES } from "../../../storage/registry.ts";

const texts = (description: string, placeholder: string, names: Pick<ParamMeta, "flag" | "aliases"> = {}) =>
  z.array(z.string()).optional().meta({ placeholder, description, ...names });
const PRESETS = PRESET_NAMES as [PresetName, ...PresetName[]];
const yes = (description: string) => z.boolean().default(false).meta({ description });
/** A flag that begins with `--no-`. */
const no = (description: string) => z.boolean().default(true).meta({ description });

export const importInput = z.object({
  files: z.array(z.string()).optional().meta({
    placeholder: "FILE",
    description: `Files, folders, patterns such as 'data/*.csv.gz', addresses with ${SCHEMES}; - is standard input`,
  }),
  data: z.string().optional().meta({
    input: "json_text",
    description: "One record or a list of them as JSON, in place of files; @FILE reads it",
  }),
  kind: choice(["events", "profiles", "groups", "lookup-table"], "What the records are").default("events"),
  input_format: choice(INPUT_FORMATS, "Format of the files; default by their names and first bytes").optional(),
  preset: choice(PRESETS, "Where the records come from: reads the layout of that export").optional(),
  map: texts("What a column or path becomes: event=name, time=ts, distinct_id=user.id, plan=tier", "TARGET=SOURCE"),
  type: texts("Make a property a string, number, boolean, time, list or json", "PROPERTY:TYPE", {
    flag: "column-type",
    aliases: ["type"],
  }),
  set: texts("A property for all records; NAME:=JSON for numbers, booleans and lists", "NAME=TEXT"),
  drop: texts("Leave this property out", "PROPERTY"),
  only: texts("Take this property, and no others than those named so", "PROPERTY"),
  tz: text("Time zone of times without one; default UTC", {
    flag: "timezone",
    aliases: ["tz"],
    placeholder: "ZONE",
  }).optional(),
  time_format: text("How times are written: 'DD.MM.YYYY HH:mm', '%m/%d/%Y', or excel for day numbers", {
    placeholder: "FORMAT",
  }).optional(),
  fix: yes("Repair what can be: ISO times, numbers as text, characters and length of $insert_id"),
  check: yes("Send nothing: report every problem with its line and column"),
  group_key: text("For --kind groups: the group key, such as company", { placeholder: "KEY" }).optional(),
  table: text("For --kind lookup-table: its id, from 'mp lookup-tables list'", {
    flag: "lookup-table",
    aliases: ["table"],
    placeholder: "ID",
  }).optional(),
  delimiter: text("What separates the fields of CSV; default by the first line", { placeholder: "CHARACTER" })
    .optional(),
  columns: text("Names of the columns of CSV, separated by commas, in place of a header", { placeholder: "NAMES" })
    .optional(),
  null: texts("A text that stands for nothing in CSV, such as n/a; \\N without quotes always does", "TEXT"),
  decimal_comma: yes("Numbers in texts have a decimal comma, and points between thousands: 1.234,50"),
  header: no("The first row of CSV is a record"),
  as_text: yes("Leave the values of CSV as text, also where a column holds numbers only"),
  rejected: yes("The files are those of --rejects: import the fixed records in them; detected automatically, too"),
  rejects: text("Write rejected records with their reasons to this file", { placeholder: "FILE" }).optional(),
  concurrency: count("Most requests of events at the same time; fewer while the server is slow or busy", {
    min: 1,
    max: MOST_SENDERS,
  }).optional(),
  batch_size: count("Most events in a request", { min: 1, max: MAX_EVENTS_PER_REQUEST }).default(
    MAX_EVENTS_PER_REQUEST,
  ),
  strict: no("Let Mixpanel accept what it can, without validating every event; refused records are not reported then"),
  encoding: choice(ENCODINGS, "How requests carry events and updates: as JSON, or data= in base64").default("json"),
  skip_lines: count("Skip this many lines or records, to go on after an import of a pipe").default(0),
  checkpoint_file: text("Remember in this file how far the import is; default one in the state folder", {
    placeholder: "FILE",
  }).optional(),
  checkpoint: no("Do not remember how far the import is"),
  restart: yes("Start over, whatever an earlier run has done"),
  progress: progressMode,
});
export type ImportInput = z.output<typeof importInput>;

/** How records are mapped; for a lookup table, rows stay as they are. */
export const recipeOfInput = (input: ImportInput): Recipe => recipeOf(mapFlags(input));

/** The columns that were named by hand. Records that were rejected are not all of the records. */
export const namedOfInput = (input: ImportInput): NamedColumn[] => input.rejected ? [] : namedColumns(mapFlags(input));

function mapFlags(input: ImportInput): MapFlags {
  const {
    kind,
    preset,
    map,
    type,
    set,
    drop,
    only,
    tz,
    time_format,
    decimal_comma: decimalComma,
    group_key: groupKey,
  } = input;
  return {
    kind: kind === "lookup-table" ? "events" : kind,
    preset,
    map,
    type,
    set: set === undefined ? undefined : readAssignments(set),
    drop,
    only,
    tz,
    timeFormat: time_format,
    decimalComma,
    groupKey,
  };
}

/** How files are read. */
export function readOptions(input: ImportInput, recipe: Recipe): ReadOptions {
  const columns = input.columns?.split(",").map((name) => name.trim());
  return {
    format: input.input_format,
    delimiter: input.delimiter?.replace("\\t", "\t"),
    columns,
    hasHeader: input.header ? undefined : false,
    inferTypes: !input.as_text,
    textColumns: textColumns(recipe),
    stringColumns: columnsOfType(recipe, "string"),
    timeColumns: timeColumns(recipe),
    isLeftOut: leftOut(recipe),
    nulls: input.null,
    decimalComma: input.decimal_comma,
    checkColumns: input.kind === "lookup-table"
      ? undefined
      : (source, columns) => checkColumns(recipe, source, columns),
  };
}

/** @throws MpError (input) for flags that contradict each other, or that this kind of record does not have. */
export function checkFlags(input: ImportInput): void {
  const refuse = (message: string, hint: string) => {
    throw inputError(`Cannot import: ${message}`, hint, "bad_flags");
  };
  if (input.kind === "lookup-table" && input.table === undefined && !input.check) {
    refuse("no lookup table is named", "name it with --lookup-table ID; 'mp lookup-tables list' shows the ids");
  }
  if (input.kind !== "lookup-table" && input.table !== undefined) {
    refuse("--lookup-table names a lookup table", "add --kind lookup-table");
  }
  if (input.group_key !== undefined && input.kind !== "groups") refuse("--group-key is of groups", "add --kind groups");
  if (!input.checkpoint && input.checkpoint_file !== undefined) {
    refuse("--checkpoint-file and --no-checkpoint contradict each other", "give one of them");
  }
  if (input.delimiter !== undefined && input.delimiter.replace("\\t", "\t").length !== 1) {
    refuse("--delimiter is one character", "such as ';' or '\\t'");
  }
}
