/**
 * Compiles the same program with `deno compile`: `deno task compile`.
 *
 *     bun scripts/deno_compile.ts                     dist/mp-deno for this machine
 *     bun scripts/deno_compile.ts --target all        dist/mp-deno-<target> for every target that Deno has
 *
 * Deno appends the program to a base binary, `denort`, of its own version. It takes the file that `DENORT_BIN` names, or
 * the archive in its cache, and else it fetches that archive; where it can't, this script names what is missing.
 *
 * The program is bundled first, so that nothing of the packages is embedded but what it uses (2 MB instead of 300), and
 * in pieces, so that a command still loads no more than it needs.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { VERSION } from "../src/version.ts";
import { runChild } from "./child.ts";
import { platformOfExecutable } from "./executable_format.ts";
import { THREADS as SHARED_THREADS, writeHelp } from "./compile.ts";
import { BUN, DENO, ROOT } from "./project.ts";

/** What `deno compile` can compile for. */
export const DENO_TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
] as const;
export type DenoTarget = typeof DENO_TARGETS[number];

/**
 * What the program may do, and no more. Hosts, paths and variables can't be listed, since users name them: the address
 * of a gateway, a proxy or a bucket, files to read and write, `--secret-env NAME`. Programs neither: it runs the command
 * that prints a secret, `$BROWSER`, and itself, wherever it is installed. Of the system it asks for the home folder, in
 * `mp doctor` for the release, and for the authorities that are trusted beside the user's own: these can be had only with
 * all that Deno tells of a system. It loads no native library and no code from the network, and it never asks for more.
 */
export const PERMISSIONS: readonly string[] = [
  "--allow-env",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  "--allow-sys",
  "--deny-import",
  "--no-prompt",
];

/** Deno's zlib works on the thread that calls it, so that it gets one of its own. */
const THREADS: readonly string[] = [...SHARED_THREADS, "src/runtime/compression/zlib_thread.ts"];

/** Nothing but the bundle belongs to the program: no settings, no packages and no remote modules. */
export const SELF_CONTAINED: readonly string[] = ["--no-config", "--no-lock", "--no-npm", "--no-remote"];

/**
 * V8 inlines functions up to a limit that the scanners of JSON are beyond, which costs them a fifth of their speed; and it
 * collects young objects sixteen times as often as it has to where bytes pass through in large chunks.
 */
export const V8_FLAGS =
  "--v8-flags=--max-inlined-bytecode-size-cumulative=6000,--max-inlined-bytecode-size=2000,--min-semi-space-size=16";

/** The bundle's main file, relative to the folder that `bundle` fills. */
export const MAIN_FILE = "program/main/main.js";

/** A compilation that failed for lack of Deno's base binary. */
export class MissingBaseBinary extends Error {
  constructor(readonly target: DenoTarget, reason: string) {
    const { version, folder } = denoFacts();
    super(
      `Cannot compile for ${target}: its base binary, denort ${version}, ${reason}\n` +
        `hint: put denort-${target}.zip into ${join(folder, "dl", "release", `v${version}`)}, ` +
        "or name an unpacked one with DENORT_BIN",
    );
  }
}

/** Writes the program into a folder: JavaScript in pieces, and the assets where `runtime/asset.ts` looks for them. */
export async function bundle(folder: string): Promise<void> {
  const result = await runChild(BUN, [
    "build",
    join(ROOT, "main.ts"),
    ...THREADS.map((path) => join(ROOT, path)),
    "--target=node",
    "--format=esm",
    "--splitting",
    "--minify",
    `--outdir=${join(folder, "program", "main")}`,
  ], { cwd: ROOT, env: process.env, timeoutMs: 300_000 });
  if (result.code !== 0) throw new Error(`Cannot bundle main.ts:\n${result.output}`);
  cpSync(join(ROOT, "assets"), join(folder, "assets"), { recursive: true });
  await writeHelp(join(folder, "assets"));
}

/**
 * Compiles a bundle. Throws `MissingBaseBinary`, or an error with the compiler's words.
 *
 * @param options.env with `DENORT_BIN`, a local base binary; it must be one for the target
 */
