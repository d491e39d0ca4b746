/** Where a stream goes: a pipe, or a file that has its name only when it is whole. */
import { ClosedPipeError, inputError, MpError } from "../errors.ts";
import {
  fileFacts,
  type FileSink,
  openSink,
  realPath,
  removeFile,
  renameFile,
  takesBytesAsTheyCome,
} from "../runtime/files/files.ts";
import { randomUUID } from "../runtime/hash.ts";
import { writeFault } from "../runtime/files/file_faults.ts";
import { gzipped } from "../runtime/compression/gzip_writer.ts";
import { writeBehind } from "../streams/write_behind.ts";

/** A place for the bytes of an export. */
export interface ExportTarget {
  /** Takes all of `source`, and is whole when it returns. */
  take(source: AsyncIterable<Uint8Array>): Promise<void>;
  /** What happened to the bytes of an export that failed, as a hint; undefined when there is nothing to say. */
  afterFailure(bytes: number): Promise<string | undefined>;
}

/** Writes to standard output, or to whatever else takes bytes. */
export function streamTarget(output: { write(bytes: Uint8Array): Promise<void> }): ExportTarget {
  return {
    take: (source) => writeBehind(source, (bytes) => output.write(bytes)),
    afterFailure: (bytes) => Promise.resolve(bytes > 0 ? "the events that were printed are not all" : undefined),
  };
}

/**
 * Writes to a file of its own beside the path and renames it when the export is whole; what came of an export that
 * failed stays as `<path>.part`. Two exports to one path do not disturb each other: the one that ends last has it. A path that ends in `.gz` is compressed.
 * The file is opened at once, so that an unwritable path costs no request. `mode` is that of a new file. A link goes on
 * pointing to its file; what is no file, such as `/dev/null` or a named pipe, is written to as it is.
 *
 * @throws MpError (input) when the path cannot be written, (failure) when the disk is full.
 */
export async function fileTarget(path: string, mode?: number): Promise<ExportTarget> {
  const target = await realPath(path);
  const facts = await fileFacts(target);
  const isFile = !await takesBytesAsTheyCome(target);
  const part = `${target}.part`;
  const own = isFile ? `${target}.${randomUUID().slice(0, 8)}.part` : target;
  const unwritable = (state: string) =>
    inputError(`Cannot write ${JSON.stringify(path)}: ${state}`, undefined, "unwritable_file");
  if (facts?.isFolder) throw unwritable("it is a folder");
  const sink: FileSink = await openSink(own, { mode, flag: isFile ? "wx" : "w" }).catch((cause) => {
    throw unwritable(writeFault(cause));
  });
  return {
    async take(source) {
      const content = path.endsWith(".gz") ? gzipped(source) : source;
      await writeBehind(content, (bytes) =>
        sink.write(bytes).catch((cause) => {
          if (cause instanceof MpError || cause instanceof ClosedPipeError) throw cause;
          throw new MpError(`Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`, {
            category: "failure",
            code: "unwritable_file",
            cause,
          });
        }));
      await sink.close();
      if (isFile) await renameFile(own, target);
    },
    async afterFailure(bytes) {
      await sink.close().catch(() => {});
      if (!isFile) return undefined;
      if (bytes === 0) {
        await removeFile(own);
        return undefined;
      }
      await renameFile(own, part);
      return `what came before is in ${JSON.stringify(part)}; ${JSON.stringify(path)} is as it was`;
    },
  };
}
