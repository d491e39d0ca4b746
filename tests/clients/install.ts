/** Clients from npm and Maven Central, installed on demand by the registries' own programs. */
import { join } from "node:path";
import { install } from "../helpers/install.ts";

/** A folder with a package of npm in it, or why there is none. Install scripts are not run. */
export function installFromNpm(name: string, version: string): { folder: string } | { reason: string } {
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
  return install({
    name: `npm-${name}-${version}`,
    files: { "package.json": "{}" },
    commands: () => [["npm", "install", ...flags, `${name}@${version}`]],
  });
}

/** The path of jars for Java, or why there is none. */
export function installFromMaven(name: string, artifacts: readonly string[]): { jars: string } | { reason: string } {
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy";
  const installed = install({
    name,
    commands: (folder) =>
      artifacts.map((one) => ["mvn", "-q", "-B", goal, `-Dartifact=${one}`, `-DoutputDirectory=${folder}`]),
  });
  if ("reason" in installed) return installed;
  return { jars: artifacts.map((one) => join(installed.folder, `${one.split(":").slice(1).join("-")}.jar`)).join(":") };
}
