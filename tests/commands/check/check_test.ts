/** `mp check` against the emulator: at noon of 2026-11-23, three sign-ups and two purchases lie in the last three days. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../../helpers/program_lab.ts";
import { openProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import type { WorldOptions } from "../../helpers/world.ts";
import { openQueryLab } from "../query_lab.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const check = (line: string[], world: WorldOptions = {}) =>
  lab.mp(["check", ...line], { ...world, env: { HOME: folder.path("home"), ...world.env } });

/** What is typed, and the line and exit code that it must have. */
const LINES: readonly [what: string, argv: string[], code: number, line: string][] = [
  [
    "a count in order",
    ["Sign Up", "--last", "3d", "--warn", "<3", "--crit", "<2"],
    0,
    "OK: Sign Up 3 (last 3d) | sign_up=3;3:;2:;0;",
  ],
  [
    "a count worth a warning",
    ["Sign Up", "--last", "3d", "--warn", "<4", "--crit", "<2"],
    1,
    "WARNING: Sign Up 3 (last 3d), below 4 | sign_up=3;4:;2:;0;",
  ],
  [
    "a critical count, by a range of Nagios",
    ["Sign Up", "--last", "3d", "--warn", "10:", "--crit", "4:"],
    2,
    "CRITICAL: Sign Up 3 (last 3d), outside 4: | sign_up=3;10:;4:;0;",
  ],
  [
    "an event of which there is none",
    ["Nothing", "--last", "3d", "--crit", "<1"],
    2,
    "CRITICAL: Nothing 0 (last 3d), below 1 | nothing=0;;1:;0;",
  ],
  ["a number without thresholds", ["Purchase", "--last", "3d"], 0, "OK: Purchase 2 (last 3d) | purchase=2;;;0;"],
  [
    "users of several days",
    ["Sign Up", "--last", "3d", "--math", "unique"],
    0,
    "OK: Sign Up users 3 (last 3d) | sign_up_users=3;;;0;",
  ],
  [
    "a condition, and a name",
    ["Sign Up", "--last", "3d", "--where", 'properties["country"] == "DE"', "--name", "German | sign-ups"],
    0,
    "OK: German / sign-ups 2 (last 3d) | german_sign_ups=2;;;0;",
  ],
  [
    "a sum of a property",
    ["Purchase", "--last", "3d", "--math", "total:amount", "--crit", "<50"],
    2,
    "CRITICAL: Purchase total amount 42.5 (last 3d), below 50 | purchase_total_amount=42.5;;50:;;",
  ],
  [
    "a formula in percent",
    ["Purchase", "Sign Up", "--formula", "A / B * 100", "--last", "3d", "--warn", "<70%"],
    1,
    "WARNING: A / B * 100 66.67% (last 3d), below 70% | a_b_100=66.666667%;70:;;;",
  ],
  [
    "two events as one",
    ["Purchase", "Sign Up", "--together", "--last", "3d"],
    0,
    "OK: Purchase or Sign Up 5 (last 3d) | purchase_or_sign_up=5;;;;",
  ],
  [
    "one whole day",
    ["Sign Up", "--from", "yesterday", "--to", "yesterday"],
    0,
    "OK: Sign Up 1 (yesterday) | sign_up=1;;;0;",
  ],
  [
    "days by name",
    ["Sign Up", "--from", "2026-11-21", "--to", "2026-11-22"],
    0,
    "OK: Sign Up 3 (2026-11-21 to 2026-11-22) | sign_up=3;;;0;",
  ],
  [
    "a drop",
    ["Sign Up", "--from", "yesterday", "--to", "yesterday", "--drop", "30%"],
    2,
    "CRITICAL: Sign Up 1 (yesterday), down 50% from 2 in 2026-11-21, fallen by more than 30% | sign_up=1;;;0; sign_up_before=2;;;;",
  ],
  [
    "a drop that is only worth a warning",
    [
      "Sign Up",
      "--from",
      "yesterday",
      "--to",
      "yesterday",
      "--drop",
      "60",
      "--drop-warn",
      "40",
      "--against",
      "previous",
    ],
    1,
    "WARNING: Sign Up 1 (yesterday), down 50% from 2 in 2026-11-21, fallen by more than 40% | sign_up=1;;;0; sign_up_before=2;;;;",
  ],
  [
    "a drop from nothing",
    ["Sign Up", "--from", "yesterday", "--to", "yesterday", "--drop", "30%", "--against", "week"],
    0,
    "OK: Sign Up 1 (yesterday), was 0 in 2026-11-15 | sign_up=1;;;0; sign_up_before=0;;;;",
  ],
  [
    "a saved funnel",
    ["--funnel", "7001", "--last", "3d", "--crit", "<50%"],
    0,
    "OK: Funnel 7001 66.67% (last 3d) | funnel_7001=66.6667%;;50:;0;100",
  ],
  [
    "named steps",
    ["--funnel", "Sign Up", "--funnel", "Purchase", "--last", "3d", "--crit", "<70"],
    2,
    "CRITICAL: Sign Up → Purchase 66.67% (last 3d), below 70 | sign_up_purchase=66.6667%;;70:;0;100",
  ],
  [
    "a step of several",
    ["--funnel", "Sign Up", "--funnel", "Purchase", "--funnel", "No", "--step", "2", "--last", "3d"],
    0,
    "OK: Sign Up → Purchase 66.67% (last 3d) | sign_up_purchase=66.6667%;;;0;100",
  ],
  [
    "the newest event",
    ["Purchase", "--lag", "--warn", ">10h", "--crit", ">1d"],
    0,
    "OK: Purchase 8 h 59 m ago | purchase_lag=32340s;~:36000;~:86400;0;",
  ],
  [
    "the newest of several",
    ["Purchase", "Sign Up", "--lag", "--crit", ">1h"],
    2,
    "CRITICAL: Purchase or Sign Up 8 h 59 m ago, above 1h | purchase_or_sign_up_lag=32340s;;~:3600;0;",
  ],
  [
    "an absent event",
    ["Sign Up", "--absent-for", "20h"],
    2,
    "CRITICAL: Sign Up 1 d 02 h ago, absent for more than 20 h 00 m | sign_up_lag=93540s;;~:72000;0;",
  ],
  [
    "an event that has come",
    ["Sign Up", "--absent-for", "3d"],
    0,
    "OK: Sign Up 1 d 01 h ago | sign_up_lag=90000s;;~:259200;0;",
  ],
  [
    "an event that never came",
    ["Nothing", "--absent-for", "1d"],
    2,
    "CRITICAL: Nothing none since 2026-11-22, absent for more than 1 d 00 h | nothing_lag=129600s;;~:86400;0;",
  ],
  ["a saved report of one number", ["--report", "9001", "--crit", "<1"], 0, "OK: Report 9001 1 | report_9001=1;;1:;;"],
  [
    "the last of its days",
    ["--report", "9001", "--point", "latest", "--crit", "<1"],
    2,
    "CRITICAL: Report 9001 0, below 1 | report_9001=0;;1:;;",
  ],
  ["all of its days", ["--report", "9001", "--point", "sum"], 0, "OK: Report 9001 3 | report_9001=3;;;;"],
  [
    "a saved report that is a funnel",
    ["--report", "9002", "--crit", "<50%"],
    0,
    "OK: Report 9002 66.67% | report_9002=66.6667%;;50:;;",
  ],
];

