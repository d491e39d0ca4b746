/** `mp check --file`: several checks, the worst of which decides. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import type { WorldOptions } from "../../helpers/world.ts";
import { openQueryLab } from "../query_lab.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const check = (toml: string, more: string[] = [], world: WorldOptions = {}) =>
  lab.mp(["check", "--file", folder.write("checks.toml", toml), ...more], {
    ...world,
    env: { HOME: folder.path("home"), ...world.env },
  });

const THREE = `
[defaults]
last = "3d"

[[check]]
event = "Sign Up"
warn = "<2"
crit = "<1"

[[check]]
name = "Revenue"
event = "Purchase"
math = "total:amount"
warn = "<50"

[[check]]
event = ["Purchase"]
absent-for = "20h"
`;

describe("mp check --file", () => {
  it("prints how they are in all, with all performance data, and a line for each", async () => {
    const { code, stdout, stderr } = await check(THREE);
    assert.deepEqual(stdout.split("\n"), [
      "WARNING: 1 of 3 checks: Revenue WARNING | sign_up=3;2:;1:;0; revenue=42.5;50:;;; purchase_lag=32340s;;~:72000;0;",
      "OK: Sign Up 3 (last 3d)",
      "WARNING: Revenue 42.5 (last 3d), below 50",
      "OK: Purchase 8 h 59 m ago",
      "",
    ]);
    assert.deepEqual([code, stderr], [1, ""]);
  });

  it("says in few words that all are well", async () => {
    const { code, stdout } = await check('[[check]]\nevent = "Sign Up"\nlast = "3d"\n');
    assert.deepEqual([code, stdout], [0, "OK: 1 check | sign_up=3;;;0;\nOK: Sign Up 3 (last 3d)\n"]);
  });

  it("goes on after one that fails, and CRITICAL is worse than UNKNOWN", async () => {
    const failing = '\n[[check]]\nname = "Gone"\nreport = 4711\n';
    const unknown = await check(`[[check]]\nevent = "Sign Up"\nlast = "3d"\n${failing}`);
    assert.equal(unknown.code, 3);
    assert.match(
      unknown.stdout,
      /^UNKNOWN: 1 of 2 checks: Gone UNKNOWN \| sign_up=3;;;0;\nOK: .*\nUNKNOWN: Gone: .*\n$/,
    );
    const critical = await check(`[[check]]\nevent = "Sign Up"\nlast = "3d"\ncrit = "<10"\n${failing}`);
    assert.equal(critical.code, 2);
    assert.match(critical.stdout, /^CRITICAL: 2 of 2 checks: Sign Up CRITICAL, Gone UNKNOWN/);
  });

  it("asks each check's own project", async () => {
    lab.requests.length = 0;
    await check(
      '[[check]]\nevent = "E"\nlast = "1d"\n\n[[check]]\nname = "Other"\nevent = "E"\nlast = "1d"\nproject = 4711\n',
    );
    assert.deepEqual(lab.requests.map(({ query }) => query.project_id), ["1000001", "4711"]);
  });

  it("gives programs all of them", async () => {
    const { stdout } = await check(THREE, ["-f", "json"]);
    const { state, code, checks } = JSON.parse(stdout);
    assert.deepEqual([state, code], ["WARNING", 1]);
    assert.deepEqual(checks.map((one: { name: string; state: string }) => [one.name, one.state]), [
      ["Sign Up", "OK"],
      ["Revenue", "WARNING"],
      ["Purchase", "OK"],
    ]);
  });

  it("comes through a pipe too", async () => {
    const env = { HOME: folder.path("home") };
    assert.equal((await lab.mp(["check", "--file", "-"], { stdin: THREE, env })).code, 1);
  });

  it("shows the request of each with --dry-run", async () => {
    lab.requests.length = 0;
    const { code, stdout } = await check(THREE, ["--dry-run"]);
    assert.deepEqual([code, lab.requests.length, stdout.match(/^curl /gm)?.length], [0, 0, 3]);
  });

  for (
    const [what, toml, words] of [
      ["no checks", "", /has no checks/],
      ["a table of another name", '[[checks]]\nevent = "E"\n', /it has "checks"/],
      ["no TOML", "[[check\n", /line 1, column/],
      [
        "a flag that does not exist",
        '[[check]]\nevent = "E"\nlast = "1d"\nwran = "<1"\n',
        /unknown option '--wran.*number 1/,
      ],
      [
        "a wrong threshold in the second",
        '[[check]]\nevent = "E"\nlast = "1d"\n[[check]]\nname = "B"\nevent = "E"\nlast = "1d"\nwarn = "few"\n',
        /check "B"/,
      ],
      [
        "a flag of the output",
        '[[check]]\nevent = "E"\nlast = "1d"\nformat = "json"\n',
        /format, which is for the command line/,
      ],
      ["a file in a file", '[[check]]\nfile = "x"\n', /file, which is for the command line/],
      ["a table in place of a value", '[[check]]\nevent = "E"\nwarn = { a = 1 }\n', /warn, which is no text or number/],
      [
        "two checks of one name",
        '[[check]]\nevent = "E"\nlast = "1d"\n[[check]]\nevent = "E"\nlast = "2d"\n',
        /two checks of one name/,
      ],
    ] as const
  ) {
    it(`refuses ${what}, and asks nothing`, async () => {
      lab.requests.length = 0;
      const { code, stdout } = await check(toml);
      assert.deepEqual([code, lab.requests.length], [3, 0]);
      assert.match(stdout, /^UNKNOWN: /);
      assert.match(stdout, words);
    });
  }

  it("refuses a question beside it", async () => {
    assert.match((await check(THREE, ["--warn", "<5"])).stdout, /Cannot use --warn with --file/);
    assert.match((await check(THREE, ["--last", "5d"])).stdout, /Cannot use --from with --file/);
    assert.match((await lab.mp(["check", "E", "--file", folder.path("checks.toml")])).stdout, /Cannot use <event>/);
    assert.match((await lab.mp(["check", "--file", folder.path("none.toml")])).stdout, /none\.toml.*no such file/);
  });
});