export async function denoCompile(
  options: { folder: string; target: DenoTarget; outfile: string; env?: Record<string, string | undefined> },
): Promise<void> {
  const { folder, target, outfile, env = process.env } = options;
  checkBaseBinary(target, env.DENORT_BIN);
  mkdirSync(join(outfile, ".."), { recursive: true });
  const result = await runChild(DENO, [
    "compile",
    "--quiet",
    ...SELF_CONTAINED,
    ...PERMISSIONS,
    V8_FLAGS,
    // Types are checked before the program is bundled.
    "--no-check",
    "--include=assets",
    ...THREADS.map((path) => `--include=${join(dirname(MAIN_FILE), path.replace(/ts$/, "js"))}`),
    `--target=${target}`,
    `--output=${outfile}`,
    MAIN_FILE,
  ], { cwd: folder, env: { ...env, NO_COLOR: "1" }, timeoutMs: 300_000 });
  if (result.code === 0 && existsSync(outfile)) return;
  if (/error sending request|Download.*denort|Setting up base binary/.test(result.output)) {
    throw new MissingBaseBinary(target, "is not here and can't be fetched");
  }
  throw new Error(`Cannot compile for ${target}:\n${result.output}`);
}

function checkBaseBinary(target: DenoTarget, path: string | undefined): void {
  if (!path) return;
  if (!existsSync(path)) throw new MissingBaseBinary(target, `is not at ${path}, which DENORT_BIN names`);
  const platform = platformOfExecutable(readFileSync(path));
  if (platform === target) return;
  const what = platform === undefined ? "no executable of any target" : `one for ${platform}`;
  throw new MissingBaseBinary(target, `is not what DENORT_BIN names: ${path} is ${what}`);
}

/** Deno's version and the folder of its cache. */
export function denoFacts(): { version: string; folder: string } {
  const { stdout } = spawnSync(DENO, ["info", "--json"], { encoding: "utf8" });
  const version = spawnSync(DENO, ["--version"], { encoding: "utf8" }).stdout.match(/^deno (\S+)/)?.[1] ?? "unknown";
  return { version, folder: (JSON.parse(stdout) as { denoDir: string }).denoDir };
}

/** Where the binary for a target goes. */
export function denoOutputFile(target: DenoTarget, isNamed: boolean): string {
  const extension = target.includes("windows") ? ".exe" : "";
  return join(ROOT, "dist", `mp-deno${isNamed ? `-${target}` : ""}${extension}`);
}

/** The targets that `--target` flags name, `all` among them; without any, that of this machine. */
export function chooseDenoTargets(names: readonly string[]): DenoTarget[] {
  const known: readonly string[] = DENO_TARGETS;
  for (const name of names) {
    if (name !== "all" && !known.includes(name)) {
      throw new Error(`Cannot compile for ${name}: no such target\nhint: all, ${DENO_TARGETS.join(", ")}`);
    }
  }
  const own = ownTarget();
  return DENO_TARGETS.filter((target) =>
    names.length === 0 ? target === own : names.includes("all") || names.includes(target)
  );
}

/** The target that this machine is, which is that of its Deno. */
function ownTarget(): string | undefined {
  return platformOfExecutable(readFileSync(DENO));
}

/** Anything can be a base binary by its format; only denort starts the program that is appended to it. */
function checkStart(outfile: string): void {
  const { stdout, error } = spawnSync(outfile, ["--version"], { encoding: "utf8" });
  if (stdout === `mp ${VERSION}\n`) return;
  rmSync(outfile, { force: true });
  throw new Error(
    `Cannot compile ${relative(ROOT, outfile)}: it does not start as mp${error ? ` (${error.message})` : ""}\n` +
      "hint: the base binary must be denort, not deno or another program",
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: "string", multiple: true, default: [] } } });
  const targets = chooseDenoTargets(values.target);
  const types = await runChild(DENO, ["check", "--quiet", "main.ts"], {
    cwd: ROOT,
    env: process.env,
    timeoutMs: 300_000,
  });
  if (types.code !== 0) throw new Error(`Cannot compile main.ts: its types are wrong\n${types.output}`);
  const folder = mkdtempSync(join(tmpdir(), "mp-deno-"));
  try {
    await bundle(folder);
    for (const target of targets) {
      const outfile = denoOutputFile(target, values.target.length > 0);
      try {
        await denoCompile({ folder, target, outfile });
        if (target === ownTarget()) checkStart(outfile);
        console.error(`Built ${relative(ROOT, outfile)} (${Math.round(statSync(outfile).size / 1e6)} MB)`);
      } catch (error) {
        // The other targets may have what they need.
        if (!(error instanceof MissingBaseBinary)) throw error;
        console.error(error.message);
        process.exitCode = 1;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
