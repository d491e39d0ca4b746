/** What is said to the thread that writes a table, and what it answers. */
import type { OutputFormat } from "./output_format.ts";
import type { TableEnd, TablePlace } from "./table_writer.ts";

export type TableMessage =
  | { kind: "open"; place: TablePlace; output: OutputFormat }
  /** So many bytes of whole lines. They are good until it answers. */
  | { kind: "take"; memory: SharedArrayBuffer; bytes: number }
  | { kind: "end" | "leave" };

export type TableAnswer = { kind: "done" } | { kind: "ended"; end: TableEnd } | { kind: "fault"; message: string };
