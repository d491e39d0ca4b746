/** The binary where little is given: a user id without an account, no home, no terminal, closed streams, a narrow screen. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { VERSION } from "../../src/version.ts";
import { BINARY, type BinaryResult, runBinary, temporaryFolder } from "../helpers/binary.ts";
import { assertFails, succeeded } from "./expectations.ts";
import { dayBefore, lastDays, type SandboxProcess, startSandboxProcess } from "./sandbox_process.ts";
import { describeUnless } from "../helpers/needs.ts";

const STRANGER = ["--reuid", "12345", "--regid", "12345", "--clear-groups"];
const canBeStranger = spawnSync("setpriv", [...STRANGER, "true"]).status === 0;
const hasScript = spawnSync("script", ["--version"]).stdout?.includes("util-linux");

let sandbox: SandboxProcess;
const folder = temporaryFolder();
before(async () => {
  sandbox = await startSandboxProcess({ events: 2000, days: 15 });
  // Also for who is not the owner of the tests.
  chmodSync(folder, 0o777);
});
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell line with `mp` as the binary, with the sandbox's variables and nothing that says where a home is. */
function shell(line: string, env: Record<string, string> = {}, before: string[] = []): Promise<BinaryResult> {
  const script = `unset HOME USERPROFILE LANG XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_DATA_HOME
mp() { ${JSON.stringify(BINARY)} "$@"; }
${Object.entries(env).map(([name, value]) => `export ${name}='${value}'`).join("\n")}
${line}`;
  const [program = "/bin/sh", ...args] = [...before, "/bin/sh", "-c", script];
  return runBinary(args, { program, env: sandbox.env, cwd: folder });
}

/** What every place must let its user do. */
async function doesEverything(run: (line: string) => Promise<BinaryResult>): Promise<void> {
  const out = mkdtempSync(join(folder, "out-"));
  chmodSync(out, 0o777);
  const file = join(out, "events.jsonl");
  assert.equal(succeeded(await run("mp --version")), `mp ${VERSION}\n`);
  assert.match(succeeded(await run("mp query --help")), /\n {2}segmentation /);
  const counted = JSON.parse(succeeded(await run("mp query segmentation Purchase --last 7d -q")));
  assert.ok(counted.data.series.length >= 7);
  const exported = await run(`mp export events --from 14d --to ${dayBefore(1)} --output '${file}'`);
  assert.match(exported.stderr, /Exported [\d,]+ events/);
  assert.equal(succeeded(exported), "");
  assert.ok(readFileSync(file, "utf8").split("\n").length > 1000);
  assert.match((await run(`mp import '${file}'`)).stderr, /^Imported [\d,]+ events/m);
  succeeded(await run(`mp export profiles --output '${join(out, "profiles.jsonl")}'`));
  assert.deepEqual(readdirSync(out).sort(), ["events.jsonl", "profiles.jsonl"]);
  const findings = JSON.parse(succeeded(await run("mp doctor -q"))) as { result: string }[];
  assert.deepEqual(findings.filter(({ result }) => result === "problem"), []);
}

