/** A file of rejected records with their reasons, one a line, from which they can be mended and sent again. */
import { inputError } from "../errors.ts";
import { fileFacts, type FileSink, openSink, realPath } from "../runtime/files.ts";
import { openResumable } from "../runtime/resumable_file.ts";
import { parseJson, stringifyJson } from "../streams/json.ts";
import type { RejectedRecord } from "./record_check.ts";
import type { RecordSource } from "./record_source.ts";
import { writingFile } from "./write_fault.ts";

export interface RejectFile {
  readonly path: string;
  /** Of all that is written. */
  readonly bytes: number;
  write(record: RejectedRecord): Promise<void>;
  /** Returns when all of it is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file for rejected records. Each line is `{source, line, field, reason, record}`; `record` is the event, or the
 * text as it was when it is not JSON. `mp import FILE` takes the mended records back in; `jq -c .record` shows them.
 *
 * @param keep how many bytes of what is there stay: those that an earlier run has written and counted, or `all`. Default
 * none: a file that is there is emptied.
 * @throws MpError (input) when it cannot be written, is one of the files that are read, or is shorter than what is to stay.
 */
export async function openRejectFile(
  path: string,
  sources: readonly RecordSource[],
  keep: number | "all" = 0,
): Promise<RejectFile> {
  await refuseSource(path, sources);
  const encoder = new TextEncoder();
  const size = (await fileFacts(path).catch(() => undefined))?.sizeBytes ?? 0;
  let bytes = keep === "all" ? size : keep;
  if (size < bytes) {
    throw inputError(
      `Cannot go on writing ${JSON.stringify(path)}: it is shorter than when the import stopped`,
      "--restart begins anew",
      "rejects_changed",
    );
  }
  const sink: FileSink = await writingFile(path, bytes === 0 ? openSink(path) : openResumable(path, bytes));
  return {
    path,
    get bytes() {
      return bytes;
    },
    async write({ source, line, lastLine, count, field, reason, text }) {
      const entry = {
        source,
        line,
        last_line: lastLine,
        count: count === 1 ? undefined : count,
        field,
        reason,
        record: text === undefined ? undefined : valueOf(text),
      };
      const encoded = encoder.encode(stringifyJson(entry) + "\n");
      await writingFile(path, sink.write(encoded));
      bytes += encoded.length;
    },
    // What is no file, such as a pipe, cannot be synced.
    sync: () => sink.sync().catch(() => {}),
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
