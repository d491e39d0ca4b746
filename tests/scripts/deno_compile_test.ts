import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { rootCertificates } from "node:tls";
import { zipSync } from "fflate";
import { type ChildResult, runChild } from "../../scripts/child.ts";
import {
  bundle,
  chooseDenoTargets,
  DENO_TARGETS,
  denoCompile,
  denoFacts,
  denoOutputFile,
  type DenoTarget,
  MAIN_FILE,
  MissingBaseBinary,
  PERMISSIONS,
  SELF_CONTAINED,
} from "../../scripts/deno_compile.ts";
import { platformOfExecutable } from "../../scripts/executable_format.ts";
import { DENO } from "../../scripts/project.ts";
import { VERSION } from "../../src/version.ts";
import { elf, machO, pe } from "./stand_in_executables.ts";

const STAND_INS: Partial<Record<DenoTarget, Uint8Array>> = {
  "x86_64-unknown-linux-gnu": elf(62),
  "aarch64-unknown-linux-gnu": elf(183),
  "x86_64-apple-darwin": machO(),
  "x86_64-pc-windows-msvc": pe(0x8664),
  "aarch64-pc-windows-msvc": pe(0xaa64),
};

const folder = mkdtempSync(join(tmpdir(), "mp-deno-compile-test-"));
const at = (name: string) => join(folder, name);
before(() => bundle(folder));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Deno with an empty cache and no way to fetch anything. */
const offline = {
  PATH: process.env.PATH,
  HOME: folder,
  DENO_DIR: at("cache"),
  HTTPS_PROXY: "http://127.0.0.1:9",
  DENO_NO_UPDATE_CHECK: "1",
};

function standIn(target: DenoTarget): string {
  mkdirSync(at("bases"), { recursive: true });
  writeFileSync(at(`bases/${target}`), STAND_INS[target]!);
  return at(`bases/${target}`);
}

describe("the choice of Deno's targets", () => {
  it("knows those of Linux, macOS and Windows, and takes this machine's when none is named", () => {
    assert.deepEqual(chooseDenoTargets(["all"]), [...DENO_TARGETS]);
    assert.equal(DENO_TARGETS.length, 6);
    const [own, ...others] = chooseDenoTargets([]);
    assert.deepEqual(others, []);
    assert.equal(own, platformOfExecutable(readFileSync(DENO)));
    assert.match(denoOutputFile("aarch64-pc-windows-msvc", true), /mp-deno-aarch64-pc-windows-msvc\.exe$/);
    assert.match(denoOutputFile("x86_64-apple-darwin", false), /dist.mp-deno$/);
    assert.throws(() => chooseDenoTargets(["amiga"]), /Cannot compile for amiga: no such target\nhint: all, x86_64-/);
  });
});

describe("the format of an executable", () => {
  it("names its platform", () => {
    for (const [target, bytes] of Object.entries(STAND_INS)) assert.equal(platformOfExecutable(bytes), target);
  });

  it("is nothing for scripts, other machines, and files that break off", () => {
    const beginnings = ["", "#!/bin/sh\n".repeat(9), "MZ"].map((words) => new TextEncoder().encode(words));
    for (const bytes of [...beginnings, elf(40), elf(62).subarray(0, 20), pe(0x8664).subarray(0, 130)]) {
      assert.equal(platformOfExecutable(bytes), undefined);
    }
  });
});

