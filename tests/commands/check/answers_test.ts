/** `mp check` and answers as Mixpanel's documents and clients have them, and answers that nobody expects. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "../stubbed.ts";

const folder = temporaryFolder();
let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

const check = (...argv: string[]) =>
  stubbed.mp(["check", ...argv, "--no-pacing"], { env: { HOME: folder.path("home") } });
const answers = (path: string, json: unknown, method = "GET") => stubbed.server.on(method, path, { json });
const LAST = ["--last", "3d"];
const steps = (...counts: number[]) => ({
  count: Object.fromEntries(counts.map((count, index) => [`${index + 1}. S`, { all: count }])),
  step_conv_ratio: Object.fromEntries(counts.map((_, index) => [`${index + 1}. S`, { all: 1 }])),
  overall_conv_ratio: Object.fromEntries(
    counts.map((count, index) => [`${index + 1}. S`, { all: count / counts[0]! }]),
  ),
});

describe("mp check reads", () => {
  it("a count by day", async () => {
    const values = { Purchase: { "2026-11-21": 7, "2026-11-22": 0, "2026-11-23": 1 } };
    answers("/api/query/segmentation", { data: { series: Object.keys(values.Purchase), values }, legend_size: 1 });
    assert.equal((await check("Purchase", ...LAST)).stdout, "OK: Purchase 8 (last 3d) | purchase=8;;;0;\n");
    const { query } = stubbed.server.requests[0]!;
    assert.deepEqual(
      ["event", "from_date", "to_date", "type", "interval", "unit"].map((name) => query.get(name)),
      ["Purchase", "2026-11-21", "2026-11-23", "general", null, null],
    );
  });

  it("no day of an event as 0", async () => {
    answers("/api/query/segmentation", { data: { series: ["2026-11-23"], values: {} }, legend_size: 0 });
    assert.match((await check("Purchase", ...LAST, "--crit", "<1")).stdout, /^CRITICAL: Purchase 0 /);
  });

  it("a funnel of the reference, which has the steps alone", async () => {
    answers("/api/query/funnels", { data: { "2026-11-21": [{ name: "A", count: 200 }, { name: "B", count: 50 }] } });
    assert.match((await check("--funnel", "7", ...LAST)).stdout, /^OK: Funnel 7 25% /);
    assert.equal(stubbed.server.requests[0]!.query.get("interval"), "3");
  });

  it("a saved report of several numbers, over time and in all", async () => {
    const series = {
      Purchase: { "2026-11-22T00:00:00+01:00": 5, "2026-11-23T00:00:00+01:00": 1 },
      "Sign Up": { "2026-11-22T00:00:00+01:00": 9, "2026-11-23T00:00:00+01:00": 2 },
    };
    answers("/api/query/insights", { series });
    assert.match((await check("--report", "9", "--series", "Sign Up")).stdout, /^OK: Sign Up 9 \|/);
    answers("/api/query/insights", { series });
    assert.match(
      (await check("--report", "9")).stdout,
      /^UNKNOWN: .*2 numbers.*"Purchase", "Sign Up"; hint: name one: --series "Purchase"/,
    );
    answers("/api/query/insights", { series });
    assert.match((await check("--report", "9", "--series", "Sing Up")).stdout, /did you mean --series "Sign Up"/);
    answers("/api/query/insights", { series: { Purchase: { all: 12 } } });
    assert.match((await check("--report", "9")).stdout, /^OK: Report 9 12 \|/);
    answers("/api/query/insights", { series: { Purchase: { DE: 3, US: 4 } } });
    assert.match((await check("--report", "9", "--series", "Purchase · US")).stdout, /^OK: Purchase · US 4 \|/);
    answers("/api/query/insights", { series: { F: steps(80, 20, 4) } });
    assert.match((await check("--report", "9", "--step", "2")).stdout, /^OK: Report 9 25% \|/);
  });

  it("the weeks of a saved report, of which the last is not over", async () => {
    const series = { P: { "2026-11-09": 5, "2026-11-16": 6, "2026-11-23": 1 } };
    for (const [point, value] of [["complete", 6], ["latest", 1], ["sum", 12]] as const) {
      answers("/api/query/insights", { series });
      assert.match((await check("--report", "9", "--point", point)).stdout, new RegExp(`^OK: Report 9 ${value} `));
    }
  });

  it("the newest event by the project's own clock", async () => {
    answers("/api/app/me", { status: "ok", results: { projects: { 1000001: { name: "P", timezone: "Asia/Tokyo" } } } });
    const purchases = { "2026-11-23 19:58:00": 2, "2026-11-23 20:30:00": 1, "2026-11-23 20:31:00": 0 };
    answers("/api/query/segmentation", { data: { series: Object.keys(purchases), values: { Purchase: purchases } } });
    // 20:31 in Tokyo is 11:31 in UTC, and it is noon.
    assert.match((await check("Purchase", "--lag")).stdout, /^OK: Purchase 29 m 00 s ago \| purchase_lag=1740s/);
    const { query } = stubbed.server.requests[1]!;
    assert.deepEqual([query.get("from_date"), query.get("to_date"), query.get("unit")], [
      "2026-11-22",
      "2026-11-23",
      "minute",
    ]);
  });

  it("the newest event of a week by the hour", async () => {
    answers("/api/query/segmentation", { data: { series: [], values: { Purchase: { "2026-11-18 07:00:00": 2 } } } });
    const { stdout, code } = await check("Purchase", "--absent-for", "7d", "--tz", "UTC");
    assert.deepEqual([stdout, code], ["OK: Purchase 5 d 04 h ago | purchase_lag=446400s;;~:604800;0;\n", 0]);
    const { query } = stubbed.server.requests[0]!;
    assert.deepEqual([query.get("from_date"), query.get("unit")], ["2026-11-16", "hour"]);
  });
});

describe("mp check finds no number, and is UNKNOWN,", () => {
  const CASES: readonly [what: string, path: string, method: string, json: unknown, argv: string[], words: RegExp][] = [
    [
      "where there is nothing",
      "/api/query/segmentation",
      "GET",
      { data: { series: [], values: {} } },
      ["E", ...LAST],
      /it has no days/,
    ],
    [
      "in another shape",
      "/api/query/segmentation",
      "GET",
      { error: "later" },
      ["E", ...LAST],
      /Cannot read the answer|later/,
    ],
    [
      "in users of several periods",
      "/api/query/segmentation",
      "GET",
      { data: { series: ["2026-11-21", "2026-11-22"], values: { E: { "2026-11-21": 1, "2026-11-22": 2 } } } },
      ["E", ...LAST, "--math", "unique"],
      /cannot be added up/,
    ],
    ["in null", "/api/query/insights", "POST", { series: { "A / B": { all: null } } }, [
      "A",
      "B",
      "--formula",
      "A / B",
      ...LAST,
    ], /null in its place/],
    ["in several numbers", "/api/query/insights", "POST", { series: { A: { all: 1 }, B: { all: 2 } } }, [
      "A",
      "B",
      "--together",
      ...LAST,
    ], /it has 2 numbers/],
    ["in an empty report", "/api/query/insights", "GET", { series: {} }, ["--report", "9"], /nothing in it/],
    [
      "where no period is over",
      "/api/query/insights",
      "GET",
      { series: { P: { "2026-11-23": 3 } } },
      ["--report", "9"],
      /--point latest/,
    ],
    [
      "in a funnel without steps",
      "/api/query/funnels",
      "GET",
      { data: {} },
      ["--funnel", "7", ...LAST],
      /it has 0 funnels/,
    ],
    [
      "in a funnel that nobody began",
      "/api/query/funnels",
      "GET",
      { data: { "2026-11-21": { steps: [{ event: "A", count: 0 }, { event: "B", count: 0 }] } } },
      ["--funnel", "7", ...LAST],
      /nobody began/,
    ],
    [
      "beyond the last step",
      "/api/query/funnels",
      "GET",
      { data: { "2026-11-21": { steps: [{ event: "A", count: 5 }, { event: "B", count: 1 }] } } },
      ["--funnel", "7", "--step", "3", ...LAST],
      /has 2 steps/,
    ],
    [
      "without a time zone",
      "/api/app/me",
      "GET",
      { status: "ok", results: { projects: {} } },
      ["E", "--lag"],
      /--tz Europe/,
    ],
  ];
  for (const [what, path, method, json, argv, words] of CASES) {
    it(what, async () => {
      answers(path, json, method);
      const { code, stdout } = await check(...argv);
      assert.equal(code, 3, stdout);
      assert.match(stdout, /^UNKNOWN: /);
      assert.match(stdout, words);
    });
  }

  it("and has the server's own words, in one line without the bar of performance data", async () => {
    stubbed.server.on("GET", "/api/query/segmentation", {
      status: 400,
      json: { error: "bad\nevent | name \u001b[31m" },
    });
    const { stdout } = await check("E", ...LAST);
    assert.match(stdout, /^UNKNOWN: [^|\n]*bad event \/ name[^|\n]*\n$/);
    assert.ok(!stdout.includes("\u001b"));
  });
});

describe("mp check --notify to Slack", () => {
  it("sends a text alone, with Slack's characters escaped", async () => {
    answers("/api/query/segmentation", { data: { series: ["2026-11-23"], values: { E: { "2026-11-23": 3 } } } });
    stubbed.server.on("POST", "http://hooks.slack.com/services/T/S", { body: "ok" });
    const { code, stderr } = await stubbed.mp(
      ["check", "E", "--last", "1d", "--name", "A & B <now>", "--crit", "<5", "--notify", "SLACK", "--no-pacing"],
      {
        env: {
          HOME: folder.path("slack"),
          SLACK: "http://hooks.slack.com/services/T/S",
          http_proxy: stubbed.server.url,
          no_proxy: "127.0.0.1",
        },
      },
    );
    assert.deepEqual([code, stderr], [2, ""]);
    assert.deepEqual(JSON.parse(stubbed.server.requests[1]!.text), {
      text: "CRITICAL: A &amp; B &lt;now&gt; 3 (last 1d), below 5",
    });
  });
});
