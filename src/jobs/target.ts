/** Where output goes: a pipe, a device, or a file that has its name only when it is whole. */
import { gzipped } from "../runtime/compression/gzip_writer.ts";
import { proveWritable } from "../runtime/files/writable.ts";
import { createFile } from "../storage/files/local.ts";
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
  lock?(folder: string, note?: (line: string) => void): Promise<OutputLock>;
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
    lock: (stateFolder, note) => lockOutput(storage, stateFolder, { path, note }),
    adopt: async (from) => await storage.adopt?.(from, path) ?? false,
  };
}

/**
 * A file of this machine, which is written under a name of its own beside the path. Two outputs to one path do not disturb
 * each other: the one that ends last has it. A path that ends in `.gz` has compressed content. The file is opened at once, so that
 * an unwritable path costs no request. A link goes on pointing to its file; what is no file, such as `/dev/null` or a named
 * pipe, is written to as it is.
 *
 * @param options see `createFile`
 * @throws MpError (input) when the path cannot be written.
 */
export async function fileTarget(path: string, options: { mode?: number; keepsPart?: boolean } = {}): Promise<Target> {
  await proveWritable(path);
  const file = await createFile(path, options);
  return {
    address: path,
    take: (source) => takeWhole(file, path.endsWith(".gz") ? compressIfPlain(source, gzipped) : source),
    leftover: () =>
      file.kept && `what came before is in ${JSON.stringify(file.kept)}; ${JSON.stringify(path)} is as it was`,
  };
}

const takeWhole = (file: StoredFile, source: AsyncIterable<Uint8Array>): Promise<void> =>
  writeWhole(file, () => writeBehind(source, (bytes) => file.write(bytes)));
