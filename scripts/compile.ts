/**
 * Compiles `mp` into one file that needs nothing beside it.
 *
 *     bun scripts/compile.ts                          dist/mp for this machine, if anything has changed
 *     bun scripts/compile.ts --target all             dist/mp-<target> for every target
 *     bun scripts/compile.ts --target linux-arm64 --target windows-x64
 *
 * For another platform Bun fetches its runtime, once, from the package registry in use.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { BOOK_ASSET } from "../src/cli/help_book.ts";
import { GUIDES_ASSET, sourceGuides } from "../src/cli/guides.ts";
import { makeHelpBook } from "../src/commands/help/help_pages.ts";
import { isSignatureWhole, signedAdHoc } from "./ad_hoc_signature.ts";
import { runChild } from "./child.ts";
import { BINARY, BUN, ROOT, sourcesChangedMs } from "./project.ts";
import { writeClosedRuntime } from "./runtimes.ts";
import { makeStoredPages } from "./stored_pages.ts";

/** The platforms that are released, in Bun's names. */
export const TARGETS = [
  "linux-x64",
  "linux-arm64",
  "linux-x64-musl",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
  "windows-x64",
  "windows-arm64",
  "freebsd-x64",
] as const;
/** The main modules of threads; see `runtime/worker.ts`. */
export const THREADS = ["src/sandbox/jql/thread.ts", "src/jobs/export/table_thread.ts", "src/lake/lake_thread.ts"];
export type Target = typeof TARGETS[number];

/** Compiles one program. Throws with the compiler's words when that fails; the old file then stays. */
export async function compile(
  { entry, outfile, target }: { entry: string; outfile: string; target?: Target },
): Promise<void> {
  mkdirSync(dirname(outfile), { recursive: true });
  const startedMs = Date.now();
  // Built beside its place and then moved: a test that runs the old binary meanwhile keeps it.
  const isWindows = outfile.endsWith(".exe");
  const temporary = `${outfile.replace(/\.exe$/, "")}.${process.pid}.new${isWindows ? ".exe" : ""}`;
  const runtime = `${temporary}.runtime`;
  await writeClosedRuntime(target, runtime);
  const made = `${temporary}.assets`;
  const assets = [
    ...readdirSync(join(ROOT, "assets")).sort().map((name) => join(ROOT, "assets", name)),
    ...await writeHelp(made),
  ];
  // Each is found by its path from the root, which is the one from the first entry.
  const threads = entry === join(ROOT, "main.ts") ? THREADS.map((path) => join(ROOT, path)) : [];
  const result = await runChild(BUN, [
    "build",
    entry,
    ...threads,
    ...assets,
    "--compile",
    "--minify",
    "--bytecode",
    "--format=esm",
    // Without it every lazily imported module would be loaded at the start.
    "--splitting",
    // They keep their names: `runtime/asset.ts` looks for them by these.
    "--asset-naming=[name].[ext]",
    // A binary must not take settings, let alone code, from the folder that it happens to run in.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    "--no-compile-autoload-tsconfig",
    "--no-compile-autoload-package-json",
    `--compile-executable-path=${runtime}`,
    ...(target === undefined ? [] : [`--target=bun-${target}`]),
    `--outfile=${temporary}`,
  ], { cwd: ROOT, env: process.env, timeoutMs: 300_000 });
  rmSync(runtime, { force: true });
  rmSync(made, { recursive: true });
  if (result.code !== 0 || !existsSync(temporary)) {
    rmSync(temporary, { force: true });
    throw new Error(`Cannot compile ${relative(ROOT, entry)}${target ? ` for ${target}` : ""}:\n${result.output}`);
  }
  signIfNeeded(temporary);
  // The time at which the sources were read: what changes during the build makes the binary old.
  utimesSync(temporary, startedMs / 1000, startedMs / 1000);
  renameSync(temporary, outfile);
}

/** Makes the help, the guides and the list of operations, which a compiled program cannot make; returns the files. */
export async function writeHelp(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const book = await makeHelpBook();
  const zipped = (value: unknown) => gzipSync(JSON.stringify(value), { level: 9 });
  const made = {
    ...await makeStoredPages(book),
    [BOOK_ASSET]: zipped(book),
    [GUIDES_ASSET]: zipped(sourceGuides()),
  };
  return Object.entries(made).map(([name, bytes]) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
}

/** Signs a program for macOS when its signature is not that of what is in it; does nothing to others. */
function signIfNeeded(path: string): void {
  const file = readFileSync(path);
  if (isSignatureWhole(file) !== false) return;
  writeFileSync(path, signedAdHoc(file, "mp"));
}

/** Whether dist/mp was built after the last change of anything that it is made of. */
export function isFresh(): boolean {
  return existsSync(BINARY) && statSync(BINARY).mtimeMs > sourcesChangedMs();
}

/** Where the binary for a released platform goes. */
export function releaseFile(target: Target): string {
  return join(ROOT, "dist", `mp-${target}${target.startsWith("windows-") ? ".exe" : ""}`);
}

/** The targets that `--target` flags name, `all` among them; throws when there is no such target. */
export function chooseTargets(names: readonly string[]): Target[] {
  const known: readonly string[] = TARGETS;
  for (const name of names) {
    if (name !== "all" && !known.includes(name)) {
      throw new Error(`Cannot compile for ${name}: no such target\nhint: all, ${TARGETS.join(", ")}`);
    }
  }
  return TARGETS.filter((target) => names.includes("all") || names.includes(target));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: "string", multiple: true, default: [] } } });
  const wanted = chooseTargets(values.target);
  const entry = join(ROOT, "main.ts");
  if (wanted.length === 0) {
    if (!isFresh()) {
      await compile({ entry, outfile: BINARY });
      report(BINARY);
    }
    return;
  }
  for (const target of wanted) {
    await compile({ entry, outfile: releaseFile(target), target });
    report(releaseFile(target));
  }
}

function report(path: string): void {
  console.error(`Built ${relative(ROOT, path)} (${Math.round(statSync(path).size / 1_000_000)} MB)`);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
