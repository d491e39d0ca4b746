/** The binary, run by a user who may not read a part of what is to be imported. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { BINARY, type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { describeUnless } from "../helpers/needs.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";

const STRANGER = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
const isRoot = process.getuid?.() === 0;
const missing = process.platform === "win32"
  ? "permissions are of Unix"
  : isRoot && spawnSync("setpriv", [...STRANGER, "true"]).status !== 0
  ? "root may read everything, and cannot become another user here"
  : false;

const event = (id: string) =>
  `{"event":"E","properties":{"time":1790000000,"distinct_id":"${id}","$insert_id":"${id}"}}\n`;
const NOTHING = 0o000;

describeUnless(missing, "an import of what may not be read", () => {
  let sandbox: SandboxProcess;
  const folder = temporaryFolder();
  before(async () => {
    sandbox = await startSandboxProcess();
    chmodSync(folder, 0o755);
    for (const name of ["d", "d/a", "d/b", "d/c", "d/open", "state"]) mkdirSync(join(folder, name));
    chmodSync(join(folder, "state"), 0o777);
    for (const path of ["d/a/1.jsonl", "d/b/2.jsonl", "d/c/3.jsonl", "d/open/4.jsonl"]) {
      writeFileSync(join(folder, path), event(path.replace(/\W/g, "-")), { mode: 0o644 });
    }
    writeFileSync(join(folder, "ids.txt"), "u-1\n");
    writeFileSync(join(folder, "table.csv"), "id,name\n1,x\n");
    for (const path of ["d/b", "d/c/3.jsonl", "ids.txt", "table.csv"]) chmodSync(join(folder, path), NOTHING);
    // It may be passed through, and not be looked into.
    chmodSync(join(folder, "d/open"), 0o311);
  });
  after(async () => {
    await sandbox.stop();
    for (const path of ["d/b", "d/open"]) chmodSync(join(folder, path), 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  function run(...args: string[]): Promise<BinaryResult> {
    const home = join(folder, "state");
    const env = { ...sandbox.env, HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home };
    const options = { env, cwd: folder };
    return isRoot
      ? runBinary([...STRANGER, BINARY, ...args], { ...options, program: "setpriv" })
      : runBinary(args, options);
  }

  const NAMED = ["d/b: permission denied", "d/c/3.jsonl: permission denied"];

  it("names it, imports the rest, and ends with 8", async () => {
    for (
      const [path, named] of [["d/*/*.jsonl", [...NAMED, "d/open: permission denied"]], [
        "d/[abc]/*.jsonl",
        NAMED,
      ]] as const
    ) {
      for (const way of [path, path.replace("*/*", "**/*").replace("]/", "]/**/")]) {
        const { code, stderr } = await run("import", way, "--no-checkpoint");
        assert.equal(code, 8, stderr);
        assert.match(stderr, /Imported 1 event, /);
        for (const line of named) assert.ok(stderr.includes(`  not read: ${line}\n`), stderr);
        const checked = await run("import", way, "--check");
        assert.equal(checked.code, 8, checked.stderr);
        for (const line of named) assert.ok(checked.stderr.includes(`  not read: ${line}\n`), checked.stderr);
      }
    }
  });

  it("does so in a folder, and in a format for scripts", async () => {
    const { code, stdout, stderr } = await run("import", "d/", "-f", "json");
    assert.equal(code, 8, stderr);
    const { accepted, unreadable } = JSON.parse(stdout);
    assert.deepEqual([accepted, unreadable.map(({ source }: { source: string }) => source)], [
      1,
      ["d/b", "d/c/3.jsonl", "d/open"],
    ]);
    const evaluated = await run("expr", "eval", 'properties["distinct_id"]', "d");
    assert.deepEqual([evaluated.code, evaluated.stdout], [8, '"d-a-1-jsonl"\n']);
    assert.match(evaluated.stderr, /Not read: d\/b: permission denied\n/);
  });

  it("goes through a folder that cannot be looked into to a name that is given", async () => {
    const { code, stderr } = await run("import", "d/open/4.jsonl", "--no-checkpoint");
    assert.equal(code, 0, stderr);
    assert.equal((await run("import", "{d,x}/open/4.jsonl", "--no-checkpoint")).code, 0);
  });

  it("is refused before anything is sent where nothing else is there, or where all is needed", async () => {
    const refused: [string[], string][] = [
      [["import", "d/b"], 'Cannot read "d/b": permission denied'],
      [["import", "d/b/*.jsonl"], 'Cannot read "d/b": permission denied'],
      [["import", "d/b/2.jsonl"], 'Cannot read "d/b/2.jsonl": permission denied'],
      [["import", "d/a/1.jsonl", "d/c/3.jsonl"], 'Cannot read "d/c/3.jsonl": permission denied'],
      [["import", "d/c/3.jsonl", "--check"], 'Cannot read "d/c/3.jsonl": permission denied'],
      [["import", "d", "--kind", "lookup-table", "--lookup-table", "t"], "Cannot read 3 sources: "],
      [
        ["import", "table.csv", "--kind", "lookup-table", "--lookup-table", "t"],
        'Cannot read "table.csv": permission denied',
      ],
      [["lookup-tables", "replace", "t", "table.csv", "-y"], 'Cannot read "table.csv": permission denied'],
      [["profiles", "batch", "d"], "Cannot read 3 sources: "],
      [["gdpr", "delete", "--file", "ids.txt", "-y"], 'Cannot read "ids.txt": permission denied'],
      [["gdpr", "delete", "--file", "d", "-y"], "Cannot read 3 sources: "],
      [["expr", "eval", "1", "d/b"], 'Cannot read "d/b": permission denied'],
    ];
    for (const [args, message] of refused) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 3, `${args.join(" ")}: ${stderr}`);
      assert.ok(stderr.startsWith(`mp: ${message}`), `${args.join(" ")}: ${stderr}`);
    }
  });
});
