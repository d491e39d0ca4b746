/** What tests install on demand, because it is too large for the lock file or has no place in it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../../scripts/project.ts";

const INSTALL_MS = 600_000;

export interface Installation {
  /** Of its folder in the cache; it changes with the versions. */
  name: string;
  /** Files to write there first, by name. */
  files?: Record<string, string>;
  /** Commands that do it, run in the folder, of which each takes what is before it for granted. */
  commands(folder: string): readonly (readonly string[])[];
  env?(folder: string): Record<string, string>;
}

/** The folder that has it, among the packages so that the second run is quick; or why there is none. */
export function install({ name, files = {}, commands, env }: Installation): { folder: string } | { reason: string } {
  const folder = join(ROOT, "node_modules", ".cache", "mp-tests", name);
  const done = join(folder, ".installed");
  if (existsSync(done)) return { folder };
  // What an installation that failed has left is in the way of the next.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  for (const [program = "", ...args] of commands(folder)) {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: folder,
      env: { ...process.env, ...env?.(folder) },
      encoding: "utf8",
      timeout: INSTALL_MS,
    });
    if (status === 0) continue;
    const said = (stderr?.trim() || stdout?.trim() || "").split("\n").at(-1);
    return { reason: error?.message ?? `${program} ${args[0]} ended with ${status}: ${said}` };
  }
  writeFileSync(done, "");
  return { folder };
}
