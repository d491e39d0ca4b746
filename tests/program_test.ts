import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run } from "../src/program.ts";
import { VERSION } from "../src/version.ts";
import { sandboxEnvironment } from "../src/commands/sandbox/shared/sandbox_environment.ts";
import { openProgramLab } from "./helpers/program_lab.ts";
import { runProgram, testWorld } from "./helpers/world.ts";
import { temporaryFolder } from "./helpers/temporary_folder.ts";

const HOME = temporaryFolder().path("");
const env = { HOME, MP_USERNAME: "ana", MP_SECRET: "program-test-secret", MP_PROJECT_ID: "5" };
const DRY = ["--last", "7d", "--dry-run"];

describe("mp", () => {
  it("shows its help by itself and by every way of asking for it", async () => {
    const { code, stdout, stderr } = await runProgram([]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^mp \d+\.\d+\.\d+: .*\n\nUsage: mp <command> \[flags\]/);
    for (const argv of [["--help"], ["-h"], ["help"], ["help", "help"], ["-q", "--help"], ["--help", "-q"]]) {
      assert.deepEqual(await runProgram(argv), { code: 0, stdout, stderr: "" }, argv.join(" "));
    }
  });

  it("shows a group's help in the same ways", async () => {
    const { code, stdout, stderr } = await runProgram(["query"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      /^.*\.\n\nUsage: mp query <command> \[flags\]\n\nCommands:\n {2}segmentation +count one/,
    );
    for (
      const argv of [["help", "query"], ["query", "--help"], ["--help", "query"], ["query", "-h"], ["-q", "query"]]
    ) {
      assert.deepEqual(await runProgram(argv), { code: 0, stdout, stderr: "" }, argv.join(" "));
    }
  });

  it("shows a command's help in the same ways, without running it", async () => {
    const { code, stdout, stderr } = await runProgram(["query", "segmentation", "--help"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /\nUsage: mp query segmentation <event> \[flags\]\n/);
    for (
      const argv of [
        ["help", "query", "segmentation"],
        ["query", "--help", "segmentation"],
        ["--help", "query", "segmentation"],
        ["query", "segmentation", "Purchase", "--help", "--last", "nonsense"],
        ["query", "segmentation", "-h", "--help"],
        ["-f", "json", "query", "-q", "segmentation", "--help"],
      ]
    ) {
      assert.deepEqual(await runProgram(argv), { code: 0, stdout, stderr: "" }, argv.join(" "));
    }
    const short = await runProgram(["query", "segmentation", "Purchase", "-h", "--last", "nonsense"]);
    assert.ok(short.stdout.split("\n").length <= 25, short.stdout);
    assert.match(short.stdout, /'mp query segmentation --help'/);
    assert.match((await runProgram(["help", "track"])).stdout, /\nUsage: mp track /);
    assert.match((await runProgram(["track", "--help"])).stdout, /\nUsage: mp track /);
  });

  it("says its version", async () => {
    for (const argv of [["--version"], ["-V"]]) {
      assert.deepEqual(await runProgram(argv), { code: 0, stdout: `mp ${VERSION}\n`, stderr: "" });
    }
  });

  it("suggests the command that may have been meant", async () => {
    assert.deepEqual(await runProgram(["qurey", "segmentation"]), {
      code: 3,
      stdout: "",
      stderr: "mp: Cannot run 'mp qurey': no such command\nhint: did you mean 'mp query'?\n",
    });
    assert.deepEqual(await runProgram(["query", "segmentatoin", "X"]), {
      code: 3,
      stdout: "",
      stderr: "mp: Cannot run 'mp query segmentatoin': no such command\nhint: did you mean 'mp query segmentation'?\n",
    });
    assert.match((await runProgram(["zzzzzzzz"])).stderr, /hint: see 'mp --help'\n$/);
    assert.match((await runProgram(["query", "zzzzzzzz"])).stderr, /hint: see 'mp query --help'\n$/);
    assert.equal((await runProgram(["help", "zzzzzzzz"])).code, 3);
    assert.equal((await runProgram([""])).code, 3);
  });

  it("suggests the command of that name in another group, where there is only one", async () => {
    const top = await runProgram(["query", "top", "--last", "7d"]);
    assert.equal(top.stderr, "mp: Cannot run 'mp query top': no such command\nhint: did you mean 'mp events top'?\n");
    assert.match((await runProgram(["numeric"])).stderr, /did you mean 'mp query numeric'\?/);
    assert.match((await runProgram(["query", "list"])).stderr, /hint: see 'mp query --help'\n$/);
  });

  it("does not show a group's help for a command that it does not have", async () => {
    for (const argv of [["query", "funel", "-h"], ["query", "--help", "funel"], ["help", "query", "funel"]]) {
      assert.deepEqual(await runProgram(argv), {
        code: 3,
        stdout: "",
        stderr: "mp: Cannot run 'mp query funel': no such command\nhint: did you mean 'mp query funnel'?\n",
      }, argv.join(" "));
    }
    assert.equal((await runProgram(["annotations", "tags", "-h"])).code, 0);
  });

  it("does not take the value of a command's flag for a command", async () => {
    const early = await runProgram(["--last", "7d", "query", "segmentation", "X"]);
    assert.equal(
      early.stderr,
      "mp: Cannot use --last after 'mp': it is not a global flag\n" +
        "hint: write it after the whole name: mp <command> --last; see 'mp --help'\n",
    );
    const between = await runProgram(["export", "--last=3d", "-q", "everything"]);
    assert.match(between.stderr, /^mp: Cannot use --last after 'mp export': it is not a global flag\n/);
    assert.match((await runProgram(["-q", "--no-pacing", "qurey"])).stderr, /did you mean 'mp query'/);
  });

  it("is not taken in by names that every object has", async () => {
    for (const argv of [["constructor"], ["query", "constructor"], ["query", "__proto__"], ["toString", "x"]]) {
      const { code, stderr } = await runProgram(argv);
      assert.equal(code, 3);
      assert.match(stderr, /no such command/);
    }
  });

  it("wants a command beside flags", async () => {
    const { code, stderr } = await runProgram(["-f", "table"]);
    assert.equal(code, 3);
    assert.equal(stderr, "mp: Cannot run mp -f table: no command is named\nhint: see 'mp --help'\n");
  });
});

describe("global flags", () => {
  it("may stand before, between and after the command's words", async () => {
    const expected = await runProgram(["query", "segmentation", "X", "-p", "77", ...DRY], { env });
    assert.equal(expected.code, 0);
    assert.match(expected.stdout, /project_id=77/);
    for (
      const argv of [
        ["-p", "77", "query", "segmentation", "X", ...DRY],
        ["--project=77", "query", "segmentation", "X", ...DRY],
        ["-p77", "query", "segmentation", ...DRY, "X"],
        ["query", "-p", "77", "segmentation", "X", ...DRY],
        ["-qp", "77", "query", "segmentation", "X", ...DRY],
        ["--dry-run", "-p", "77", "query", "segmentation", "X", "--last", "7d"],
      ]
    ) {
      assert.deepEqual(await runProgram(argv, { env }), expected, argv.join(" "));
    }
  });

  it("do not reach behind --", async () => {
    const { code, stdout } = await runProgram(["query", "segmentation", ...DRY, "--", "--help"], { env });
    assert.equal(code, 0);
    assert.match(stdout, /event=--help/);
  });
});

describe("an error", () => {
  it("is told in words or as JSON, with the exit code of its kind", async () => {
    const argv = ["query", "segmentation", "X", "--from", "2026-02-30", "--to", "today"];
    const inWords = await runProgram(argv, { env });
    assert.equal(inWords.code, 3);
    assert.match(inWords.stderr, /^mp: Cannot use --from "2026-02-30": no such day\nhint: days are written /);
    const asJson = await runProgram(["-fjson", ...argv], { env });
    assert.equal(asJson.code, 3);
    assert.equal(JSON.parse(asJson.stderr).error.code, "bad_date");
    assert.equal(asJson.stdout, "");
  });

  it("of credentials has a code of its own", async () => {
    const { code, stderr } = await runProgram(["events", "list"], { env: { HOME } });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /no credentials are set\nhint: 'mp login' stores credentials; or set MP_USERNAME and MP_SECRET/,
    );
  });

  it("is none when the reader has gone", async () => {
    for (const argv of [[], ["--version"], ["query", "--help"], ["query", "segmentation", "X", ...DRY]]) {
      const world = testWorld({ env });
      world.stdout.close();
      assert.equal(await run(argv, world), 0, argv.join(" "));
      assert.equal(world.stderr.text(), "");
    }
  });
});

describe("what is said about the work", () => {
  it("is out when the program ends, also on a slow standard error", async () => {
    const lab = openProgramLab();
    try {
      const world = testWorld({ env: { ...sandboxEnvironment(lab.url), HOME } });
      let said = "";
      let tail = Promise.resolve();
      const slow = (content: string | Uint8Array) =>
        tail = tail.then(async () => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          said += content;
        });
      const stderr = { isTerminal: false, columns: () => 80, write: slow };
      assert.equal(await run(["events", "list", "-v"], { ...world, stderr }), 0);
      assert.match(said, /^→ GET .*\n← 200 in \d+ ms, .*\n$/);
    } finally {
      await lab.stop();
    }
  });
});
