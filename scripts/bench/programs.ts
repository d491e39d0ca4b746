/** The two programs that are measured: `mp` compiled with Bun, and `mp` on Deno. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  bundle,
  chooseDenoTargets,
  denoCompile,
  MAIN_FILE,
  PERMISSIONS,
  SELF_CONTAINED,
  V8_FLAGS,
} from "../deno_compile.ts";
import { DENO } from "../project.ts";
import { measureProcess } from "./measure_process.ts";

export interface DenoProgram {
  path: string;
  /** How it was made, for the table. */
  what: string;
}

/**
 * Makes what `deno compile` makes when `DENORT_BIN` names its base binary. Without that, a script that has Deno run the
 * same bundle with the same permissions and flags.
 */
export async function denoProgram(folder: string): Promise<DenoProgram> {
  const source = join(folder, "bundle");
  const path = join(folder, "mp-deno");
  mkdirSync(source, { recursive: true });
  await bundle(source);
  const [target] = chooseDenoTargets([]);
  if (process.env.DENORT_BIN && target !== undefined) {
    await denoCompile({ folder: source, target, outfile: path });
    return { path, what: "compiled with `deno compile`" };
  }
  hideLaterPieces(source);
  const words = [DENO, "run", "--no-check", V8_FLAGS, ...SELF_CONTAINED, ...PERMISSIONS, join(source, MAIN_FILE)];
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  // Its home is another one each time, and compiled code is kept by Deno as it is by a compiled program.
  writeFileSync(path, `#!/bin/sh\nDENO_DIR='${join(folder, "deno")}' exec ${command} "$@"\n`);
  chmodSync(path, 0o755);
  await measureProcess([path, "--version"], {
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    stdout: "/dev/null",
  });
  return {
    path,
    what: "the bundle that `deno compile` embeds, run by `deno`, which looks for a piece when it is needed",
  };
}

/**
 * Makes `deno run` look for what is imported later when it is. By itself it reads all of it, 900 files, before the program
 * starts and once more for each of its threads, which takes 65 ms each time; a compiled program has no such graph of its
 * modules, and takes each from what is embedded when it is asked for.
 *
 * @param folder of JavaScript files; those in folders below it are changed, too
 */
export function hideLaterPieces(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/\bimport\(("\.[^"]*")\)/g, "import((0,$1))"));
  }
}

/** A program for Deno that prints one line. */
export function denoHello(folder: string): string {
  const source = join(folder, "hello.js"), path = join(folder, "hello-deno");
  writeFileSync(source, 'console.log("hello, world");\n');
  writeFileSync(path, `#!/bin/sh\nDENO_DIR='${join(folder, "deno")}' exec '${DENO}' run --no-config '${source}'\n`);
  chmodSync(path, 0o755);
  return path;
}
