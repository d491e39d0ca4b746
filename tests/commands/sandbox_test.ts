import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { run } from "../../src/program.ts";
import { runProgram, type TestWorld, testWorld, type WorldOptions } from "../helpers/world.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const HOME = folder.path("home");

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
  return await startIn({}, ...argv);
}

async function startIn({ terminal, env }: WorldOptions, ...argv: string[]): Promise<Running> {
  const controller = new AbortController();
  const world = testWorld({ signal: controller.signal, terminal, env: { HOME, ...env } });
  const ended = run(["sandbox", "--port", "0", ...argv], world);
  const serving = await Promise.race([world.stderr.until(/Serving on (\S+); Ctrl-C ends it\n/), ended]);
  assert.ok(typeof serving === "object", `it ended: ${world.stderr.text()}`);
  const lines = world.stdout.text().split("\n").filter((line) => line !== "");
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

describe("mp sandbox", () => {
  it("holds events against the plan of a folder", async () => {
    folder.write(
      "plan/events/purchase.toml",
      'name = "Purchase"\nrequired = ["amount"]\n[properties.amount]\ntype = "number"\n',
    );
    const running = await start("--plan", folder.path("plan"), "--outside-plan", "refuse");
    try {
      const track = (event: string, ...properties: string[]) =>
        runProgram(["track", event, "--distinct-id", "u", ...properties], { env: { ...running.env, HOME } });
      const good = await track("Purchase", "--property", "amount:=5");
      assert.equal(good.code, 0, good.stderr);
      assert.match((await track("Purchase")).stderr, /outside the plan: amount is required, and missing/);
      assert.match((await track("Prchase")).stderr, /outside the plan: "Prchase" is not in the plan/);
    } finally {
      assert.equal(await running.stop(), 0);
    }
  });

  it("refuses nothing outside of a plan that it does not have", async () => {
    const { code, stderr } = await runProgram(["sandbox", "--port", "0", "--outside-plan", "refuse"], {
      env: { HOME },
    });
    assert.equal(code, 3);
    assert.match(stderr, /Cannot refuse events outside the plan: there is no plan\nhint: add --plan FOLDER/);
  });

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
        /^Loaded \d+ events and \d+ profiles \(2026-11-21 to 2026-11-23\) in 0 ms\nAsk it: /,
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

  it("can behave as a smaller plan does, and as Mixpanel does with too many events of one id", async () => {
    const running = await start("--plan-lacks", "query", "--history-days", "30", "--hot-shard-events", "1");
    const ask = (...argv: string[]) => runProgram(argv, { env: { ...running.env, HOME } });
    try {
      const report = await ask("query", "segmentation", "A", "--last", "2d");
      assert.match(report.stderr, /Your plan does not support the Query API/);
      assert.notEqual(report.code, 0);
      const early = await ask("export", "events", "--from", "2026-01-01", "--to", "2026-01-02");
      assert.match(early.stderr, /Date range exceeds 30 days into the past/);
      assert.notEqual(early.code, 0);
      for (let n = 0; n < 2; n++) assert.equal((await ask("track", "A", "--distinct-id", "u")).code, 0);
      const { stdout } = await ask("export", "events", "--last", "2d");
      const names = stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line).event);
      assert.deepEqual(names.sort(), ["$hotshard_events", "$hotshard_record", "A"]);
    } finally {
      await running.stop();
    }
  });

  it("says when its port is taken, and how to get another", async () => {
    const running = await start();
    try {
      const port = new URL(running.url).port;
      const { code, stdout, stderr } = await runProgram(["sandbox", "--port", port], { env: { HOME } });
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
      const { code, stdout } = await runProgram(["sandbox", "--port", "0", ...argv], { env: { HOME } });
      assert.deepEqual([code, stdout], [3, ""], argv.join(" "));
    }
  });

  it("stops serving when nobody reads what it prints", async () => {
    const world = testWorld({ env: { HOME } });
    world.stdout.close();
    assert.equal(await run(["sandbox", "--port", "0"], world), 0);
  });

  it("says on a terminal how to use it, and prints its variables there when it is asked to", async () => {
    const running = await startIn({ terminal: true });
    try {
      const { host } = new URL(running.url);
      assert.equal(running.world.stdout.text(), "");
      const said = running.world.stderr.text();
      assert.match(said, /^Ask it: +mp -a sandbox events list\n/);
      assert.ok(said.includes(`${running.url}/ in a browser`), said);
      assert.ok(said.includes(`Mixpanel.init("${SANDBOX.token}",\n    { host: "${host}", protocol: "http" })\n`), said);
    } finally {
      await running.stop();
    }
    const asked = await startIn({ terminal: true }, "--print-env");
    await asked.stop();
    assert.equal(asked.env.MP_API_BASE_URL, asked.url);
  });
});

