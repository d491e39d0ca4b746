/** Where the manifest of an exported folder is. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { inputError } from "../../../errors.ts";
import { readManifest } from "../../../jobs/export/manifest.ts";
import type { ExportFormat } from "../../../jobs/export/output_format.ts";
import { isSystemFault, writeFault } from "../../../runtime/files/file_faults.ts";
import {
  dirname,
  fileInfo,
  isOnOtherDisk,
  makeFolder,
  realPath,
  removeFile,
  resolve,
} from "../../../runtime/files/files.ts";
import type { FolderPlaces } from "../../../jobs/export/folder_manifest.ts";
import { backendOf } from "../../../storage/registry.ts";
import type { Storage } from "../../../storage/storage.ts";

/**
 * Beside a folder: `lake.mp` for `lake`. A folder of tables has nothing in it but these, since readers that take a whole
 * folder stumble over anything else. The root of a bucket has nothing beside it, and keeps its own.
 */
async function besideFolder(context: Context, storage: Storage): Promise<Storage> {
  if (storage.folder !== undefined) return await storageAt(context, `${await realPath(resolve(storage.folder))}.mp`);
  return backendOf(storage.address).isWhole(storage.address)
    ? storage
    : await storageAt(context, `${storage.address}.mp`);
}

/** Where an export in this format has its files and its manifest. @throws MpError (input) where it cannot have them. */
export async function folderPlaces(context: Context, storage: Storage, format: ExportFormat): Promise<FolderPlaces> {
  const beside = await besideFolder(context, storage);
  if (beside === storage) return { storage, manifestStorage: storage };
  if (format === "jsonl") return { storage, manifestStorage: storage, otherStorage: beside };
  if (storage.folder === undefined || beside.folder === undefined) {
    return { storage, manifestStorage: beside, otherStorage: storage };
  }
  await checkBeside(storage.folder, beside.folder);
  const own = storage.withPartsIn?.(beside.folder) ?? storage;
  return { storage: own, manifestStorage: beside, otherStorage: own };
}

/** What is beside a folder has to be on its disk, and to be writable. */
async function checkBeside(folder: string, beside: string): Promise<void> {
  const refuse = (state: string) =>
    inputError(
      `Cannot export tables to ${JSON.stringify(folder)}: their manifest belongs beside the folder, in ` +
        `${JSON.stringify(beside)}, and ${state}`,
      `name a folder in it: -o ${folder.replace(/[/\\]+$/, "")}/lake/`,
      "unwritable_folder",
    );
  if (await isOnOtherDisk(folder, dirname(beside))) throw refuse("that is another disk");
  if (await fileInfo(beside) !== undefined) return;
  try {
    // It stays away until there is something to be kept in it: one that was moved could not take its place.
    await makeFolder(beside);
    await removeFile(beside);
  } catch (error) {
    if (!isSystemFault(error)) throw error;
    throw refuse(writeFault(error));
  }
}

/** The storage with the manifest: the folder itself, or the one beside it. */
export async function storageWithManifest(context: Context, storage: Storage): Promise<Storage> {
  const beside = await besideFolder(context, storage);
  return await readManifest(beside) === undefined ? storage : beside;
}
