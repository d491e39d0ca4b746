/** Packages from npm, Maven Central and the Go module proxy, installed on demand by the registries' own programs. */
import { join } from "node:path";
import { install } from "./install.ts";

/** A folder with a package of npm in it, or why there is none. Install scripts are not run. */
export function installFromNpm(name: string, version: string): { folder: string } | { reason: string } {
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
  return install({
    name: `npm-${name}-${version}`,
    files: { "package.json": "{}" },
    commands: () => [["npm", "install", ...flags, `${name}@${version}`]],
  });
}

/** A folder with jars for Java in it, and their paths as a class path; or why there is none. */
function installFromMaven(
  name: string,
  artifacts: readonly string[],
): { folder: string; jars: string } | { reason: string } {
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy";
  const installed = install({
    name,
    commands: (folder) =>
      artifacts.map((one) => ["mvn", "-q", "-B", goal, `-Dartifact=${one}`, `-DoutputDirectory=${folder}`]),
  });
  if ("reason" in installed) return installed;
  const jars = artifacts.map((one) => join(installed.folder, `${one.split(":").slice(1).join("-")}.jar`)).join(":");
  return { ...installed, jars };
}

export const BROWSER_SDK_VERSION = "2.83.0";
export const installBrowserSdk = () => installFromNpm("mixpanel-browser", BROWSER_SDK_VERSION);

export const JAVA_SDK_VERSION = "1.6.1";
export const installJavaSdk = () =>
  installFromMaven(`java-${JAVA_SDK_VERSION}`, [
    `com.mixpanel:mixpanel-java:${JAVA_SDK_VERSION}`,
    "org.json:json:20231013",
  ]);

const TRINO_VERSION = "476";

/** A folder with Trino's server and its connector for files. It needs Java 24 or newer. */
export function installTrino(): { classPath: string; plugins: string } | { reason: string } {
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:unpack";
  const unpack = (
    artifact: string,
    folder: string,
  ) => ["mvn", "-q", "-B", goal, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  const installed = install({
    name: `trino-${TRINO_VERSION}`,
    commands: (folder) => [
      unpack(`io.trino:trino-server-core:${TRINO_VERSION}:tar.gz`, folder),
      unpack(`io.trino:trino-hive:${TRINO_VERSION}:zip`, join(folder, "plugins")),
    ],
  });
  if ("reason" in installed) return installed;
  return {
    classPath: join(installed.folder, `trino-server-core-${TRINO_VERSION}`, "lib", "*"),
    plugins: join(installed.folder, "plugins"),
  };
}

export const GO_SDK = "github.com/mixpanel/mixpanel-go/v2";
export const GO_SDK_VERSION = "2.1.0";

/** What the go command needs in a folder of `installGoSdk`. */
export const goEnv = (folder: string): Record<string, string> => ({
  GOPATH: join(folder, "gopath"),
  GOCACHE: join(folder, "gocache"),
  // So that the cache can be deleted as other files can.
  GOFLAGS: "-mod=mod -modcacherw",
});

/** A module with the SDK. */
export function installGoSdk(): { folder: string; sources: string } | { reason: string } {
  const imports = [GO_SDK, `${GO_SDK}/flags`].map((path) => `_ "${path}"\n`).join("");
  const installed = install({
    name: `go-sdk-${GO_SDK_VERSION}`,
    // What programs import is compiled once, which takes longest.
    files: { "all_test.go": `package snippet\nimport (\n_ "testing"\n${imports})\n` },
    commands: () => [
      ["go", "mod", "init", "snippet"],
      ["go", "get", `${GO_SDK}@v${GO_SDK_VERSION}`],
      ["go", "test", "."],
    ],
    env: goEnv,
  });
  if ("reason" in installed) return installed;
  return { ...installed, sources: join(installed.folder, "gopath", "pkg", "mod", `${GO_SDK}@v${GO_SDK_VERSION}`) };
}

/** A server of ClickHouse with the libraries that the system lacks, from Debian's packages; nothing of the system changes. */
export function installClickHouseServer(): { program: string; libraries: string } | { reason: string } {
  const missing = "apt-get install --simulate --no-install-recommends clickhouse-server | awk '/^Inst/{print $2}'";
  const installed = install({
    name: "debian-clickhouse-server",
    commands: (folder) => [
      ["sh", "-ec", `names=$(${missing}); apt-get download $names`],
      ["sh", "-ec", `for file in *.deb; do dpkg -x "$file" ${JSON.stringify(folder)}; done`],
    ],
  });
  if ("reason" in installed) return installed;
  const libraries = ["usr/lib", "lib"].map((path) => join(installed.folder, path, "x86_64-linux-gnu")).join(":");
  return { program: join(installed.folder, "usr", "sbin", "clickhouse-server"), libraries };
}
