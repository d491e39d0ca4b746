/** A file of rejected records with their reasons, one a line, from which they can be mended and sent again. */
import { inputError, MpError } from "../errors.ts";
import { writeFault } from "../runtime/file_faults.ts";
import { type FileSink, openSink, realPath } from "../runtime/files.ts";
import { parseJson, stringifyJson } from "../streams/json.ts";
import type { RejectedRecord } from "./record_check.ts";
import type { RecordSource } from "./record_source.ts";

export interface RejectFile {
  write(record: RejectedRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file, and empties it if it is there, unless the delivery goes on after one that stopped (`skipLines`): then
 * what that one has written stays. Each line is `{source, line, field, reason, record}`; `record` is the
 * event, or the text as it was when it is not JSON. `jq -c .record` gives the events back.
 *
 * @throws MpError (input) when it cannot be written, or is one of the files that are read.
 */
export async function openRejectFile(
  path: string,
  sources: readonly RecordSource[],
  skipLines = 0,
): Promise<RejectFile> {
  await refuseSource(path, sources);
  const encoder = new TextEncoder();
  let sink: FileSink;
  try {
    sink = await openSink(path, { flag: skipLines > 0 ? "a" : "w" });
  } catch (cause) {
    throw inputError(`Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`, undefined, "unwritable_file");
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
      return tail = tail.then(() => sink.write(bytes)).catch((cause) => {
        if (cause instanceof MpError) throw cause;
        throw new MpError(`Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`, {
          category: "failure",
          code: "unwritable_file",
          cause,
        });
      });
    },
    close: () => sink.close(),
  };
}

/** Standard input is a file too, where the system can tell which. */
async function refuseSource(path: string, sources: readonly RecordSource[]): Promise<void> {
  const target = await realPath(path);
  for (const { name } of sources) {
    const read = await realPath(name === "standard input" ? "/dev/stdin" : name);
    if (read !== target || target.startsWith("/dev/")) continue;
    throw inputError(
      `Cannot write ${JSON.stringify(path)}: it is the file that is read`,
      "name another for --rejects",
      "unwritable_file",
    );
  }
}

function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