describe("compiling with Deno", () => {
  it("says which base binary is missing, and where one goes", async () => {
    const [target, outfile] = ["aarch64-apple-darwin", at("missing/mp")] as const;
    await assert.rejects(denoCompile({ folder, target, outfile, env: offline }), (error: Error) => {
      assert.ok(error instanceof MissingBaseBinary);
      const { version } = denoFacts();
      const first =
        `Cannot compile for aarch64-apple-darwin: its base binary, denort ${version}, is not here and can't be fetched\n`;
      assert.ok(error.message.startsWith(`${first}hint: put denort-aarch64-apple-darwin.zip into `), error.message);
      assert.match(error.message, /release.v\d[^,]*, or name an unpacked one with DENORT_BIN$/);
      return true;
    });
    assert.ok(!existsSync(outfile));
  });

  it("refuses a base binary for another platform, one that is none, and one that is not there", async () => {
    writeFileSync(at("script"), "#!/bin/sh\n".repeat(9));
    const target = "x86_64-unknown-linux-gnu";
    const cases = [
      [standIn("aarch64-unknown-linux-gnu"), /: \S+ is one for aarch64-unknown-linux-gnu\nhint: /],
      [at("script"), /: \S+ is no executable of any target\nhint: /],
      [at("nothing"), /is not at \S+nothing, which DENORT_BIN names\nhint: /],
    ] as const;
    for (const [DENORT_BIN, words] of cases) {
      await assert.rejects(
        denoCompile({ folder, target, outfile: at("refused"), env: { ...offline, DENORT_BIN } }),
        words,
      );
    }
  });

  it("embeds program, assets and permissions, and nothing else, in every kind of base binary", async () => {
    for (const [target, base] of Object.entries(STAND_INS) as [DenoTarget, Uint8Array][]) {
      const outfile = at(target.includes("windows") ? `out-${target}.exe` : `out-${target}`);
      await denoCompile({ folder, target, outfile, env: { ...offline, DENORT_BIN: standIn(target) } });
      const content = readFileSync(outfile);
      assert.equal(platformOfExecutable(content), target);
      assert.ok(content.length > base.length + 1_500_000 && content.length < 8_500_000, `${content.length} bytes`);
      for (const file of ["jq.wasm.gz", "quickjs.wasm.gz"]) {
        assert.ok(content.includes(readFileSync(join(folder, "assets", file))), `${file} in ${target}`);
      }
      assert.ok(content.includes(readFileSync(join(folder, MAIN_FILE))));
      const text = content.toString("latin1");
      const embedded = text.match(/"permissions":(\{[^}]*\})/)?.[1];
      assert.ok(embedded, `no permissions in ${target}`);
      const permissions = JSON.parse(embedded);
      for (const kind of ["env", "net", "read", "write", "run", "sys"]) {
        assert.deepEqual(permissions[`allow_${kind}`], [], kind);
      }
      assert.equal(permissions.allow_ffi, null);
      assert.deepEqual(permissions.deny_import, []);
      assert.equal(permissions.prompt, false);
      assert.ok(!text.includes("node_modules/"), "packages are embedded");
    }
  });

  it("takes the base binary from the archive in Deno's cache", async () => {
    const target = "x86_64-unknown-linux-gnu";
    const cached = join(offline.DENO_DIR, "dl", "release", `v${denoFacts().version}`);
    mkdirSync(cached, { recursive: true });
    writeFileSync(join(cached, `denort-${target}.zip`), zipSync({ denort: elf(62) }));
    await denoCompile({ folder, target, outfile: at("from-cache"), env: offline });
    assert.equal(platformOfExecutable(readFileSync(at("from-cache"))), target);
  });
});

/** The modules of Node that a module and what it imports from its start name. */
function nodeModulesOf(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const specifiers = readFileSync(path, "utf8").matchAll(/\b(?:from|import)\s*"([^"]+)"/g);
  return [...specifiers].flatMap(([, name]) =>
    name!.startsWith("node:") ? [name!] : nodeModulesOf(join(path, "..", name!), seen)
  );
}

