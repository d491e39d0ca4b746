/** Files that are part of the program: beside the sources, or inside the compiled binary. */
import { existsSync, promises as fs } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** A gzip file of `assets/`, decompressed. `scripts/embed_wasm.ts` and `scripts/compile.ts` write them. */
export async function readAsset(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(gunzip)(await fs.readFile(pathOf(name))));
}

/** Whether there is an asset that only a compiled program has. */
export function hasAsset(name: string): boolean {
  return existsSync(pathOf(name));
}

function pathOf(name: string): string {
  const folder = import.meta.dirname as string;
  // A binary made by Bun has its files in a folder of its own.
  const isInBinary = /[/\\](\$bunfs|~BUN)[/\\]/.test(folder + "/");
  return isInBinary ? join(folder, name) : join(folder, "..", "..", "assets", name);
}