describeUnless(!canBeStranger && "setpriv is not allowed", "a user id that nobody has set up", () => {
  const run = (env: Record<string, string>) => (line: string) => shell(line, env, ["setpriv", ...STRANGER]);

  it("works without a home", { timeout: 60_000 }, () => doesEverything(run({})));

  it("works with a home that is not there", { timeout: 60_000 }, () => doesEverything(run({ HOME: "/nonexistent" })));

  it("works with a home that can only be read, and leaves it alone", { timeout: 60_000 }, async () => {
    const home = join(folder, "read-only");
    mkdirSync(home, { mode: 0o555 });
    await doesEverything(run({ HOME: home }));
    assert.deepEqual(readdirSync(home), []);
  });

  it("is told what to set where something must be kept", async () => {
    const home = { HOME: "/nonexistent" };
    const added = await run(home)("mp account add own --username robot --secret-env MP_SECRET");
    assertFails(
      added,
      1,
      /^mp: Cannot write \/nonexistent\/\.config\/mp\/config\.toml: .*\nhint: set MP_CONFIG_PATH to a file in a folder that you may write to\n$/,
    );
    const doctor = JSON.parse(succeeded(await run(home)("mp doctor -q")));
    const { result, fix } = doctor.find(({ check }: { check: string }) => check === "state folder");
    assert.deepEqual([result, fix], ["warning", "set XDG_STATE_HOME to a folder that can be written"]);
  });

  it("is told what a bucket needs, and that an import has no checkpoint", { timeout: 60_000 }, async () => {
    const env = { HOME: "/nonexistent", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const own = run({ ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    const exported = await own(`mp export events --from ${dayBefore(2)} --output s3://bucket/events.jsonl`);
    assertFails(
      exported,
      3,
      /^mp: Cannot write "\/nonexistent\/\.local\/state\/[^"]*": permission denied\nhint: set XDG_STATE_HOME to a folder that can be written\n$/,
    );
    const file = join(folder, "one.jsonl");
    writeFileSync(file, `{"event":"Seen","properties":{"time":${Math.trunc(Date.now() / 1000)},"distinct_id":"u"}}\n`);
    const imported = await own(`mp import '${file}'`);
    succeeded(imported);
    assert.match(
      imported.stderr,
      /^No checkpoint is kept in \/nonexistent\/\.local\/state\/mp\/imports, which cannot be written; --checkpoint-file names one\nImported 1 event/,
    );
    const named = await own(`mp import '${file}' --checkpoint-file '${join(folder, "checkpoint")}'`);
    assert.doesNotMatch(named.stderr, /No checkpoint/);
    succeeded(named);
    assertFails(
      await own(`mp import '${file}' --checkpoint-file /nonexistent/checkpoint`),
      3,
      /^mp: Cannot write "\/nonexistent\/checkpoint": /,
    );
  });

  it("keeps accounts and state where it is told to", { timeout: 60_000 }, async () => {
    const place = join(folder, "place");
    mkdirSync(place);
    chmodSync(place, 0o777);
    const own = run({ MP_CONFIG_PATH: join(place, "config.toml"), XDG_STATE_HOME: join(place, "state") });
    succeeded(await own("mp account add own --username robot --secret-env MP_SECRET"));
    succeeded(await own("mp events list -q"));
    assert.ok(existsSync(join(place, "config.toml")));
    assert.ok(existsSync(join(place, "state", "mp")));
  });
});

describe("streams that are closed", () => {
  const day = dayBefore(1);

  it("change nothing about the others", { timeout: 60_000 }, async () => {
    const ask = `mp query segmentation Purchase ${lastDays(7).join(" ")} -f csv`;
    const whole = await shell(`${ask} && mp export events --from ${day} --to ${day}`);
    const expected = succeeded(whole);
    assert.ok(expected.split("\n").length > 20);
    const noInput = await shell(`{ ${ask} && mp export events --from ${day} --to ${day}; } <&-`);
    assert.equal(succeeded(noInput), expected);
    const noErrors = await shell(`{ ${ask} && mp export events --from ${day} --to ${day}; } 2>&-`);
    assert.equal(succeeded(noErrors), expected);
    assert.equal(noErrors.stderr, "");
  });

  it("get nothing into a file that is open in their place", { timeout: 60_000 }, async () => {
    const [first, second] = [join(folder, "first.jsonl"), join(folder, "second.jsonl")];
    succeeded(await shell(`mp export events --from ${day} --to ${day} --output '${first}'`));
    succeeded(await shell(`mp export events --from ${day} --to ${day} --output '${second}' <&- >&- 2>&-`));
    assert.equal(readFileSync(second, "utf8"), readFileSync(first, "utf8"));
  });

  it("do not keep a command from ending as it should", async () => {
    for (const line of ["mp --version", "mp --help", "mp doctor", "mp limits", "mp expr check true"]) {
      assert.equal((await shell(`${line} <&- >&- 2>&-`)).code, 0, line);
    }
    const misspelt = await shell("mp query segmentaton <&- >&- 2>&-");
    assert.equal(misspelt.code, 3);
    assert.equal((await shell("mp import - <&-")).stdout, "");
  });
});

describe("a place without a terminal", () => {
  it("is asked nothing: a command that would ask says how to answer", { timeout: 60_000 }, async () => {
    const detached = process.platform === "linux" ? "setsid --wait " : "";
    const script = `${detached}${JSON.stringify(BINARY)}`;
    const login = await shell(`${script} login </dev/null`, { HOME: folder });
    assert.notEqual(login.code, 0);
    assert.match(login.stderr, /^mp: [^]*\nhint: /);
    const destroying = await shell(`${script} annotations delete 1 </dev/null`);
    assert.match(destroying.stderr, /--yes/);
    assert.equal(destroying.code, 3);
  });
});

describeUnless(!hasScript && "no script(1)", "a terminal of 40 columns, dumb and without Unicode", () => {
  async function screen(command: string, env: Record<string, string> = {}): Promise<string> {
    const file = join(folder, "screen.sh");
    writeFileSync(file, `stty cols 40 rows 24; exec ${JSON.stringify(BINARY)} ${command}\n`);
    const settings = { TERM: "dumb", LANG: "C", HOME: folder, ...env };
    const { stdout, code } = await shell(`script -qec 'sh ${file}' /dev/null </dev/null`, settings);
    assert.equal(code, 0, stdout);
    return stdout.replaceAll("\r\n", "\n");
  }
  const tooLong = (text: string) => text.split("\n").filter((line) => [...line].length > 40);

  it("shows charts, tables and findings within its lines, in ASCII and without escape sequences", async () => {
    for (
      const command of [
        "query segmentation Purchase --last 14d",
        "query segmentation Purchase --last 7d -f table",
        "events list",
        "lexicon list",
        "doctor",
      ]
    ) {
      const shown = await screen(command);
      assert.match(shown, /^[\x20-\x7e\n]+$/, command);
      assert.ok(shown.split("\n").length > 4, shown);
      // Names of variables and folders are not broken.
      assert.deepEqual(tooLong(shown).filter((line) => /\s\S+\s/.test(line.trim())), [], command);
    }
  });

  it("shows help within its lines, but for what is to be typed", async () => {
    for (const command of ["query --help", "query segmentation --help", "export events --help", "help quotas"]) {
      const shown = await screen(command);
      const typed = /^\s*(-|mp |# |Usage:|\S+\|\S|\S+:\/\/)/;
      assert.deepEqual(tooLong(shown).filter((line) => !typed.test(line)), [], command);
    }
  });

  it("is drawn on in Unicode when its locale is UTF-8", async () => {
    assert.match(await screen("query segmentation Purchase --last 14d", { LANG: "C.UTF-8" }), /[\u2800-\u28ff]/);
  });
});
