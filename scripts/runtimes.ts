/** Bun's runtimes for the platforms, which it fetches from the package registry in use, once each. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { runChild } from "./child.ts";
import { closeNames } from "./closed_runtime.ts";
import { BUN, ROOT } from "./project.ts";

const CACHE = join(ROOT, "node_modules", ".cache", "bun");

/** Where the runtime for a target, in Bun's words, is; without a target, for this machine. */
export async function runtimeFor(target: string | undefined): Promise<string> {
  if (target === undefined) return BUN;
  const cached = join(CACHE, `bun-${target.replace("arm64", "aarch64")}-v${bunVersion()}`);
  if (existsSync(cached)) return cached;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "fetch-"));
  try {
    const entry = join(folder, "empty.ts");
    writeFileSync(entry, "");
    const args = ["build", entry, "--compile", `--target=bun-${target}`, `--outfile=${join(folder, "empty")}`];
    const env = { ...process.env, BUN_INSTALL_CACHE_DIR: CACHE };
    const { code, output } = await runChild(BUN, args, { cwd: folder, env, timeoutMs: 300_000 });
    if (code !== 0) throw new Error(`Cannot fetch Bun's runtime for ${target}:\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // For the platform that it runs on itself it fetches nothing.
  return existsSync(cached) ? cached : BUN;
}

/** Writes the runtime for a target without the names that `closed_runtime.ts` closes. */
export async function writeClosedRuntime(target: string | undefined, path: string): Promise<void> {
  const runtime = readFileSync(await runtimeFor(target));
  closeNames(runtime);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, runtime);
  chmodSync(path, 0o755);
}

function bunVersion(): string {
  const text = readFileSync(join(ROOT, "node_modules", "bun", "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
