/** Where things are in this repository, and what counts as its source. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** The repository's folder. */
export const ROOT: string = join(import.meta.dirname!, "..");

/** The binary for this machine, as `npm run build` makes it. */
export const BINARY: string = join(ROOT, "dist", process.platform === "win32" ? "mp.exe" : "mp");

/** Bun, from the packages. It has this name on every platform. */
export const BUN: string = join(ROOT, "node_modules", "bun", "bin", "bun.exe");

/** Deno, from the packages. */
export const DENO: string = join(ROOT, "node_modules", "deno", process.platform === "win32" ? "deno.exe" : "deno");

/** Where `.ci/programs` unpacks musl for arm64, unless MP_MUSL_ARM64_ROOT names another folder. */
export const MUSL_ARM64_ROOT: string = process.env.MP_MUSL_ARM64_ROOT ??
  join(process.env.XDG_CACHE_HOME || join(process.env.HOME || "/tmp", ".cache"), "mp-tests", "musl-arm64");

/** Paths of all files under a folder, relative to `base`, with `/` between names; an empty list without the folder. */
export function filesUnder(folder: string, base: string = ROOT): string[] {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path, base) : [path];
  }).sort();
}

/** When anything that the binary is made of last changed, in milliseconds since 1970. */
export function sourcesChangedMs(): number {
  const scripts = ["compile.ts", "runtimes.ts", "closed_runtime.ts", "ad_hoc_signature.ts"];
  const settings = ["package.json", "package-lock.json", "deno.json"];
  const single = ["main.ts", ...settings, ...scripts.map((name) => `scripts/${name}`)];
  const files = [...filesUnder("src"), ...filesUnder("assets"), ...filesUnder("docs/guides")];
  // A folder's time changes when a file in it is removed.
  const folders = new Set(files.map((path) => path.slice(0, path.lastIndexOf("/"))));
  return Math.max(...[...single, ...files, ...folders].map((path) => statSync(join(ROOT, path)).mtimeMs));
}
