import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { type RunningServer, serve } from "../../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { createSandbox } from "../../src/sandbox/sandbox.ts";
import { openStore, type Store } from "../../src/sandbox/store/store.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram, type WorldOptions } from "../helpers/world.ts";

const folder = temporaryFolder();
const HOME = folder.path("home");
const seconds = NOW_MS / 1000;

const event = (name: string, properties: Record<string, unknown> = {}) => ({
  event: name,
  properties: { token: SANDBOX.token, distinct_id: "u-1", time: seconds, $insert_id: "i", ...properties },
});

describe("mp events tail, of a sandbox", () => {
  let lab: ProgramLab;
  before(() => lab = openProgramLab());
  after(() => lab.stop());

  const post = async (body: string) =>
    await (await fetch(`${lab.url}/track`, { method: "POST", body, headers: { "content-type": "application/json" } }))
      .text();
  const track = (...events: unknown[]) => post(JSON.stringify(events));

  /** Runs it, and lets events come when it has begun to wait. */
  async function tail(argv: string[], act: () => Promise<unknown>, world: WorldOptions = {}) {
    const before = lab.requests.length;
    const ended = lab.mp(["events", "tail", ...argv], { ...world, env: { HOME, ...world.env } });
    const isWaiting = () => lab.requests.slice(before).filter(({ path }) => path === "/sandbox/feed").length >= 2;
    for (let tries = 0; tries < 200 && !isWaiting(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    await act();
    return await ended;
  }

  it("shows what comes from now on, as JSON Lines with every digit", async () => {
    await track(event("Before"));
    const { code, stdout, stderr } = await tail(["--max", "2"], async () => {
      const body =
        `[{"event":"A","properties":{"token":"${SANDBOX.token}","distinct_id":"u","time":${seconds},"$insert_id":"a","n":12345678901234567890}}]`;
      await post(body);
      await track(event("B"), event("C"));
    });
    assert.equal(code, 0, stderr);
    const head =
      `{"event":"A","properties":{"time":${seconds},"distinct_id":"u","$insert_id":"a","n":12345678901234567890}}`;
    const [first, second, ...rest] = stdout.split("\n");
    assert.equal(first, head);
    assert.equal(JSON.parse(second!).event, "B");
    assert.deepEqual(rest, [""]);
    assert.equal(stderr, `New events of the sandbox at ${lab.url}; Ctrl-C ends it\n`);
  });

  it("shows only events of the names that are asked for, and of the project", async () => {
    const other = { id: 2_000_001, organizationId: 1, workspaceId: 2_000_002, name: "Other", token: "other-token" };
    lab.store.projects.addProject({
      ...other,
      secret: "other-0123",
      timeZone: "UTC",
      storesLocalTime: false,
      identity: "original",
      createdMs: 0,
    });
    const { stdout } = await tail(["--event", "A", "--event", "B", "--max", "2"], async () => {
      await track(event("A", { token: "other-token", n: 1 }), event("C"), event("A", { n: 2 }), event("B"));
    });
    assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line).event), ["A", "B"]);
    assert.equal(JSON.parse(stdout.split("\n")[0]!).properties.n, 2);
  });

  it("shows a line for each on a terminal: properties are cut, names and ids are not", async () => {
    const id = "0123456789abcdef0123456789abcdef-0123456789abcdef";
    const { stdout } = await tail(["--max", "3"], async () => {
      await track(
        event("Sign Up", { plan: "pro", $os: "Linux", mp_lib: "node", list: [1, "a"], long: "x".repeat(200) }),
        event("A rather long name of an event", { distinct_id: id, plan: "pro" }),
        event("Evil\u001b[31m\n", { time: seconds - 86_400, "a\u0007": "b" }),
      );
    }, { terminal: { columns: 80 }, env: { NO_COLOR: "1" } });
    const lines = stdout.trimEnd().split("\n");
    assert.deepEqual(lines, [
      '12:00:00  Sign Up               u-1           plan=pro list=[1,"a"] long=xxxxxx…',
      `12:00:00  A rather long name of an event  ${id}`,
      "2026-11-22 12:00:00  Evil␛[31m             u-1           a␇=b",
    ]);
    assert.equal(lines[0]!.length, 80);
  });

  it("ends with Ctrl-C at once, and that is no failure", { timeout: 10_000 }, async () => {
    const controller = new AbortController();
    const { code, stderr } = await tail([], () => Promise.resolve(controller.abort(new Error("Interrupted"))), {
      signal: controller.signal,
    });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /mp: /);
  });

  it("refuses what a stream cannot be, before anything is asked", async () => {
    const before = lab.requests.length;
    for (
      const argv of [["--jq", "."], ["-o", folder.path("x.json")], ["-f", "csv"], ["--every", "1s"], ["--max", "0"]]
    ) {
      const { code } = await lab.mp(["events", "tail", ...argv], { env: { HOME } });
      assert.equal(code, 3, argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });
});

