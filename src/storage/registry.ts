/** All kinds of storage. Another one is a folder beside the others and a line in the list. */
import { azureBackend } from "./azure/backend.ts";
import type { Backend, StorageOptions, StoragePath, StorageVariable } from "./backend.ts";
import { filesBackend } from "./files/backend.ts";
import { gcsBackend } from "./gcs/backend.ts";
import { s3Backend } from "./s3/backend.ts";
import type { Storage } from "./storage.ts";

/** Those whose addresses begin with a scheme; every other address is a path of this machine. */
export const BACKENDS: readonly Backend[] = [s3Backend, gcsBackend, azureBackend];

/** Every environment variable that is read for a storage. */
export const STORAGE_VARIABLES: readonly StorageVariable[] = BACKENDS.flatMap(({ variables }) => variables);

export function backendOf(address: string): Backend {
  return BACKENDS.find(({ scheme }) => address.startsWith(`${scheme}://`)) ?? filesBackend;
}

/** Whether an address is that of a storage beyond this machine, or of something in it. */
export function isRemoteAddress(address: string): boolean {
  return backendOf(address) !== filesBackend;
}

/** See `Backend`. */
export const splitAddress = (address: string): StoragePath => backendOf(address).split(address);

/**
 * Opens the storage of an address, which need not be there yet.
 *
 * @throws MpError (auth) without credentials, (input) for an address or setting that cannot be used.
 */
export async function openStorage(address: string, options: StorageOptions): Promise<Storage> {
  return await backendOf(address).open(address, options);
}
