/** Where output goes: a pipe, a device, or a file that has its name only when it is whole. */
import { inputError } from "../errors.ts";
import { gzipped } from "../runtime/compression/gzip_writer.ts";
import { writeFault } from "../runtime/files/file_faults.ts";
import { fileInfo, openSink, realPath, removeFile, renameFile, takesBytesAsTheyCome } from "../runtime/files/files.ts";
import { writingFile } from "../runtime/files/write_fault.ts";
import { randomUUID } from "../runtime/hash.ts";
import { lockOutput, type OutputLock } from "../storage/lock.ts";
import type { Storage, StoredFile } from "../storage/storage.ts";
import { writeWhole } from "../storage/write_whole.ts";
import { compressIfPlain } from "../streams/gzip.ts";
import { writeBehind } from "../streams/write_behind.ts";
import { makeStateFolder } from "./target_address.ts";

/** A place for the bytes of one output. */
export interface Target {
  /** For messages; undefined for a pipe. */
  readonly address?: string;
  /**
   * Takes all bytes, and is whole when it returns. Their memory may be used again after each. When the source or a write
   * fails, a file that was there before is as it was.
   */
  take(source: AsyncIterable<Uint8Array>): Promise<void>;
  /** What is left of an output that failed, as a hint. */
  leftover?(): string | undefined;
  /** Fails as `take` would, where that shows only when bytes are sent. */
  probe?(): Promise<void>;
  /** Makes the folder for what is not in the output yet. */
  makeState?(folder: string): Promise<void>;
  /** Keeps other processes from writing it. The folder is for files of the lock; it is made when it is not there. */
  lock?(folder: string): Promise<OutputLock>;
  /** Makes a finished file the output, in place of copying it. False, and the file left, where it has to be copied. */
  adopt?(path: string): Promise<boolean>;
}

/** Standard output, or whatever else takes bytes. Nothing can be taken back from it. */
export function pipeTarget(output: { write(bytes: Uint8Array): Promise<void> }): Target {
  let hasTaken = false;
  return {
    take: (source) =>
      writeBehind(source, (bytes) => {
        hasTaken = true;
        return output.write(bytes);
      }),
    leftover: () => hasTaken ? "the events that were printed are not all" : undefined,
  };
}

/** A file of a storage. */
export function storedTarget(storage: Storage, path: string): Target {
  const address = storage.addressOf(path);
  return {
    address,
    take: async (source) => takeWhole(await storage.create(path), source),
    probe: () => storage.probe?.(path) ?? Promise.resolve(),
    makeState: (stateFolder) => makeStateFolder(storage, stateFolder, address),
    lock: (stateFolder) => lockOutput(storage, stateFolder, path),
    adopt: async (from) => await storage.adopt?.(from, path) ?? false,
  };
}

/**
 * A file of this machine, which is written under a name of its own beside the path. Two outputs to one path do not disturb
 * each other: the one that ends last has it. A path that ends in `.gz` has compressed content. The file is opened at once, so that
 * an unwritable path costs no request. A link goes on pointing to its file; what is no file, such as `/dev/null` or a named
 * pipe, is written to as it is.
 *
 * @param options `mode` is that of a new file; with `keepsPart`, what came of an output that failed stays as `<path>.part`
 * @throws MpError (input) when the path cannot be written.
 */
export async function fileTarget(
  path: string,
  { mode, keepsPart = false }: { mode?: number; keepsPart?: boolean } = {},
): Promise<Target> {
  const target = await realPath(path);
  const isFile = !await takesBytesAsTheyCome(target);
  const own = isFile ? `${target}.${randomUUID().slice(0, 8)}.part` : target;
  const unwritable = (state: string) =>
    inputError(`Cannot write ${JSON.stringify(path)}: ${state}`, undefined, "unwritable_file");
  if ((await fileInfo(target))?.isFolder) throw unwritable("it is a folder");
  const sink = await openSink(own, { mode, flag: isFile ? "wx" : "w" }).catch((cause) => {
    throw unwritable(writeFault(cause));
  });
  let bytes = 0;
  let isOpen = true;
  let kept: string | undefined;
  const close = async () => {
    if (isOpen) await sink.close();
    isOpen = false;
  };
  const file: StoredFile = {
    async write(piece) {
      bytes += piece.length;
      await writingFile(path, sink.write(piece));
    },
    async commit() {
      await writingFile(path, close());
      if (isFile) await renameFile(own, target);
    },
    async abort() {
      await close();
      if (!isFile) return;
      if (!keepsPart || bytes === 0) return await removeFile(own);
      kept = `${target}.part`;
      await renameFile(own, kept);
    },
  };
  return {
    address: path,
    take: (source) => takeWhole(file, path.endsWith(".gz") ? compressIfPlain(source, gzipped) : source),
    leftover: () => kept && `what came before is in ${JSON.stringify(kept)}; ${JSON.stringify(path)} is as it was`,
  };
}

const takeWhole = (file: StoredFile, source: AsyncIterable<Uint8Array>): Promise<void> =>
  writeWhole(file, () => writeBehind(source, (bytes) => file.write(bytes)));