describe("mp events tail, of Mixpanel", () => {
  let store: Store;
  let server: RunningServer;
  let clock: FakeClock;
  let exports: { from: string | null; to: string | null; names: string | null; atMs: number }[] = [];
  /** What happens at Mixpanel before the n-th export; an answer takes its place. */
  let onExport: (number: number) => Response | void = () => {};

  before(() => {
    store = openStore(":memory:");
    seedDefaults(store);
  });
  after(() => store.close());

  async function tail(argv: string[], happens: typeof onExport, startMs = NOW_MS) {
    clock = fakeClock(startMs);
    exports = [];
    onExport = happens;
    const sandbox = createSandbox({ store, clock });
    server = serve((request, address) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname !== "/api/2.0/export") return new Response("404 page not found\n", { status: 404 });
      const [from, to, names] = ["from_date", "to_date", "event"].map((name) => searchParams.get(name));
      exports.push({ from: from!, to: to!, names: names!, atMs: clock.now() });
      return onExport(exports.length) ?? sandbox.handle(request, address);
    }, { hostname: "127.0.0.1", port: 0 });
    const env = { ...sandboxEnvironment(`http://127.0.0.1:${server.port}`), HOME };
    try {
      return await runProgram(["events", "tail", ...argv], { clock, env });
    } finally {
      await server.stop();
    }
  }
  const happen = (name: string, timeMs: number, insertId: string) =>
    store.events.append(SANDBOX.projectId, [
      rowOfRecord({ event: name, properties: { time: timeMs / 1000, distinct_id: "u", $insert_id: insertId } }),
    ]);
  const shown = (stdout: string) => stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line).event);

  it("shows what a later export of today has and the one before had not", async () => {
    happen("Old", NOW_MS - 1000, "1");
    const { code, stdout, stderr } = await tail(["--for", "3m"], (number) => {
      if (number === 2) happen("New", clock.now() - 1000, "2");
      // A copy is not new, and what comes late is.
      if (number === 3) [happen("New", NOW_MS + 59_000, "2"), happen("Late", NOW_MS - 3_600_000, "3")];
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(shown(stdout), ["New", "Late"]);
    assert.deepEqual(exports.map(({ from, to, atMs }) => [from, to, (atMs - NOW_MS) / 1000]), [
      ["2026-11-23", "2026-11-23", 0],
      ["2026-11-23", "2026-11-23", 60],
      ["2026-11-23", "2026-11-23", 120],
    ]);
    assert.equal(
      stderr,
      "Asking for Mixpanel's export every 1 m 00 s, which takes 60 of its 60 requests an hour; Ctrl-C ends it\n" +
        "1 events of today so far; what comes from now on follows\n",
    );
  });

  it("asks as often as it is told, for the names that are wanted, and ends after so many events", async () => {
    const { code, stdout, stderr } = await tail(
      ["--every", "5m", "--event", "X", "--max", "1"],
      (number) => number === 3 ? happen("X", clock.now(), "x") : undefined,
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(shown(stdout), ["X"]);
    assert.deepEqual(exports.map(({ names, atMs }) => [names, atMs - NOW_MS]), [
      ['["X"]', 0],
      ['["X"]', 300_000],
      ['["X"]', 600_000],
    ]);
    assert.match(stderr, /every 5 m 00 s, which takes 12 of its 60 requests an hour/);
  });

  it("goes over midnight", async () => {
    const midnight = Date.UTC(2026, 10, 24);
    const { stdout } = await tail(["--every", "40m", "--for", "130m"], (number) => {
      if (number === 3) happen("Yesterday", midnight - 1000, "y");
      if (number === 4) happen("Today", midnight + 1000, "t");
    }, midnight - 30 * 60_000);
    assert.deepEqual(exports.map(({ from, to }) => [from, to]), [
      ["2026-11-23", "2026-11-23"],
      ["2026-11-23", "2026-11-24"],
      ["2026-11-23", "2026-11-24"],
      ["2026-11-24", "2026-11-24"],
    ]);
    assert.deepEqual(shown(stdout), ["Yesterday", "Today"]);
  });

  it("goes on when an export fails or is not whole, and shows nothing twice", async () => {
    const line = (name: string) =>
      `{"event":"${name}","properties":{"time":${NOW_MS / 1000},"distinct_id":"u","$insert_id":"${name}"}}\n`;
    const { code, stdout, stderr } = await tail(["--for", "6m"], (number) => {
      if (number === 1) return new Response(line("First"));
      if (number === 2) return new Response(line("First") + line("Second") + "\nterminated early\n");
      if (number < 5) return new Response(line("First") + line("Second") + line("Third"));
      return new Response("no", { status: 403 });
    });
    assert.deepEqual(shown(stdout), ["Second", "Third"]);
    assert.match(stderr, /; the next try is at 12:0\d:\d\dZ\n/);
    assert.equal(code, 2, stderr);
  });

  it("waits as long as it is told to at a limit", async () => {
    const { code, stdout, stderr } = await tail(["--max", "1"], (number) => {
      if (number === 2) return new Response("{}", { status: 429, headers: { "retry-after": "600" } });
      if (number === 3) happen("After", NOW_MS, "after");
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(shown(stdout), ["After"]);
    assert.ok(exports[2]!.atMs - exports[1]!.atMs >= 600_000);
    assert.match(stderr, /Waiting: /);
  });
});