describe("mp check", () => {
  for (const [what, argv, code, line] of LINES) {
    it(`says of ${what}: ${line}`, async () => {
      const ran = await check(argv);
      assert.deepEqual([ran.stdout, ran.code], [`${line}\n`, code], ran.stderr);
      assert.equal(ran.stderr, "");
    });
  }

  it("asks for one event, and its users, by the published endpoint, and once", async () => {
    for (const math of [[], ["--math", "unique"]]) {
      lab.requests.length = 0;
      await check(["Sign Up", "--last", "3d", ...math]);
      assert.deepEqual(lab.requests.map(({ method, path }) => `${method} ${path}`), ["GET /api/query/segmentation"]);
    }
    assert.equal(lab.requests[0]!.query.interval, "3");
  });

  it("asks for the time zone only where nobody names it", async () => {
    lab.requests.length = 0;
    await check(["Purchase", "--lag", "--tz", "UTC"]);
    assert.deepEqual(lab.requests.map(({ path }) => path), ["/api/query/segmentation"]);
    assert.equal(lab.requests[0]!.query.unit, "minute");
    const { stdout } = await check(["Purchase", "--lag", "--tz", "America/New_York"]);
    // The clocks of the project are then five hours behind, so that 03:00 is 08:00 in UTC.
    assert.match(stdout, /^OK: Purchase 3 h 59 m ago/);
  });

  it("gives programs an object, and files what their ending says", async () => {
    const { stdout, code } = await check(["Sign Up", "--last", "3d", "--warn", "<4", "-f", "json"]);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout), {
      ...{ state: "WARNING", code: 1, name: "Sign Up", value: 3, reason: "below 4", warn: "<4", age_seconds: 0 },
      days: { from: "2026-11-21", to: "2026-11-23" },
    });
    assert.equal((await check(["Sign Up", "--last", "3d", "--jq", ".value"])).stdout, "3\n");
    const never = JSON.parse((await check(["Nothing", "--absent-for", "1d", "-f", "json"])).stdout);
    assert.deepEqual([never.state, never.value, never.is_lower_bound], ["CRITICAL", 129_600, true]);
    assert.match(
      (await check(["Sign Up", "--last", "3d", "-f", "csv"])).stdout,
      /^state,code,name,value,age_seconds\nOK,0,/,
    );
  });

  it("sends nothing with --dry-run", async () => {
    lab.requests.length = 0;
    const { stdout, code } = await check(["Sign Up", "--last", "3d", "--crit", "<100", "--dry-run"]);
    assert.deepEqual([code, lab.requests.length], [0, 0]);
    assert.match(stdout, /^curl .*segmentation/s);
  });

  it("takes the number of the last run while it is young enough, and of the same days", async () => {
    const line = ["Sign Up", "--last", "3d", "--max-age", "10m", "--crit", "<100"];
    const { fakeClock } = await import("../../helpers/fake_clock.ts");
    const clock = fakeClock(Date.UTC(2026, 10, 23, 12));
    assert.match((await check(line, { clock })).stdout, /^CRITICAL: Sign Up 3 \(last 3d\)/);
    lab.requests.length = 0;
    clock.advance(4 * 60_000);
    const again = await check(line, { clock });
    assert.match(again.stdout, /^CRITICAL: Sign Up 3 \(last 3d, asked 4 m 00 s ago\), below 100/);
    assert.deepEqual([again.code, lab.requests.length], [2, 0]);
    clock.advance(7 * 60_000);
    await check(line, { clock });
    assert.equal(lab.requests.length, 1, "it was too old");
    clock.advance(13 * 3_600_000);
    await check(["Sign Up", "--last", "3d", "--max-age", "1d", "--crit", "<100"], { clock });
    assert.equal(lab.requests.length, 2, "it was of other days");
  });
});

