/** Paths that name a descriptor which this process has open: `/dev/stdout`, `/dev/fd/63` of a shell's `>(command)`. */
import { fstatSync, promises as fs } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { writeFully } from "../standard_streams.ts";
import { isSystemFault } from "./file_faults.ts";

const NAMED: Readonly<Record<string, number>> = { stdin: 0, stdout: 1, stderr: 2 };
const PATH = /^\/(?:dev\/(stdin|stdout|stderr)|(?:dev|proc\/(self|thread-self|\d+))\/fd\/(\d{1,9}))$/;

/** The descriptor that a path names; undefined for any other path. */
export function descriptorOf(path: string): number | undefined {
  const [, name, owner, number] = PATH.exec(resolve(path)) ?? [];
  if (name !== undefined) return NAMED[name];
  if (number === undefined || (/^\d/.test(owner ?? "") && Number(owner) !== process.pid)) return undefined;
  return Number(number);
}

/**
 * Writes to a descriptor as it is. To open its path again would empty the file behind it, or write over what others
 * write there; its position is shared with them.
 */
export async function openDescriptor(path: string, descriptor: number) {
  let number = descriptor;
  let close = () => Promise.resolve();
  try {
    fstatSync(descriptor);
  } catch (error) {
    // Deno knows the standard three only, and calls all others bad.
    if (!isSystemFault(error)) throw error;
    const handle = await fs.open(path, "a");
    number = handle.fd;
    close = () => handle.close();
  }
  return {
    write: (bytes: Uint8Array) => writeFully(number, bytes),
    // Whose it is decides that.
    sync: () => Promise.resolve(),
    close,
  };
}