const track = (url: string, events: unknown) =>
  fetch(`${url}/track`, { method: "POST", body: JSON.stringify(events) }).then((answer) => answer.text());
const event = (name: string, properties: Record<string, unknown> = {}) => ({
  event: name,
  properties: { token: SANDBOX.token, distinct_id: "u-1", ...properties },
});

describe("mp sandbox --log", () => {
  it("writes a line for each request, and what was refused in it", async () => {
    const running = await start("--log");
    try {
      await track(running.url, [event("Sign Up"), event("Purchase"), event("Sign Up")]);
      await track(running.url, event("Old", { time: 1 }));
      await track(running.url, event("A", { token: "0123456789abcdef0123456789abcdef" }));
      const said = running.world.stderr.text().split("\n");
      const lines = said.filter((line) => line.includes("/track")).map((line) => line.replace(/\d+ ms/, "0 ms"));
      assert.deepEqual(lines, [
        "12:00:00Z  POST /track  200  0 ms  3 events: Sign Up ×2, Purchase",
        "12:00:00Z  POST /track  200  0 ms  refused: time, must be within the last 5 days",
        "12:00:00Z  POST /track  200  0 ms  1 dropped: no project has the token 0123…",
      ]);
    } finally {
      await running.stop();
    }
  });

  it("is in colour on a terminal, red for what was refused, and obeys nothing that is sent", async () => {
    const running = await startIn({ terminal: true }, "--log");
    try {
      await track(running.url, event("Evil\u001b[31m\nForged"));
      await track(running.url, event(""));
      const said = running.world.stderr.text();
      assert.ok(said.includes("1 event: Evil␛[31m Forged\n"), said);
      assert.ok(said.includes("\u001b[32m200\u001b[0m"), said);
      assert.ok(said.includes("\u001b[31mrefused: event, missing\u001b[0m\n"), said);
    } finally {
      await running.stop();
    }
    const plain = await startIn({ terminal: true, env: { NO_COLOR: "1" } }, "--log");
    await track(plain.url, event(""));
    await plain.stop();
    assert.ok(!plain.world.stderr.text().includes("\u001b"));
  });
});

