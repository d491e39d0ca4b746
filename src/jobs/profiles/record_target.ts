/** Where an export of records goes: a pipe, or a file that has its name only when it is whole. */
import { join } from "../../runtime/files/files.ts";
import { adoptFile } from "../../runtime/files/resumable_file.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { makeStateFolder } from "../export/target.ts";
import { lockOutput, type OutputLock } from "../../storage/lock.ts";
import type { Storage } from "../../storage/storage.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";

export interface RecordTarget {
  /** For messages; undefined for a pipe. */
  address?: string;
  /** Takes all bytes, and is whole when it returns. Their memory may be used again after each. */
  take(source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Makes the folder for what is not in the output yet. */
  makeState?(folder: string): Promise<void>;
  /** Keeps other processes from writing it. The folder is for files of the lock; it is made when it is not there. */
  lock?(folder: string): Promise<OutputLock>;
  /** Fails as `take` would, where that shows only when bytes are sent. */
  probe?(): Promise<void>;
  /** Makes a finished file the output, in place of copying it. Only where it can lie beside it. */
  adopt?(path: string): Promise<void>;
}

/** Standard output, or whatever else takes bytes. Nothing can be taken back from it. */
export function pipeTarget(output: { write(bytes: Uint8Array): Promise<void> }): RecordTarget {
  return { take: (source) => writeBehind(source, (bytes) => output.write(bytes)) };
}

/** A file of a storage. */
export function storedTarget(storage: Storage, path: string): RecordTarget {
  const { folder } = storage;
  const address = storage.addressOf(path);
  return {
    address,
    async take(source) {
      const file = await storage.create(path);
      try {
        await writeBehind(source, (bytes) => file.write(bytes));
        await file.commit();
      } catch (error) {
        await file.abort().catch(() => {});
        throw error;
      }
    },
    probe: () => storage.probe?.(path) ?? Promise.resolve(),
    makeState: (stateFolder) => makeStateFolder(storage, stateFolder, address),
    lock: (stateFolder) => lockOutput(storage, stateFolder, path),
    adopt: folder === undefined ? undefined : (from) => writingFile(address, adoptFile(from, join(folder, path))),
  };
}
