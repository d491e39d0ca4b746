/** The Java that an engine needs. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const VIRTUAL_MACHINES = "/usr/lib/jvm";

/** The home of a Java whose version is from `oldest` to `newest`: JAVA_HOME's, that of the path, or one of the system's. */
export function findJava(oldest: number, newest: number): string | undefined {
  const { JAVA_HOME: chosen } = process.env;
  const installed = existsSync(VIRTUAL_MACHINES) ? readdirSync(VIRTUAL_MACHINES).toSorted() : [];
  const homes = [...(chosen === undefined ? [] : [chosen]), ...installed.map((name) => join(VIRTUAL_MACHINES, name))];
  return homes.find((home) => {
    const { stderr } = spawnSync(join(home, "bin", "java"), ["-version"], { encoding: "utf8" });
    const version = Number(/(?<=version ")\d+/.exec(stderr ?? "")?.[0] ?? 0);
    return version >= oldest && version <= newest;
  });
}