describe("the program that Deno compiles, with its permissions", () => {
  const home = at("home");
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: home,
    DENO_DIR: at("cache"),
    TZ: "UTC",
  };
  const command = ["run", "--quiet", ...SELF_CONTAINED, ...PERMISSIONS, MAIN_FILE];
  let sandbox: ChildProcess | undefined;

  const mp = (...args: string[]): Promise<ChildResult> =>
    runChild(DENO, [...command, ...args], { cwd: folder, env, timeoutMs: 60_000 });
  const succeeds = async (...args: string[]): Promise<string> => {
    const { code, output } = await mp(...args);
    assert.equal(code, 0, `mp ${args.join(" ")}: ${output}`);
    return output;
  };

  before(async () => {
    mkdirSync(home);
    const demo = ["sandbox", "--port", "0", "--demo", "--events", "500", "--days", "10"];
    const child = spawn(DENO, [...command, ...demo], { cwd: folder, env: env as NodeJS.ProcessEnv });
    sandbox = child;
    let printed = "";
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        if (/^export MP_TOKEN=.+\n/m.test(printed)) resolve();
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => printed += text);
      child.on("close", () => reject(new Error(`The sandbox ended: ${printed}`)));
    });
    for (const [, name, value] of printed.matchAll(/^export (\w+)=(.*)$/gm)) env[name!] = value!;
  });
  after(async () => {
    if (sandbox === undefined) return;
    const ended = new Promise((resolve) => sandbox!.once("close", resolve));
    sandbox.kill("SIGINT");
    await ended;
  });

  it("prints its version and checks an expression", async () => {
    assert.equal(await succeeds("--version"), `mp ${VERSION}\n`);
    assert.equal(await succeeds("expr", "check", 'properties["a"] == 1'), "No mistakes\n");
  });

  it("tells its version, and shows help, without any of Node's modules, which take as long as all else", async () => {
    writeFileSync(
      at("guard.js"),
      'Object.defineProperty(globalThis, "process", { get() { throw new Error("node:process is loaded"); } });',
    );
    const guarded = ["run", "--quiet", "--preload", at("guard.js"), ...command.slice(2)];
    for (const words of [["--version"], ["--help"], ["query", "funnel", "-h"], ["api", "--list"]]) {
      const { code, output } = await runChild(DENO, [...guarded, ...words], {
        cwd: folder,
        env,
        timeoutMs: 60_000,
      });
      assert.equal(code, 0, `mp ${words.join(" ")}: ${output}`);
      assert.equal(output, await succeeds(...words));
    }
    assert.deepEqual(nodeModulesOf(join(folder, MAIN_FILE)), []);
  });

  it("asks, filters with jq, and exports to a file", async () => {
    assert.match(await succeeds("events", "list", "-q", "--jq", ".[0]"), /^\w[\w ]+\n$/);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await succeeds("export", "events", "--from", "9d", "--to", day, "--output", at("events.jsonl"));
    assert.ok(readFileSync(at("events.jsonl"), "utf8").split("\n").length > 100);
    await succeeds("export", "events", "--from", "9d", "--to", day, "--output", at("events.csv"));
    assert.match(readFileSync(at("events.csv"), "utf8"), /^event,/);
  });

  it("takes authorities of the user's own beside those that are trusted anyway", async () => {
    writeFileSync(at("own.pem"), `${rootCertificates[0]}\n`);
    env.SSL_CERT_FILE = at("own.pem");
    try {
      assert.match(await succeeds("events", "list", "-q"), /^\["/);
    } finally {
      delete env.SSL_CERT_FILE;
    }
  });

  it("runs JQL in its sandbox, which needs QuickJS", async () => {
    const script =
      "function main() { return Events({from_date: '2026-01-01', to_date: '2036-01-01'}).reduce(mixpanel.reducer.count()); }";
    writeFileSync(at("count.js"), script);
    assert.match(await succeeds("query", "jql", at("count.js"), "-f", "json"), /^\[\d+\]\n$/m);
  });

  it("keeps accounts, runs the command that prints a secret, and finds nothing wrong with itself", async () => {
    const command = `printf ${env.MP_SECRET}`;
    await succeeds("account", "add", "own", "--username", env.MP_USERNAME!, "--secret-command", command);
    // An address beside credentials is for them alone.
    for (const name of Object.keys(env)) {
      if (/^MP_/.test(name) && !["MP_API_BASE_URL", "MP_PROJECT_ID"].includes(name)) delete env[name];
    }
    assert.match(await succeeds("events", "list", "--account", "own", "-q"), /^\["/);
    const checks = JSON.parse(await succeeds("doctor", "-q")) as { check: string; result: string }[];
    assert.deepEqual(checks.filter(({ result }) => result === "problem"), []);
    assert.ok(existsSync(join(home, ".config", "mp", "config.toml")));
  });
});
