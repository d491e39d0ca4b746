import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { run } from "../../src/program.ts";
import { runProgram, type TestWorld, testWorld } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();

interface Running {
  url: string;
  world: TestWorld;
  /** The variables that it printed. */
  env: Record<string, string>;
  /** Ends it as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number>;
}

/** Starts `mp sandbox` on a port of the system's choice, and waits until it says where it is. */
async function start(...argv: string[]): Promise<Running> {
  const controller = new AbortController();
  const world = testWorld({ signal: controller.signal });
  const ended = run(["sandbox", "--port", "0", ...argv], world);
  const serving = await Promise.race([world.stderr.until(/Serving on (\S+); Ctrl-C ends it\n/), ended]);
  assert.ok(typeof serving === "object", `it ended: ${world.stderr.text()}`);
  const lines = world.stdout.text().trimEnd().split("\n");
  return {
    url: serving[1]!,
    world,
    env: Object.fromEntries(lines.map((line) => /^export ([A-Z_]+)=(\S+)$/.exec(line)!.slice(1) as [string, string])),
    stop() {
      controller.abort();
      return ended;
    },
  };
}

const HOME = folder.path("home");

describe("mp sandbox", () => {
  it("prints the variables that point mp at it, serves, and ends with Ctrl-C", async () => {
    const running = await start();
    try {
      assert.match(running.url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(Object.keys(running.env), [
        ...["MP_API_BASE_URL", "MP_PROJECT_ID", "MP_USERNAME", "MP_SECRET", "MP_OAUTH_TOKEN", "MP_TOKEN"],
      ]);
      assert.equal(running.env.MP_API_BASE_URL, running.url);
      const { code, stdout } = await runProgram(["projects", "list", "-f", "csv"], { env: { ...running.env, HOME } });
      assert.equal(code, 0);
      assert.match(stdout, /\n1000001,Sandbox,/);
    } finally {
      assert.equal(await running.stop(), 0);
    }
    await assert.rejects(fetch(`${running.url}/sandbox/state`));
  });

  it("loads the demo's data, as much as it is told to, and says how much it was", async () => {
    const running = await start("--demo", "--days", "3", "--events", "500");
    try {
      assert.match(
        running.world.stderr.text(),
        /^Loaded \d+ events and \d+ profiles \(2026-11-21 to 2026-11-23\) in 0 ms\nServing on /,
      );
      const { projects } = await (await fetch(`${running.url}/sandbox/state`)).json();
      assert.ok(projects[0].events > 200 && projects[0].events <= 520, String(projects[0].events));
      assert.ok(projects[0].profiles > 0);
    } finally {
      await running.stop();
    }
  });

  it("keeps its data in a file, and loads the demo's only once", async () => {
    const database = folder.path("sandbox.db");
    const argv = ["--database", database, "--demo", "--days", "2", "--events", "100"];
    const first = await start(...argv);
    const before = await (await fetch(`${first.url}/sandbox/state`)).json();
    await first.stop();
    assert.ok(existsSync(database));
    const second = await start(...argv);
    const after = await (await fetch(`${second.url}/sandbox/state`)).json();
    await second.stop();
    assert.deepEqual(after.projects, before.projects);
    assert.doesNotMatch(second.world.stderr.text(), /Loaded/);
  });

  it("can refuse tokens that it does not know", async () => {
    for (const [argv, code] of [[[], 0], [["--strict-tokens"], 3]] as const) {
      const running = await start(...argv);
      const env = { ...running.env, MP_TOKEN: "unknown-token", HOME };
      const result = await runProgram(["track", "A", "--distinct-id", "u"], { env });
      await running.stop();
      assert.equal(result.code === 0, code === 0, result.stderr);
    }
  });

  it("says when its port is taken, and how to get another", async () => {
    const running = await start();
    try {
      const port = new URL(running.url).port;
      const { code, stdout, stderr } = await runProgram(["sandbox", "--port", port]);
      assert.deepEqual([code, stdout], [3, ""]);
      assert.match(
        stderr,
        new RegExp(`^mp: Cannot serve on port ${port}: .*\nhint: choose another: mp sandbox --port 0`),
      );
    } finally {
      await running.stop();
    }
  });

  it("refuses bad input", async () => {
    for (const argv of [["--port", "70000"], ["--days", "0"], ["--database", folder.path("no/where.db")]]) {
      const { code, stdout } = await runProgram(["sandbox", "--port", "0", ...argv]);
      assert.deepEqual([code, stdout], [3, ""], argv.join(" "));
    }
  });

  it("stops serving when nobody reads what it prints", async () => {
    const world = testWorld();
    world.stdout.close();
    assert.equal(await run(["sandbox", "--port", "0"], world), 0);
  });
});
