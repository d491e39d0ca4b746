/** One writer at a time for an output. */
import { MpError } from "../errors.ts";
import { basename, dirname, join, makeFolder, realPath, resolve } from "../runtime/files/files.ts";
import { sha256Hex } from "../runtime/hash.ts";
import { isSystemFault } from "../runtime/files/file_faults.ts";
import { damagedLock, withFileLock } from "../runtime/files/private_files.ts";
import { writingFile } from "../runtime/files/write_fault.ts";
import type { Storage } from "./storage.ts";

/** The lock of a folder, as it lies in it. */
export const LOCK_NAME = ".mp.lock";

export interface LockedOutput {
  /** Of a single file. */
  path?: string;
  /** What the user calls the output, where the lock is in another place. Default: the storage's address. */
  shown?: string;
  note?(line: string): void;
}

export interface OutputLock {
  /** Lets others write. */
  release(): Promise<void>;
}

/**
 * Keeps other `mp` processes from writing the same output until it is released or this process ends, however that comes
 * about. The lock of a folder is an empty file in it, `.mp.lock`. That of a single file, `path`, and of a bucket is in
 * `stateFolder`: only processes of this user on this machine see it. Where that folder cannot be written there is no
 * lock.
 *
 * @throws MpError (failure) at once when another process holds it.
 */
export async function lockOutput(
  storage: Storage,
  stateFolder: string,
  { path, shown, note }: LockedOutput = {},
): Promise<OutputLock> {
  const address = path === undefined ? storage.address : storage.addressOf(path);
  const named = shown ?? address;
  const { folder } = storage;
  if (folder !== undefined && path === undefined) {
    await writingFile(folder, makeFolder(folder));
    const lock = await hold(join(folder, LOCK_NAME), named, note).catch((error) => {
      // There are network folders that know no locks.
      if (isSystemFault(error)) return undefined;
      throw error;
    });
    if (lock !== undefined) return lock;
  }
  const whole = folder === undefined ? address : await wholePath(address);
  return await lockNamed(whole, stateFolder, { shown: named, note });
}

/**
 * Keeps other `mp` processes of this user on this machine from writing what a name stands for: a lock in `stateFolder`, or
 * none where that cannot be written.
 *
 * @throws MpError (failure) at once when another process holds it.
 */
export async function lockNamed(
  name: string,
  stateFolder: string,
  { shown = name, note }: Omit<LockedOutput, "path"> = {},
): Promise<OutputLock> {
  const locks = join(stateFolder, "locks");
  try {
    await makeFolder(locks, 0o700);
    return await hold(join(locks, `${sha256Hex(name).slice(0, 32)}.lock`), shown, note);
  } catch (error) {
    // A user without a home, or with one that can only be read, may write outputs all the same.
    if (isSystemFault(error)) return { release: () => Promise.resolve() };
    throw error;
  }
}

/** Also of a file that is not there yet. */
async function wholePath(path: string): Promise<string> {
  const target = await realPath(resolve(path));
  return join(await realPath(dirname(target)), basename(target));
}

/** What holds a lock must not be collected as garbage while the job goes on, even when nobody thinks of it any more. */
const held = new Set<() => void>();

async function hold(file: string, address: string, note?: (line: string) => void): Promise<OutputLock> {
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const { promise: taken, resolve: take } = Promise.withResolvers<true>();
  const holding = withFileLock(file, () => {
    take(true);
    return released;
  }, { timeoutMs: 0, onDamaged: (damaged) => note?.(damagedLock(damaged)) });
  if (await Promise.race([taken, holding]) === true) {
    held.add(release);
    return {
      async release() {
        held.delete(release);
        release();
        await holding;
      },
    };
  }
  throw new MpError(`Cannot write ${address}: another mp is writing it`, {
    category: "failure",
    code: "output_locked",
    hint: "wait until it has ended, or write to another place",
  });
}
