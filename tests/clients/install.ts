/** Clients from npm and Maven Central, installed on demand into the cache of the tests, by the registries' own programs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const INSTALL_MS = 600_000;

/** A folder with packages of npm in it, or why there is none. Their install scripts are not run. */
export function installFromNpm(name: string, version: string): { folder: string } | { reason: string } {
  const folder = cacheFolder(`npm-${name}-${version}`);
  if (existsSync(join(folder, "node_modules", name, "package.json"))) return { folder };
  const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "--prefix", folder];
  const reason = run("npm", ["install", ...flags, `${name}@${version}`]);
  return reason === undefined ? { folder } : { reason };
}

/** The path of jars for Java, or why there is none. */
export function installFromMaven(name: string, artifacts: readonly string[]): { jars: string } | { reason: string } {
  const folder = cacheFolder(name);
  const jars = artifacts.map((one) => join(folder, `${one.split(":").slice(1).join("-")}.jar`));
  for (const [index, artifact] of artifacts.entries()) {
    if (existsSync(jars[index]!)) continue;
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy";
    const reason = run("mvn", ["-q", "-B", goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
    if (reason !== undefined) return { reason };
  }
  return { jars: jars.join(":") };
}

function cacheFolder(name: string): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mp-tests", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Returns why it failed, in a line. */
function run(program: string, args: string[]): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: INSTALL_MS });
  if (status === 0) return undefined;
  return error?.message ?? (stderr || stdout).trim().split("\n").at(-1) ?? `${program} ended with ${status}`;
}
