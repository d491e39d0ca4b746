/** What the compiled program does with the answer to a change when standard output is closed, full or unread. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { BINARY, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { describeUnless } from "../helpers/needs.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";

const why = process.platform !== "linux" && "only Linux tells whether a descriptor was closed, and has /dev/full";

describeUnless(why, "the answer to a change", () => {
  let folder = "";
  let sandbox: SandboxProcess;
  before(async () => {
    folder = temporaryFolder();
    sandbox = await startSandboxProcess({ events: 10, days: 2 });
  });
  after(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const create = (name: string) => `"$0" service-accounts create ${name} --role analyst`;
  const type = (script: string) =>
    runBinary(["-uo", "pipefail", "-c", script, BINARY], {
      program: "bash",
      cwd: folder,
      home: folder,
      env: { ...sandbox.env, PATH: process.env.PATH! },
    });

  for (
    const [name, where, state] of [
      ["closed", ">&-", "it is closed"],
      ["full", "> /dev/full", "the disk is full"],
      ["named", "-o /dev/full", "the disk is full"],
    ] as const
  ) {
    it(`goes to standard error, and the exit code is 1: ${where}`, async () => {
      const { code, stdout, stderr } = await type(`${create(name)} ${where}`);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /"token": ?"[^"]+"/);
      assert.ok(stderr.includes(`${state}; what was asked for has been done, and its answer is above`), stderr);
    });
  }

  it("goes to standard error when nobody reads standard output", async () => {
    const { stderr } = await type(`${create("unread")} | true`);
    assert.match(stderr, /"token": ?"[^"]+"/);
  });

  it("goes to a file when both are closed, and is printed nowhere when it was thrown away on purpose", async () => {
    assert.equal((await type(`${create("both")} >&- 2>&-`)).code, 1);
    const answers = join(folder, ".local", "state", "mp", "answers");
    assert.ok(existsSync(answers));
    assert.match(readFileSync(join(answers, readdirSync(answers)[0]!), "utf8"), /"token"/);
    const { code, stderr } = await type(`${create("thrown-away")} > /dev/null`);
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /"token"/);
  });
});
