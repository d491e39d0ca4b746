/** All kinds of storage. Another one is a folder beside the others and a line in the list. */
import { inputError } from "../errors.ts";
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

/** @throws MpError (input) for a scheme that no storage has. */
export function backendOf(address: string): Backend {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(address)?.[1];
  if (scheme === undefined) return filesBackend;
  const backend = BACKENDS.find((one) => one.scheme === scheme);
  if (backend !== undefined) return backend;
  const known = BACKENDS.map((one) => `${one.scheme}://`).join(", ");
  throw inputError(
    `Cannot use ${JSON.stringify(address)}: no storage has the scheme ${scheme}://`,
    `name a path of this machine, or an address with one of ${known}`,
    "bad_address",
  );
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
