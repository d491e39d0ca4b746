/** `mp watch`: lines for changes on a terminal, one each time in a pipe. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { run } from "../../src/program.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram, testWorld, type WorldOptions } from "../helpers/world.ts";

const folder = temporaryFolder();
let server: StubServer;
beforeEach(async () => void (server = await startStubServer()));
afterEach(() => server.finish());

const TARGET = "/api/query/segmentation";
const counted = (number: number, day = "2026-11-23") => ({
  json: { data: { series: [day], values: { Purchase: { [day]: number } } }, legend_size: 1 },
});
const answers = (...numbers: number[]) => {
  for (const number of numbers) server.on("GET", TARGET, counted(number));
};
const env = () => ({ ...sandboxEnvironment(server.url), HOME: folder.path("home") });
const watch = (more: string[], world: WorldOptions = {}) =>
  runProgram(["watch", "Purchase", "--last", "1d", "--every", "5m", "--no-pacing", ...more], { env: env(), ...world });

describe("mp watch", () => {
  it("prints a line each time in a pipe, with the difference", async () => {
    answers(5, 5, 3);
    const { code, stdout, stderr } = await watch(["--times", "3", "--crit", "<4"]);
    assert.deepEqual(stdout.split("\n"), [
      "2026-11-23T12:00:00Z OK: Purchase 5 (last 1d)",
      "2026-11-23T12:05:00Z OK: Purchase 5 (last 1d)",
      "2026-11-23T12:10:00Z CRITICAL: Purchase 3 (last 1d), below 4 [-2]",
      "",
    ]);
    assert.deepEqual([code, stderr], [
      0,
      "Asking every 5 m 00 s, which takes 12 queries an hour of the project's 60; Ctrl-C ends it\n",
    ]);
  });

  it("prints on a terminal what has changed", async () => {
    answers(5, 5, 5, 7);
    const { stdout } = await watch(["--times", "4", "--no-color"], { terminal: true });
    assert.equal(stdout, "12:00:00 OK: Purchase 5 (last 1d)\n12:15:00 OK: Purchase 7 (last 1d) [+2]\n");
  });

  it("gives programs an object each time", async () => {
    answers(5, 6);
    const { stdout } = await watch(["--times", "2", "-f", "json"]);
    const [first, second] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([first.time, first.state, first.value], ["2026-11-23T12:00:00.000Z", "OK", 5]);
    assert.deepEqual([second.time, second.value], ["2026-11-23T12:05:00.000Z", 6]);
  });

  it("moves on with the days", async () => {
    answers(5);
    server.on("GET", TARGET, counted(0, "2026-11-24"));
    await watch(["--times", "2"], { clock: fakeClock(Date.UTC(2026, 10, 23, 23, 58)) });
    assert.deepEqual(server.requests.map(({ query }) => query.get("from_date")), ["2026-11-23", "2026-11-24"]);
  });

  it("shows a later failure as UNKNOWN and goes on, and ends with a first one", async () => {
    answers(5);
    server.on("GET", TARGET, { status: 403, json: { error: "no" } });
    answers(5);
    const { code, stdout } = await watch(["--times", "3"]);
    assert.equal(code, 0);
    assert.match(stdout, /OK: .*\n.*Z UNKNOWN: Purchase: .*\n.*Z OK: Purchase 5 \(last 1d\)\n$/);
    server.on("GET", TARGET, { status: 403, json: { error: "no" } });
    const first = await watch(["--times", "3"]);
    assert.deepEqual([first.code, first.stdout], [2, ""]);
  });

  it("ends with 130 on Ctrl-C", async () => {
    answers(5);
    const controller = new AbortController();
    const clock = fakeClock(NOW_MS);
    const world = {
      ...testWorld({ env: env(), signal: controller.signal }),
      clock: {
        ...clock,
        sleep: (_milliseconds: number, signal?: AbortSignal) => {
          controller.abort(new Error("Ctrl-C"));
          return Promise.reject(signal?.reason);
        },
      },
    };
    const code = await run(
      ["watch", "Purchase", "--last", "1d", "--no-pacing"],
      world as typeof world & { clock: typeof clock },
    );
    assert.equal(code, 130);
    assert.match(world.stdout.text(), /OK: Purchase 5/);
  });

  it("tells of each change of the state", async () => {
    server.on("POST", "/hook", { body: "ok" }, 2);
    answers(5, 3, 3, 5);
    await watch(["--times", "4", "--name", "W", "--crit", "<4", "--notify", "HOOK"], {
      env: { ...env(), HOOK: `${server.url}/hook` },
    });
    const told = server.requests.filter(({ path }) => path === "/hook").map(({ text }) => JSON.parse(text).text);
    assert.deepEqual(told, ["CRITICAL: W 3 (last 1d), below 4", "OK: W 5 (last 1d)"]);
  });

  it("says that a quota does not suffice", async () => {
    answers(5);
    const { stderr } = await watch(["--times", "1", "--every", "30s"]);
    assert.match(stderr, /120 queries an hour, more than the 60 that a project has/);
  });

  for (
    const [argv, words] of [
      [["--every", "1s"], /10s is the least/],
      [["--times", "0"], /--times/],
      [["--warn", "few"], /--warn "few"/],
      [["--max-age", "5m"], /unknown option/],
      [["-f", "csv"], /as csv/],
      [["--jq", ".x"], /--jq/],
      [["-o", "x.json"], /no end/],
    ] as [string[], RegExp][]
  ) {
    it(`refuses ${argv.join(" ")} before it asks, with the exit code of all commands`, async () => {
      const { code, stdout, stderr } = await watch(argv);
      assert.deepEqual([code, stdout], [3, ""]);
      assert.match(stderr, words);
    });
  }
});
