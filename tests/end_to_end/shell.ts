/** Command lines as people type them: run by a shell, with the compiled binary as `mp`. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { BINARY, type BinaryOptions, type BinaryResult, runBinary } from "../helpers/binary.ts";

/** Makes a folder with `mp` and other small programs, for the search path. */
export function makePrograms(folder: string, scripts: Record<string, string> = {}): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(BINARY, join(bin, "mp"));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

/** Runs a script with `sh`; `programs` is a folder that `makePrograms` made. */
export function runShell(script: string, programs: string, options: BinaryOptions = {}): Promise<BinaryResult> {
  const path = `${programs}${delimiter}${process.env.PATH ?? ""}`;
  return runBinary(["-c", script], { ...options, program: "/bin/sh", env: { ...options.env, PATH: path } });
}
