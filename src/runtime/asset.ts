/** Files that are part of the program: beside the sources, or inside the compiled binary. */

declare const Deno: { readFileSync(path: string): Uint8Array<ArrayBuffer> } | undefined;

/** A gzip file of `assets/`, decompressed. `scripts/embed_wasm.ts` and `scripts/compile.ts` write them. */
export function readAsset(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zlib().gunzipSync(fs().readFileSync(pathOf(name))));
}

/** A file of `assets/` as it is; undefined when there is none, since only a compiled program has those of the help. */
export function readPlainAsset(name: string): Uint8Array | undefined {
  try {
    // `node:fs` takes Deno longer than everything else that a page of help needs.
    return typeof Deno === "object" ? Deno.readFileSync(pathOf(name)) : fs().readFileSync(pathOf(name));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether there is an asset that only a compiled program has. */
export function hasAsset(name: string): boolean {
  return fs().existsSync(pathOf(name));
}

/** The files of a folder beside the sources, by their names; none where there is no such folder. */
export function readSourceTexts(folder: string): Record<string, string> {
  const path = `${import.meta.dirname}/../../${folder}`;
  const { existsSync, readdirSync, readFileSync } = fs();
  if (!existsSync(path)) return {};
  return Object.fromEntries(readdirSync(path).sort().map((name) => [name, readFileSync(`${path}/${name}`, "utf8")]));
}

/** Loaded when they are asked for: they cost a part of a millisecond of start-up on Bun, and 15 on Deno. */
function fs(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs") as typeof import("node:fs");
}

function zlib(): typeof import("node:zlib") {
  return process.getBuiltinModule("node:zlib") as typeof import("node:zlib");
}

function pathOf(name: string): string {
  const folder = import.meta.dirname as string;
  // A binary made by Bun has its files in a folder of its own.
  const isInBinary = /[/\\](\$bunfs|~BUN)[/\\]/.test(folder + "/");
  // Windows takes these too, and `node:path` would have to be loaded.
  return isInBinary ? `${folder}/${name}` : `${folder}/../../assets/${name}`;
}
