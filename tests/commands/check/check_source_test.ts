/** `mp check` and `mp watch` with `--source`: files are asked, without an account; it is noon of 2026-11-23. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { describe, it } from "node:test";
import { startStubServer } from "../../helpers/stub_server.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { NOW_MS, runProgram, type WorldOptions } from "../../helpers/world.ts";

const folder = temporaryFolder();
const line = (event: string, time: string, distinct_id = "u-1", more: Record<string, unknown> = {}) =>
  `${JSON.stringify({ event, properties: { time: Date.parse(time) / 1000, distinct_id, ...more } })}\n`;
const lake = folder.write(
  "lake/events.jsonl",
  [
    line("View", "2026-11-21T08:00:00Z"),
    line("Buy", "2026-11-21T09:00:00Z", "u-1", { amount: 10 }),
    line("View", "2026-11-21T23:30:00Z", "u-2"),
    line("Buy", "2026-11-22T23:30:00Z", "u-2", { amount: 2.5 }),
    line("Buy", "2026-11-23T11:30:20Z", "u-3", { amount: 1 }),
  ].join(""),
);
const broken = folder.write("broken.jsonl.gz", "no gzip");

const run = (argv: readonly string[], world: WorldOptions = {}) =>
  runProgram([...argv, "-q"], { ...world, env: { HOME: folder.path("home"), ...world.env } });

const LINES: readonly [what: string, argv: string[], code: number, line: string][] = [
  ["a count in order", ["Buy", "--last", "3d", "--warn", "<3"], 0, "OK: Buy 3 (last 3d) | buy=3;3:;;0;"],
  ["a critical count", ["Buy", "--last", "3d", "--crit", "<4"], 2, "CRITICAL: Buy 3 (last 3d), below 4 | buy=3;;4:;0;"],
  [
    "the days of another zone",
    ["Buy", "--from", "2026-11-23", "--to", "2026-11-23", "--tz", "Europe/Berlin"],
    0,
    "OK: Buy 2 (2026-11-23) | buy=2;;;0;",
  ],
  [
    "a sum",
    ["Buy", "--math", "total:amount", "--last", "3d", "--warn", ">13"],
    1,
    "WARNING: Buy total amount 13.5 (last 3d), above 13 | buy_total_amount=13.5;~:13;;;",
  ],
  [
    "a drop",
    ["View", "--from", "2026-11-22", "--to", "2026-11-22", "--drop", "50%"],
    2,
    "CRITICAL: View 0 (2026-11-22), down 100% from 2 in 2026-11-21, fallen by more than 50% | " +
    "view=0;;;0; view_before=2;;;;",
  ],
  [
    "a conversion",
    ["--funnel", "View", "--funnel", "Buy", "--within", "2h", "--last", "3d", "--crit", "<50%"],
    0,
    "OK: View → Buy 50% (last 3d) | view_buy=50%;;50:;0;100",
  ],
  [
    "the newest event",
    ["Buy", "--absent-for", "20m"],
    2,
    "CRITICAL: Buy 29 m 00 s ago, absent for more than 20 m 00 s",
  ],
  [
    "the newest event, by another clock",
    ["Buy", "--lag", "--tz", "Asia/Kathmandu"],
    0,
    "OK: Buy 29 m 00 s ago | buy_lag=1740s;;;0;",
  ],
];

describe("mp check --source", () => {
  for (const [what, argv, code, expected] of LINES) {
    it(`checks ${what}`, async () => {
      const found = await run(["check", ...argv, "--source", lake]);
      assert.deepEqual([found.code, found.stderr], [code, ""]);
      assert.ok(found.stdout.startsWith(expected), found.stdout);
    });
  }

  it("is meant by MP_SOURCE and MP_SOURCE_TZ", async () => {
    const days = ["--from", "2026-11-23", "--to", "2026-11-23"];
    const { stdout } = await run(["check", "Buy", ...days], {
      env: { MP_SOURCE: lake, MP_SOURCE_TZ: "Europe/Berlin" },
    });
    assert.equal(stdout, "OK: Buy 2 (2026-11-23) | buy=2;;;0;\n");
  });

  it("is a key of checks in a file", async () => {
    const file = folder.write(
      "checks.toml",
      `[defaults]\nsource = ${JSON.stringify(lake)}\nlast = "3d"\n[[check]]\nevent = "Buy"\n` +
        `[[check]]\nname = "lost"\nsource = ${JSON.stringify(broken)}\nevent = "Buy"\n`,
    );
    const { code, stdout } = await run(["check", "--file", file]);
    assert.equal(code, 3);
    assert.match(stdout, /^UNKNOWN: 1 of 2 checks: lost UNKNOWN \| buy=3;;;0;\nOK: Buy 3 \(last 3d\)\nUNKNOWN: lost: /);
  });

  const REFUSED: readonly [argv: string[], said: RegExp][] = [
    [["Buy", "--last", "1d", "--source", folder.path("nowhere.jsonl")], /no such file/],
    [["Buy", "--last", "1d", "--source", broken], /none of its records is one/],
    [["Buy", "--last", "1d", "--source", lake, "--tz", "Nowhere"], /no such time zone/],
    [["Buy", "--last", "1d", "--preset", "ga4"], /Cannot use --preset without --source/],
    [["--report", "9001", "--source", lake], /saved report/],
    [["--funnel", "7001", "--last", "1d", "--source", lake], /saved report or funnel/],
    [["Buy", "--cohort", "1", "--last", "1d", "--source", lake], /saved cohort/],
  ];
  for (const [argv, said] of REFUSED) {
    it(`is UNKNOWN: ${argv.map((word) => word === lake ? "lake" : word.replace(/^\/.*\//, "")).join(" ")}`, async () => {
      const { code, stdout } = await run(["check", ...argv]);
      assert.equal(code, 3);
      assert.match(stdout, /^UNKNOWN: /);
      assert.match(stdout, said);
    });
  }

  it("tells of changes, and remembers files of another folder as others", async () => {
    const hook = await startStubServer();
    try {
      hook.on("POST", "/hook", { body: "ok" });
      const other = folder.write("other/events.jsonl", line("View", "2026-11-22T08:00:00Z"));
      const check = (source: string) =>
        run(
          ["check", "Buy", "--last", "3d", "--name", "b", "--crit", "<1", "--notify", "HOOK", "--source", source],
          { env: { HOOK: `${hook.url}/hook` } },
        );
      assert.deepEqual([(await check(other)).code, (await check(other)).code, (await check(lake)).code], [2, 2, 0]);
      assert.deepEqual(hook.requests.map(({ text }) => JSON.parse(text).text), ["CRITICAL: b 0 (last 3d), below 1"]);
    } finally {
      await hook.finish();
    }
  });
});

describe("mp watch --source", () => {
  it("reads the files each time, and says once what was read", async () => {
    const file = folder.write("growing.jsonl", line("Buy", "2026-11-23T08:00:00Z"));
    const clock = fakeClock(NOW_MS);
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (...all) => {
      appendFileSync(file, line("Buy", "2026-11-23T09:00:00Z"));
      await sleep(...all);
    };
    const argv = ["watch", "Buy", "--last", "1d", "--every", "5m", "--times", "2", "--source", file];
    const { code, stdout, stderr } = await runProgram(argv, { clock, env: { HOME: folder.path("home") } });
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.split("\n"), [
      "2026-11-23T12:00:00Z OK: Buy 1 (last 1d)",
      "2026-11-23T12:05:00Z OK: Buy 2 (last 1d) [+1]",
      "",
    ]);
    assert.match(stderr, /^Asking every 5 m 00 s; Ctrl-C ends it\nRead \S+ in [^\n]+: 1 event of 1 day [^\n]+\n$/);
  });
});
