/** Finds the storage of an address. `backends.ts` lists the kinds that there are. */
import { inputError } from "../errors.ts";
import type { Backend, StorageOptions, StoragePath, StorageVariable } from "./backend.ts";
import * as backends from "./backends.ts";
import { filesBackend } from "./files/backend.ts";
import type { Storage } from "./storage.ts";

/** Those whose addresses begin with a scheme; every other address is a path of this machine. */
export const BACKENDS: readonly Backend[] = Object.values(backends);

const schemes = BACKENDS.map(({ scheme }) => `${scheme}://`);

/** The schemes as help names them: `gs:// or s3://`. */
export const SCHEMES: string = [schemes.slice(0, -1).join(", "), schemes.at(-1)].filter(Boolean).join(" or ");

/** Every environment variable that is read for a storage. */
export const STORAGE_VARIABLES: readonly StorageVariable[] = BACKENDS.flatMap(({ variables }) => variables);

/** @throws MpError (input) for a scheme that no storage has. */
export function backendOf(address: string): Backend {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(address)?.[1];
  if (scheme === undefined) return filesBackend;
  const backend = BACKENDS.find((one) => one.scheme === scheme);
  if (backend !== undefined) return backend;
  throw inputError(
    `Cannot use ${JSON.stringify(address)}: no storage has the scheme ${scheme}://`,
    `name a path of this machine, or an address with one of ${schemes.join(", ")}`,
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
