/** What is said to the thread that makes tables, and what it answers. */
import type { OutputFormat } from "./output_format.ts";
import type { TableEnd, TableFile } from "./table_writer.ts";
import type { MadeUnit, SliceTables, UnitSlice, UnitTablesJob } from "./unit_tables.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";

/** So many bytes of whole lines, of the slice that `id` says where there are several. They are good until it answers. */
export interface LinesMessage {
  kind: "take";
  id: number;
  memory: SharedArrayBuffer;
  bytes: number;
}

/** Of one table. */
export type TableMessage =
  | { kind: "open"; file: TableFile; output: OutputFormat }
  | { kind: "end" | "leave" };

/** Of the tables of a folder. */
export type UnitsMessage =
  | { kind: "units"; job: UnitTablesJob }
  | { kind: "begin"; slice: UnitSlice }
  | { kind: "whole" | "drop"; id: number }
  | { kind: "finish"; id: number; unit: number; schema: TableSchema };

export type TableAnswer =
  | { kind: "done" }
  | { kind: "ended"; end: TableEnd }
  | { kind: "slice"; tables: SliceTables }
  | { kind: "made"; made: MadeUnit | undefined }
  | { kind: "fault"; message: string };
