/** `mp check --notify`: who is told, what, and when. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import process from "node:process";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { ProgramLab } from "../../helpers/program_lab.ts";
import { startStubServer, type StubServer } from "../../helpers/stub_server.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import type { WorldOptions } from "../../helpers/world.ts";
import { openQueryLab } from "../query_lab.ts";

const folder = temporaryFolder();
const PATH = "/services/T0K3N/of-a-test";
let lab: ProgramLab;
let hook: StubServer;
let homes = 0;
let home: string;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());
beforeEach(async () => {
  hook = await startStubServer();
  home = folder.path(`home-${++homes}`);
});
afterEach(() => hook.finish());

/** Runs the same check with another threshold: it is the same as long as its name is. */
const check = (crit: string, { env, ...world }: WorldOptions = {}) =>
  lab.mp(["check", "Sign Up", "--last", "3d", "--name", "Sign-ups", "--crit", crit, "--notify", "HOOK"], {
    ...world,
    env: { HOME: home, HOOK: `${hook.url}${PATH}`, ...env },
  });
const told = () => hook.requests.map(({ text }) => JSON.parse(text).text as string);

describe("mp check --notify", () => {
  it("tells of an alarm, once, and of the recovery", async () => {
    hook.on("POST", PATH, { body: "ok" }, 3);
    assert.deepEqual(await check("<1"), {
      code: 0,
      stdout: "OK: Sign-ups 3 (last 3d) | sign_ups=3;;1:;0;\n",
      stderr: "",
    });
    assert.deepEqual(told(), [], "that all is well is no news");
    assert.equal((await check("<10")).code, 2);
    assert.equal((await check("<10")).code, 2);
    assert.deepEqual(told(), ["CRITICAL: Sign-ups 3 (last 3d), below 10"]);
    assert.equal((await check("<1")).code, 0);
    assert.equal((await check("<1")).code, 0);
    assert.deepEqual(told().slice(1), ["OK: Sign-ups 3 (last 3d)"]);
    assert.equal((await check("<10")).code, 2);
    assert.equal(told().length, 3);
  });

  it("sends the facts beside the text, as JSON", async () => {
    hook.on("POST", PATH, { status: 204 });
    await check("<10");
    const [{ headers, text }] = hook.requests as [typeof hook.requests[number]];
    assert.equal(headers.get("content-type"), "application/json");
    assert.equal(headers.get("authorization"), null);
    const { text: line, ...facts } = JSON.parse(text);
    assert.match(line, /^CRITICAL: /);
    assert.deepEqual([facts.state, facts.code, facts.name, facts.value], ["CRITICAL", 2, "Sign-ups", 3]);
  });

  it("says that it failed, without the address, keeps the exit code, and tries again", async () => {
    hook.on("POST", PATH, { status: 500, body: "no" });
    const failed = await check("<10");
    assert.equal(failed.code, 2);
    assert.match(failed.stdout, /^CRITICAL: /);
    assert.match(failed.stderr, /^Cannot notify HOOK: 127\.0\.0\.1:\d+ answered 500; the next run tries again\n$/);
    assert.doesNotMatch(failed.stdout + failed.stderr, /T0K3N/);
    const unreachable = await check("<10", { env: { HOOK: "http://127.0.0.1:1/T0K3N" } });
    assert.deepEqual([unreachable.code, /^Cannot notify HOOK: 127\.0\.0\.1:1/.test(unreachable.stderr)], [2, true]);
    hook.on("POST", PATH, { body: "ok" });
    assert.equal((await check("<10")).stderr, "");
    assert.equal((await check("<10")).stderr, "");
    assert.equal(hook.requests.length, 2);
  });

  it("follows no redirect with what it tells", async () => {
    hook.on("POST", PATH, { status: 302, headers: { location: `${hook.url}/elsewhere` } });
    assert.match((await check("<10")).stderr, /answered 302/);
  });

  it("tells nothing of what is UNKNOWN, and then of the recovery all the same", async () => {
    hook.on("POST", PATH, { body: "ok" }, 2);
    await check("<10");
    assert.equal((await check("<10", { env: { MP_SECRET: "wrong-secret-of-a-test" } })).code, 3);
    assert.equal(told().length, 1);
    await check("<1");
    assert.match(told()[1]!, /^OK: /);
  });

  it("remembers in a file of this user's alone, and goes on without one that is damaged", async () => {
    hook.on("POST", PATH, { body: "ok" }, 3);
    await check("<10");
    const kept = `${home}/.local/state/mp/checks`;
    const [name] = readdirSync(kept) as [string];
    if (process.platform !== "win32") assert.equal(statSync(`${kept}/${name}`).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(`${kept}/${name}`, "utf8"), /T0K3N|sandbox-service-secret/);
    writeFileSync(`${kept}/${name}`, "{broken");
    const again = await check("<10");
    assert.equal(again.code, 2);
    assert.match(again.stderr, /Cannot read .*goes on without/);
    assert.equal(told().length, 2);
    writeFileSync(`${kept}/${name}`, '{"askedMs": 1, "finding": {}, "question": ""}');
    assert.deepEqual([(await check("<10")).code, told().length], [2, 3]);
  });

  for (
    const [value, argument, words] of [
      [undefined, "https://hooks.slack.com/services/T0K3N", /takes the name of an environment variable/],
      [undefined, "HOOK", /HOOK: the variable is not set/],
      ["slack", "HOOK", /does not hold a web address/],
      ["ftp://example.com/T0K3N", "HOOK", /does not hold a web address/],
    ] as const
  ) {
    it(`refuses ${argument} with ${value}, and does not repeat it`, async () => {
      const env = { HOME: home, HOOK: value };
      const { code, stdout, stderr } = await lab.mp(["check", "E", "--last", "1d", "--notify", argument], { env });
      assert.equal(code, 3);
      assert.match(stdout, words);
      assert.doesNotMatch(stdout + stderr, /T0K3N/);
    });
  }
});
