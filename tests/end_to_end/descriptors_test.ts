import assert from "node:assert/strict";
import { lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, it } from "node:test";
import { BINARY, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { lastDays, type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { describeUnless } from "../helpers/needs.ts";

/** Commands of each kind, without their `-o`; all print something that is the same each time. */
const KINDS = {
  "a result": ["cohorts", "list", "-f", "json"],
  "an answer as it comes": ["api", "GET", "/api/query/cohorts/list"],
  "a stream of events": ["export", "events", ...lastDays(3)],
  "events as a spreadsheet": ["export", "events", ...lastDays(3), "-f", "csv"],
  profiles: ["export", "profiles"],
  "profiles as Parquet": ["export", "profiles", "-f", "parquet"],
  "a list": ["export", "cohorts"],
};

describeUnless(process.platform === "win32" && "not on Windows", "a descriptor as -o", () => {
  let folder = "";
  let sandbox: SandboxProcess;
  before(async () => {
    folder = temporaryFolder();
    sandbox = await startSandboxProcess({ events: 300, days: 5 });
  });
  after(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the script, for bash, leaves on standard output. */
  async function printed(script: string): Promise<Buffer> {
    const { code, stdoutBytes, stderr } = await runBinary(["-euo", "pipefail", "-c", script, BINARY], {
      program: "bash",
      cwd: folder,
      env: { ...sandbox.env, PATH: process.env.PATH! },
    });
    assert.equal(code, 0, stderr);
    return Buffer.from(stdoutBytes);
  }

  for (const [kind, args] of Object.entries(KINDS)) {
    it(`gets all of ${kind}: a pipe, a file, the end of a file, another command, a link`, async () => {
      const mp = `"$0" ${args.join(" ")}`;
      const whole = await printed(`${mp} | cat`);
      assert.ok(whole.length > 10);
      const equal = (got: Buffer) => assert.ok(got.equals(whole), `${got.length} bytes in place of ${whole.length}`);
      equal(await printed(`${mp} -o /dev/stdout | cat`));
      equal(await printed(`${mp} -o /dev/fd/7 7>&1 | cat`));
      equal(await printed(`${mp} -o >(cat > other); wait $!; cat other`));
      equal(await printed(`${mp} -o /dev/stdout > file; cat file`));
      equal(await printed(`ln -sf /dev/stdout link; ${mp} -o link | cat`));
      writeFileSync(join(folder, "log"), "before\n");
      const appended = await printed(`{ ${mp} -o /dev/stdout; echo after; } >> log; cat log`);
      equal(appended.subarray("before\n".length, -"after\n".length));
      assert.equal(appended.subarray(0, 7).toString(), "before\n");
    });

    it(`is no trap for ${kind}: a link to a file that is not there yet makes that file`, async () => {
      symlinkSync("target", join(folder, "dangling"));
      const got = await printed(`"$0" ${args.join(" ")} -o dangling; cat target`);
      assert.ok(lstatSync(join(folder, "dangling")).isSymbolicLink());
      assert.ok(got.equals(readFileSync(join(folder, "target"))) && got.length > 10);
      for (const name of ["dangling", "target"]) rmSync(join(folder, name));
    });
  }

  it("may be closed by a reader that has enough", async () => {
    const line = await printed(`set +o pipefail; "$0" export events --last 3d -o /dev/stdout | head -n 1`);
    assert.equal(line.toString().split("\n").length, 2);
  });

  it("is read where a file is: what a shell's <(command) prints", async () => {
    const event = '{"event":"E","properties":{"distinct_id":"u","time":1795400000}}';
    const dry = async (words: string) => (await printed(`"$0" ${words} --dry-run`)).toString();
    assert.match(await dry(`track E --distinct-id u --properties @<(echo '{"a":4711}')`), /4711/);
    assert.match(
      await dry(`annotations create --data @<(echo '{"date":"2026-11-01","description":"d4711"}')`),
      /d4711/,
    );
    assert.match(await dry(`query jql <(echo 'function main() { return 4711 }')`), /4711/);
    const checked = await printed(`"$0" import <(echo '${event}') --check -f json`);
    assert.equal(JSON.parse(checked.toString()).records, 1);
  });
});