describe("the account sandbox", () => {
  const mp = (argv: string[], env: Record<string, string> = {}) => runProgram(argv, { env: { HOME, ...env } });

  it("asks the sandbox that runs, and only as long as it does", async () => {
    const running = await start("--demo", "--days", "3", "--events", "300");
    try {
      for (const [argv, env] of [[["-a", "sandbox"], {}], [[], { MP_ACCOUNT: "sandbox" }]] as const) {
        const { code, stdout, stderr } = await mp(["events", "list", ...argv], env);
        assert.deepEqual([code, JSON.parse(stdout).includes("Purchase")], [0, true], stderr);
      }
      // What needs an OAuth token, as the README has it.
      const deleted = await mp(["gdpr", "delete", "customer-10002", "--yes", "-a", "sandbox"]);
      assert.equal(deleted.code, 0, deleted.stderr);
      const fixed = await mp(["projects", "use", "5", "-a", "sandbox"]);
      assert.match(fixed.stderr, /hint: it belongs to 'mp sandbox', and cannot be changed; 'mp login' adds one/);
      const completed = await mp(["__complete", "--new", "--", "-a"]);
      assert.match(completed.stdout, /^sandbox\t/m);
      const folder = `${HOME}/.local/state/mp/sandboxes`;
      const [file] = readdirSync(folder);
      assert.equal(statSync(`${folder}/${file}`).mode & 0o777, 0o600);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
    } finally {
      await running.stop();
    }
    const { code, stdout, stderr } = await mp(["events", "list", "-a", "sandbox"]);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.equal(
      stderr,
      'mp: Cannot use --account "sandbox": no sandbox is running\n' +
        "hint: start one in another terminal: mp sandbox --demo\n",
    );
    assert.match(
      (await mp(["events", "list"], { MP_ACCOUNT: "sandbox" })).stderr,
      /^mp: Cannot use MP_ACCOUNT "sandbox": no/,
    );
  });

  it("is never mixed with what the environment says of another project", async () => {
    const running = await start();
    const real = {
      MP_ACCOUNT: "sandbox",
      MP_USERNAME: "real.mp-service-account",
      MP_SECRET: "real-0123456789",
      MP_PROJECT_ID: "42",
      MP_WORKSPACE_ID: "43",
      MP_TOKEN: "0123456789abcdef",
      MP_API_BASE_URL: "http://127.0.0.1:1",
    };
    try {
      const { stdout } = await mp(["whoami", "-f", "json"], real);
      const { project, workspace, service_account } = JSON.parse(stdout);
      assert.deepEqual([project.value, workspace.value], ["1000001", "1000002"]);
      assert.match(JSON.stringify(service_account.value), /sandbox\.mp-service-account/);
      assert.ok(stdout.includes(running.url), stdout);
      assert.doesNotMatch(stdout, /real\.mp|127\.0\.0\.1:1"/);
    } finally {
      await running.stop();
    }
  });

  it("is the sandbox that was started last, and none that was killed", async () => {
    const first = await start();
    const second = await startIn({}, "--demo", "--days", "2", "--events", "100");
    writeFileSync(`${HOME}/.local/state/mp/sandboxes/1.json`, '{"process_id": 999999999, "started_ms": 9e15}');
    writeFileSync(`${HOME}/.local/state/mp/sandboxes/2.json`, "{");
    const asked = async () => JSON.parse((await mp(["whoami", "-a", "sandbox", "-f", "json"])).stdout).base_url?.value;
    try {
      // The clock of these worlds stands still, so that only one of them is later.
      assert.ok([first.url, second.url].includes(await asked()));
      await second.stop();
      assert.equal(await asked(), first.url);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it("is the user's own, when there is one", async () => {
    const config = folder.write("own/config.toml", '[accounts.sandbox]\nproject_token = "tok-0123456789"\n');
    chmodSync(config, 0o600);
    const own = { MP_CONFIG_PATH: config };
    const { stdout } = await mp(["whoami", "-a", "sandbox", "-f", "json"], own);
    assert.match(JSON.parse(stdout).account.value, /sandbox/);
    const running = await startIn({ terminal: true, env: own });
    await running.stop();
    assert.match(
      running.world.stderr.text(),
      /^Ask it: +with the variables below; the account 'sandbox' is another one\n/,
    );
    assert.equal(running.env.MP_API_BASE_URL, running.url);
  });

  it("is no condition for a sandbox: a state folder that cannot be written to is only told of", async () => {
    const state = folder.write("state", "");
    const running = await startIn({ env: { XDG_STATE_HOME: state } });
    await running.stop();
    assert.match(running.world.stderr.text(), /^The account 'sandbox' cannot be used: /);
  });
});
