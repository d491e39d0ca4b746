import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../helpers/world.ts";
import { runBinary } from "../helpers/binary.ts";
import { assertFails, succeeded } from "./expectations.ts";

describe("the binary", () => {
  it("prints its name and version", async () => {
    for (const flag of ["--version", "-V"]) {
      const result = await runBinary([flag]);
      assert.match(succeeded(result), /^mp \d+\.\d+\.\d+\n$/);
      assert.equal(result.stderr, "");
    }
  });

  it("explains itself on one screen, however it is asked", async () => {
    const [bare, long, short, word] = await Promise.all(
      [[], ["--help"], ["-h"], ["help"]].map((args) => runBinary(args)),
    );
    const help = succeeded(bare!);
    for (const other of [long, short, word]) assert.equal(succeeded(other!), help);
    assert.equal(bare!.stderr, "");
    const lines = help.trimEnd().split("\n");
    assert.ok(lines.length <= 24, `${lines.length} lines`);
    assert.deepEqual(lines.filter((line) => line.length > 80), []);
    for (const word of ["login", "export", "import", "query", "sandbox"]) assert.ok(help.includes(word), word);
  });

  it("has the help and the list of operations that the sources have, made when it was built", async () => {
    const asked =
      "query funnel --help,import -h,annotations tags list --help,help quotas,gdpr,api --list,help,-h,help users";
    for (const argv of asked.split(",").map((words) => words.split(" "))) {
      assert.equal(succeeded(await runBinary(argv)), (await runProgram(argv)).stdout, argv.join(" "));
    }
  });

  it("explains a group and a command, with the flag before or after them", async () => {
    const [group, command, before] = await Promise.all(
      [["query", "-h"], ["query", "segmentation", "--help"], ["--help", "query", "segmentation"]].map((args) =>
        runBinary(args)
      ),
    );
    assert.match(succeeded(group!), /Usage: mp query <command> \[flags\][\s\S]*\n {2}segmentation +\S/);
    assert.match(succeeded(command!), /Usage: mp query segmentation <event> \[flags\][\s\S]*\nExamples:\n/);
    assert.equal(succeeded(before!), command!.stdout);
  });

  it("takes what stands after -- as it is, --help among it", async () => {
    const env = { MP_TOKEN: "a-token" };
    const result = await runBinary(["track", "--distinct-id", "u-1", "--dry-run", "--", "--help"], { env });
    assert.match(succeeded(result), /^curl -X POST '[^]*"event":"--help"/);
  });

  it("names the command that was meant", async () => {
    const [top, verb, far] = await Promise.all(
      [["exprot", "events"], ["query", "segmentaton", "Purchase"], ["frobnicate"]].map((args) => runBinary(args)),
    );
    assertFails(top!, 3, "mp: Cannot run 'mp exprot': no such command\nhint: did you mean 'mp export'?\n");
    assertFails(
      verb!,
      3,
      "mp: Cannot run 'mp query segmentaton': no such command\nhint: did you mean 'mp query segmentation'?\n",
    );
    assertFails(far!, 3, "mp: Cannot run 'mp frobnicate': no such command\nhint: see 'mp --help'\n");
  });

  it("refuses flags that no command has, and values that are missing", async () => {
    const [unknown, missing, argument] = await Promise.all(
      [["events", "list", "--limt", "3"], ["events", "list", "--limit"], ["query", "segmentation", "--last", "3d"]]
        .map((args) => runBinary(args)),
    );
    assertFails(unknown!, 3, "mp: Cannot run events list: unknown option '--limt'\nhint: did you mean --limit?\n");
    assertFails(
      missing!,
      3,
      "mp: Cannot run events list: --limit needs a value\nhint: see 'mp events list --help'\n",
    );
    assertFails(argument!, 3, /^mp: Cannot run query segmentation: <event> is missing\nhint: /);
  });

  it("prints errors as JSON where JSON was asked for", async () => {
    for (const flags of [["--format", "json"], ["--format=json"], ["-f", "json"], ["-fjson"]]) {
      const result = await runBinary(["query", "segmentation", "Purchase", "--from", "2026-02-30", ...flags]);
      assert.equal(result.stdout, "");
      assert.equal(result.code, 3);
      assert.deepEqual(JSON.parse(result.stderr), {
        error: {
          code: "bad_date",
          category: "input",
          message: 'Cannot use --from "2026-02-30": no such day',
          hint: "days are written 2026-01-31, today, yesterday or 7d (seven days ago)",
        },
      });
    }
  });
});
