import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, beforeEach, describe, it } from "node:test";
import { choosePackageManager } from "../../scripts/package_manager.mjs";
import { ROOT } from "../../scripts/project.ts";
import { temporaryFolder } from "../helpers/binary.ts";
import { describeUnless } from "../helpers/needs.ts";

type Host = Parameters<typeof choosePackageManager>[0];
const host = (there: string[], changes: Partial<Host> = {}): Host => ({
  runtime: "node",
  execPath: "/bin/node",
  npmScript: undefined,
  works: (command) => there.includes(command),
  ...changes,
});

describe("the package manager", () => {
  it("is npm where npm is, since the lock file is npm's", () => {
    for (const runtime of ["node", "deno", "bun"] as const) {
      const chosen = choosePackageManager(host(["npm", "deno", "bun"], { runtime }));
      assert.equal(chosen?.command, "npm");
      assert.equal(chosen.args[0], "ci");
    }
  });

  it("is the npm that runs the task", () => {
    const chosen = choosePackageManager(host([], { npmScript: "/lib/npm-cli.js" }));
    assert.deepEqual([chosen?.command, ...chosen!.args.slice(0, 2)], ["/bin/node", "/lib/npm-cli.js", "ci"]);
  });

  it("is not what runs the task when that is no script of npm's", () => {
    assert.equal(choosePackageManager(host(["bun"], { npmScript: "/bin/bun" }))?.name, "bun");
  });

  it("is the runtime that runs the task where there is no npm", () => {
    const deno = choosePackageManager(host(["/opt/deno", "bun"], { runtime: "deno", execPath: "/opt/deno" }));
    assert.deepEqual([deno?.name, deno?.command, deno?.args[0]], ["deno", "/opt/deno", "install"]);
    const bun = choosePackageManager(host(["/opt/bun", "deno"], { runtime: "bun", execPath: "/opt/bun" }));
    assert.deepEqual([bun?.name, bun?.command, bun?.args[0]], ["bun", "/opt/bun", "install"]);
  });

  it("is what there is where Node.js came without npm", () => {
    assert.equal(choosePackageManager(host(["deno"]))?.name, "deno");
    assert.equal(choosePackageManager(host([])), undefined);
  });
});

const isPosix = process.platform !== "win32";
const node = spawnSync("sh", ["-c", "command -v node"], { encoding: "utf8" }).stdout?.trim();
const missing = !isPosix ? "not on Windows" : !node && "no node";

describeUnless(missing, "a task in a fresh clone", () => {
  const folder = temporaryFolder();
  const root = join(folder, "clone");
  const programs = join(folder, "bin");
  const log = join(folder, "log");
  const lock = (version: string) =>
    writeFileSync(
      join(root, "package-lock.json"),
      JSON.stringify({ packages: { "": {}, "node_modules/a": { version } } }),
    );
  before(() => {
    for (const path of [join(root, "scripts"), programs]) mkdirSync(path, { recursive: true });
    for (const name of ["run.mjs", "package_manager.mjs"]) {
      copyFileSync(join(ROOT, "scripts", name), join(root, "scripts", name));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    for (const path of [join(root, "node_modules"), programs, log]) rmSync(path, { recursive: true, force: true });
    mkdirSync(programs);
    lock("1.0.0");
  });

  /** A package manager that notes its arguments and installs runtimes that note theirs. */
  function install(name: string, more = "") {
    const tool = `echo '#!/bin/sh
[ "$1" = --version ] || echo "\${0##*/} $*" >>${log}'`;
    const script = `#!/bin/sh
[ "$1" = --version ] && exit 0
echo "${name} $*" >>${log}
/bin/mkdir -p node_modules/bun/bin node_modules/deno
for path in node_modules/bun/bin/bun.exe node_modules/deno/deno; do ${tool} >$path; /bin/chmod +x $path; done
${more}
`;
    writeFileSync(join(programs, name), script);
    chmodSync(join(programs, name), 0o755);
  }

  /** Runs `build` and returns what was started: the package manager, then the scripts. */
  function build(): { code: number | null; stderr: string; started: string[] } {
    rmSync(log, { force: true });
    const { status, stderr } = spawnSync(node!, ["scripts/run.mjs", "build"], {
      cwd: root,
      env: { PATH: programs },
      encoding: "utf8",
    });
    let text = "";
    try {
      text = readFileSync(log, "utf8");
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOENT");
    }
    return { code: status, stderr, started: text.split("\n").filter(Boolean) };
  }

  const scripts = ["bun.exe scripts/embed_wasm.ts", "bun.exe scripts/compile.ts"];
  /** npm leaves a note of what it has installed. */
  const npmNote = "/bin/cp package-lock.json node_modules/.package-lock.json";

  it("installs by npm what the lock names, once", () => {
    install("npm", npmNote);
    install("bun");
    assert.deepEqual(build().started, ["npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1", ...scripts]);
    assert.deepEqual(build().started, scripts);
  });

  for (
    const [name, line] of [["deno", "deno install --node-modules-linker=hoisted --quiet"], [
      "bun",
      "bun install --frozen-lockfile",
    ]]
  ) {
    it(`installs by ${name} where there is nothing else, and again when the lock has changed`, () => {
      install(name!);
      const { started, stderr } = build();
      assert.deepEqual(started, [line, ...scripts]);
      assert.equal(stderr, `Installing packages with ${name} …\n`);
      assert.deepEqual(build().started, scripts);
      lock("1.0.1");
      assert.deepEqual(build().started, [line, ...scripts]);
    });
  }

  it("says what is missing where nothing can install packages", () => {
    const { code, stderr, started } = build();
    assert.deepEqual([code, started], [1, []]);
    assert.match(stderr, /^Cannot install packages: neither npm nor Deno nor Bun is here\nhint: /);
  });

  it("ends as an installation ends that fails, and tries again the next time", () => {
    install("bun", "exit 7");
    const { code, stderr } = build();
    assert.equal(code, 7);
    assert.match(stderr, /\nCannot install packages: bun ended with 7; .*\nhint: .*registry.*try again\n$/);
    assert.deepEqual(build().started, ["bun install --frozen-lockfile"]);
  });
});

describe("the lock file", () => {
  it("names no registry, and the runtimes of all platforms", () => {
    const text = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    const { packages } = JSON.parse(text) as { packages: Record<string, { resolved?: string }> };
    assert.deepEqual(Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined), []);
    assert.match(readFileSync(join(ROOT, ".npmrc"), "utf8"), /^omit-lockfile-registry-resolved=true$/m);
    assert.doesNotMatch(readFileSync(join(ROOT, ".npmrc"), "utf8"), /^(@\S+:)?registry/m);
    for (
      const os of ["linux-x64-glibc", "linux-arm64-glibc", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"]
    ) {
      assert.ok(packages[`node_modules/@deno/${os}`], os);
    }
    for (const os of ["linux-x64", "linux-aarch64", "darwin-x64", "darwin-aarch64", "windows-x64"]) {
      assert.ok(packages[`node_modules/@oven/bun-${os}`], os);
    }
  });
});
