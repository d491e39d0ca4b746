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

/** The files of a folder beside the sources, by their names; none where there is no such folder. */
export async function readSourceTexts(folder: string): Promise<Record<string, string>> {
  const path = join(import.meta.dirname as string, "..", "..", folder);
  if (!existsSync(path)) return {};
  const names = (await fs.readdir(path)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await fs.readFile(join(path, name), "utf8")])),
  );
}

function pathOf(name: string): string {
  const folder = import.meta.dirname as string;
  // A binary made by Bun has its files in a folder of its own.
  const isInBinary = /[/\\](\$bunfs|~BUN)[/\\]/.test(folder + "/");
  return isInBinary ? join(folder, name) : join(folder, "..", "..", "assets", name);
}
