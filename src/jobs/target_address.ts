/** What the address of an output means, and where a job keeps what is not in the output yet. */
import { inputError } from "../errors.ts";
import { fileInfo, join, takesBytesAsTheyCome } from "../runtime/files/files.ts";
import { sha256Hex } from "../runtime/hash.ts";
import { makeOwnFolder } from "../runtime/files/own_folder.ts";
import { backendOf, isRemoteAddress, splitAddress } from "../storage/registry.ts";
import type { Storage } from "../storage/storage.ts";
import { writingFile } from "../runtime/files/write_fault.ts";

/** What was typed after `-o`. */
export type TargetAddress =
  | { kind: "stream" }
  /** A device, a named pipe or a descriptor: it takes bytes as they come. */
  | { kind: "device"; storage: string; path: string }
  | { kind: "file"; storage: string; path: string }
  | { kind: "folder"; storage: string };

/** What of the flags makes sense for a folder only, such as `--split`; undefined when there is none. */
export type FolderFlag = "--split" | "--hive" | "--since-last" | undefined;

/**
 * Decides what an address means. A folder is one that is there, one that ends in a slash, and what a flag takes for one.
 *
 * @throws MpError (input) for a flag that needs a folder where there is none.
 */
export async function targetAddress(output: string | undefined, flag: FolderFlag): Promise<TargetAddress> {
  if (output === undefined || output === "-") {
    if (flag === undefined) return { kind: "stream" };
    throw inputError(`Cannot use ${flag} without a folder: the events go to standard output`, "add -o FOLDER/");
  }
  if (flag !== undefined || output.endsWith("/") || output.endsWith("\\")) return await folderAt(output);
  if (isRemoteAddress(output)) {
    // `s3://bucket` alone is the whole bucket.
    const isFolder = backendOf(output).isWhole(output);
    return isFolder ? { kind: "folder", storage: output } : { kind: "file", ...splitAddress(output) };
  }
  const info = await writingFile(output, fileInfo(output));
  if (info?.isFolder) return { kind: "folder", storage: output };
  return { kind: await takesBytesAsTheyCome(output) ? "device" : "file", ...splitAddress(output) };
}

async function folderAt(output: string): Promise<TargetAddress> {
  if (!isRemoteAddress(output)) {
    const info = await fileInfo(output.replace(/[/\\]+$/, ""));
    if (info !== undefined && !info.isFolder) {
      throw inputError(
        `Cannot export to the folder ${JSON.stringify(output)}: it is a file`,
        "name a folder, or leave --split, --hive and --since-last out for one file",
        "unwritable_file",
      );
    }
  }
  return { kind: "folder", storage: output };
}

/** Where a job keeps what is not in the output yet: beside it, or for a bucket in the user's own folder. */
export function stateFolderOf(storage: Storage, path: string | undefined, userStateFolder: string): string {
  if (storage.stateFolder !== undefined) return storage.stateFolder(path);
  const address = path === undefined ? storage.address : storage.addressOf(path);
  return join(userStateFolder, "exports", sha256Hex(address).slice(0, 32));
}

/** Makes the folder that `stateFolderOf` has named. Throws MpError about `address` when that cannot be written. */
export async function makeStateFolder(storage: Storage, stateFolder: string, address: string): Promise<void> {
  if (storage.stateFolder !== undefined) return await writingFile(address, makeOwnFolder(stateFolder));
  // It lies elsewhere than the output, and it takes a setting to fix it.
  await writingFile(stateFolder, makeOwnFolder(stateFolder), "set XDG_STATE_HOME to a folder that can be written");
}
