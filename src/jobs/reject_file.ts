/** A file of rejected records with their reasons, one a line, from which they can be mended and sent again. */
import { inputError } from "../errors.ts";
import { type FileSink, openSink } from "../runtime/files.ts";
import { parseJson, stringifyJson } from "../streams/json.ts";
import type { RejectedRecord } from "./record_check.ts";

export interface RejectFile {
  write(record: RejectedRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file, and empties it if it is there. Each line is `{source, line, field, reason, record}`; `record` is the
 * event, or the text as it was when it is not JSON. `jq -c .record` gives the events back.
 *
 * @throws MpError (input) when it cannot be written.
 */
export async function openRejectFile(path: string): Promise<RejectFile> {
  const encoder = new TextEncoder();
  let sink: FileSink;
  try {
    sink = await openSink(path);
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    const state = code === "ENOENT" ? "no such folder" : code === "EACCES" ? "permission denied" : String(code);
    throw inputError(`Cannot write ${JSON.stringify(path)}: ${state}`, undefined, "unwritable_file");
  }
  // Answers arrive side by side; lines must not.
  let tail: Promise<void> = Promise.resolve();
  return {
    write: ({ source, line, lastLine, count, field, reason, text }) => {
      const entry = {
        source,
        line,
        last_line: lastLine,
        count: count === 1 ? undefined : count,
        field,
        reason,
        record: text === undefined ? undefined : valueOf(text),
      };
      const bytes = encoder.encode(stringifyJson(entry) + "\n");
      return tail = tail.then(() => sink.write(bytes));
    },
    close: () => sink.close(),
  };
}

function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