describe("mp check is UNKNOWN, with the reason on its line,", () => {
  const unknown = async (argv: string[], words: RegExp, world: WorldOptions = {}) => {
    const ran = await check(argv, world);
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(ran.stdout, /^UNKNOWN: [^\n|]+\n$/);
    assert.match(ran.stdout, words);
    assert.match(ran.stderr, /(^|\n)mp: /);
  };
  const LAST = ["Sign Up", "--last", "3d"];

  for (
    const [argv, words] of [
      [[], /no event, report or funnel is named/],
      [["Sign Up"], /without a range of days; hint: add --last 1d/],
      [["Sign Up", "--report", "9001"], /two things at once/],
      [["Sign Up", "Purchase", "--last", "3d"], /2 numbers at once/],
      [[...LAST, "--wrn", "<5"], /unknown option '--wrn'; hint: did you mean --warn/],
      [[...LAST, "--warn"], /--warn needs a value/],
      [[...LAST, "--warn", "few"], /--warn "few": neither a comparison/],
      [[...LAST, "--warn", "<5%"], /no percentage/],
      [[...LAST, "--warn", "<5", "--crit", "<50"], /critical already/],
      [[...LAST, "--drop", "30%"], /include today/],
      [[...LAST, "--against", "week"], /--against alone/],
      [["Sign Up", "--from", "yesterday", "--to", "yesterday", "--drop", "120%"], /not a percentage/],
      [
        ["Sign Up", "--from", "yesterday", "--to", "yesterday", "--drop", "5", "--against", "fortnight"],
        /--against "fortnight"/,
      ],
      [[...LAST, "--lag"], /Cannot use --from or --last with the newest event/],
      [["$custom_event:7", "--lag"], /not counted by the minute/],
      [["--lag", "--report", "9001"], /Cannot use --report with the newest event/],
      [["Sign Up", "--absent-for", "1h", "--crit", ">2h"], /they say the same/],
      [["Sign Up", "--absent-for", "200d"], /further back than 90 days/],
      [["Sign Up", "--absent-for", "soon"], /not a span of time/],
      [["Sign Up", "--lag", "--tz", "Europe/Berln"], /no such time zone/],
      [["--funnel", "Signup", "--last", "3d"], /not a numeric id/],
      [["--funnel", "A", "--funnel", "B", "--step", "3", "--last", "3d"], /2 steps are named/],
      [["--funnel", "7001", "--within", "7d", "--last", "3d"], /--within with a saved funnel/],
      [["--report", "9001", "--last", "3d"], /--from or --last with a saved report/],
      [[...LAST, "--where", 'properties["a'], /--where/],
      [[...LAST, "-f", "parquet"], /as parquet/],
      [[...LAST, "--jq", ".["], /jq program/],
      [[...LAST, "--notify", "NOT_SET"], /the variable is not set/],
    ] as [string[], RegExp][]
  ) {
    it(`about mp check ${argv.join(" ")}, and asks nothing`, async () => {
      lab.requests.length = 0;
      await unknown(argv, words);
      assert.equal(lab.requests.length, 0);
    });
  }

  it("for wrong credentials, a network that fails, and what does not exist", async () => {
    await unknown(LAST, /401|credentials|Unauthorized/i, { env: { MP_SECRET: "wrong-secret-of-a-test" } });
    await unknown(LAST, /127\.0\.0\.1:1/, { env: { MP_API_BASE_URL: "http://127.0.0.1:1" } });
    await unknown(LAST, /project|credentials/i, {
      env: { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "", MP_API_SECRET: "" },
    });
    await unknown(["--report", "4711"], /4711|not found|no such/i);
    await unknown(["--funnel", "4711", "--last", "3d"], /4711|not found|no such/i);
  });

  it("where the answer has no number, or too many", async () => {
    await unknown(["--funnel", "Nothing", "--funnel", "Purchase", "--last", "3d"], /nobody began the funnel/);
    await unknown(["Purchase", "Nothing", "--formula", "A / B", "--last", "3d"], /Cannot find a number/);
    await unknown(["--report", "9003"], /report of retention/);
    await unknown(["--report", "9001", "--series", "No such"], /--series "No such": the report has "Sign Up/);
    await unknown(["--report", "9001", "--step", "2"], /no funnel/);
    await unknown(["--report", "9002", "--step", "5"], /has 2 steps/);
  });

  it("when the quota is used up, before anything is sent", async () => {
    const limited = openProgramLab({ rateLimitHeaders: "all", quotas: { query: { perHour: 2 } } });
    try {
      const env = { HOME: folder.path("limited") };
      const run = () => limited.mp(["check", "E", "--last", "1d"], { env });
      for (let time = 0; time < 2; time++) assert.equal((await run()).code, 0);
      const sent = limited.requests.length;
      const { code, stdout } = await run();
      assert.deepEqual([code, limited.requests.length], [3, sent]);
      assert.match(stdout, /^UNKNOWN: .*at their limit of 2 an hour, and nothing was sent/);
    } finally {
      await limited.stop();
    }
  });

  it("when it is interrupted", async () => {
    await unknown(LAST, /Interrupted/, { signal: AbortSignal.abort(new Error("Ctrl-C")) });
  });

  it("for programs as an object", async () => {
    const { code, stdout } = await check([...LAST, "--warn", "few", "-f", "json"]);
    const { state, code: own, error } = JSON.parse(stdout);
    assert.deepEqual([code, state, own, error.code], [3, "UNKNOWN", 3, "bad_threshold"]);
  });

  it("and an answer to nobody still has its exit code", async () => {
    const { run } = await import("../../../src/program.ts");
    const { testWorld } = await import("../../helpers/world.ts");
    const { sandboxEnvironment } = await import("../../../src/commands/sandbox/shared/sandbox_environment.ts");
    const world = testWorld({ env: { ...sandboxEnvironment(lab.url), HOME: folder.path("home") } });
    world.stdout.close();
    assert.equal(await run(["check", "Sign Up", "--last", "3d", "--crit", "<100"], world), 2);
    assert.equal(await run(["check", "Sign Up", "--last", "3d", "--crit", "few"], world), 3);
  });
});
