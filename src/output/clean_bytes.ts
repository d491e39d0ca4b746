/** Records that a server sent, on their way to a terminal. */
import type { Output } from "../runtime/standard_streams.ts";
import { cleanForTerminal, escapeJsonForTerminal } from "./clean.ts";

/** The form of records that are printed. */
export interface PrintedForm {
  format: string;
  compression: string;
}

/**
 * Where to write records: a pipe or a file gets them as they are, a terminal without anything that it would obey. JSON
 * still means the same then.
 */
export function recordOutputOf(output: Output, { format, compression }: PrintedForm): Pick<Output, "write"> {
  if (!output.isTerminal || compression !== "none" || format === "parquet") return output;
  const clean = format === "json" || format === "jsonl" ? escapeJsonForTerminal : cleanForTerminal;
  // A character may come in two pieces.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    write: (content) =>
      output.write(clean(typeof content === "string" ? content : decoder.decode(content, { stream: true }))),
  };
}
