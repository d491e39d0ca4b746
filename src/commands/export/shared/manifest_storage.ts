/** Where the manifest of an exported folder is. */
import type { Context } from "../../../cli/context.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import { readManifest } from "../../../jobs/export/manifest.ts";
import { backendOf } from "../../../storage/registry.ts";
import type { Storage } from "../../../storage/storage.ts";

/**
 * Beside a folder: `lake.mp` for `lake`. A folder of tables has nothing in it but these, since readers that take a whole
 * folder stumble over anything else. The root of a bucket has nothing beside it, and keeps its own.
 */
export async function besideFolder(context: Context, storage: Storage): Promise<Storage> {
  const address = storage.folder ?? storage.address;
  if (storage.folder === undefined && backendOf(address).isWhole(address)) return storage;
  return await storageAt(context, `${address}.mp`);
}

/** The storage with the manifest: the folder itself, or the one beside it. */
export async function storageWithManifest(context: Context, storage: Storage): Promise<Storage> {
  if (await readManifest(storage) !== undefined) return storage;
  const beside = await besideFolder(context, storage);
  return await readManifest(beside) === undefined ? storage : beside;
}
