/** What is wrong with `--jq`, `--format` and `--output` is known before anything is sent. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";
import { itUnless } from "../helpers/needs.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const files = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const BROKEN: Record<string, { flags: string[]; words: RegExp }> = {
  "a jq program with a typing mistake": { flags: ["--jq", ".results["], words: /Cannot compile the jq program/ },
  "a format that this answer cannot have": { flags: ["-f", "parquet"], words: /as parquet: only exports/ },
  "a file whose ending is such a format": { flags: ["-o", files.path("x.parquet")], words: /as parquet/ },
  "a file in no folder": { flags: ["-o", files.path("no/where.json")], words: /no such folder/ },
  "a folder in place of a file": { flags: ["-o", files.path(".")], words: /it is a folder/ },
  "a name that is too long": { flags: ["-o", files.path("x".repeat(300))], words: /the name is too long/ },
};

/** Each changes something, or costs one of sixty queries an hour. */
const COMMANDS = [
  ["query", "events", "E", "--last", "2d"],
  ["query", "segmentation", "E", "--last", "2d"],
  ["annotations", "create", "x", "--date", "2026-11-01"],
  ["annotations", "update", "5", "--description", "y"],
  ["annotations", "delete", "5", "--yes"],
  ["service-accounts", "create", "bot", "--organization", "1"],
  ["projects", "create", "x"],
  ["gdpr", "delete", "u", "--yes"],
  ["profiles", "set", "u", "a=1"],
  ["profiles", "add", "u", "n=1"],
  ["profiles", "delete", "u", "--yes"],
  ["groups", "set", "company", "c", "a=1"],
  ["track", "E", "--distinct-id", "u"],
  ["identity", "merge", "a", "b", "--yes"],
  ["lexicon", "delete", "event", "E", "--yes"],
  ["lexicon", "events", "update", "E", "--hidden"],
  ["lexicon", "tags", "create", "x"],
  ["lexicon", "drop-filters", "create", "E", "--where", 'properties["a"] == "b"', "--yes"],
  ["lexicon", "deletions", "create", "E", "--from", "2026-11-01", "--to", "2026-11-02", "--yes"],
  ["lookup-tables", "create", "x", "--data", "k\n1\n"],
  ["cohorts", "create", "x", "--where", 'properties["a"] == 1'],
  ["flags", "create", "x"],
  ["api", "POST", "/api/app/projects/1/x", "--data", "{}"],
];

describe("before a request", () => {
  for (const [name, { flags, words }] of Object.entries(BROKEN)) {
    it(`${name} is found`, async () => {
      for (const command of COMMANDS) {
        lab.requests.length = 0;
        const { code, stdout, stderr } = await lab.mp([...command, ...flags], { env: { MP_OAUTH_TOKEN: "gdpr" } });
        assert.deepEqual([code, stdout, lab.requests.length], [3, "", 0], `${command.join(" ")}: ${stderr}`);
        assert.match(stderr, words, command.join(" "));
      }
    });
  }

  it("what is wrong with the output of an export or a download is found as well", async () => {
    const commands = [
      ["export", "events", "--last", "2d"],
      ["export", "profiles"],
      ["export", "groups", "--group-key-id", "1"],
      ["export", "cohorts"],
      ["export", "annotations"],
      ["export", "lexicon"],
      ["gdpr", "download", "1", "--wait"],
    ];
    for (const command of commands) {
      for (const path of [files.path("no/where.jsonl"), files.path("x".repeat(300))]) {
        lab.requests.length = 0;
        const { code, stderr } = await lab.mp([...command, "-o", path], { env: { MP_OAUTH_TOKEN: "gdpr" } });
        assert.deepEqual([code, lab.requests.length], [3, 0], `${command.join(" ")}: ${stderr}`);
        assert.match(stderr, /no such folder|the name is too long/);
      }
      if (command[0] === "gdpr") continue;
      lab.requests.length = 0;
      const { code, stderr } = await lab.mp([...command, "--jq", ".["]);
      assert.deepEqual([code, lab.requests.length], [3, 0], `${command.join(" ")}: ${stderr}`);
    }
  });

  itUnless(
    process.platform === "win32" && "no modes of files",
    "a folder in which this user may not write is found",
    async () => {
      mkdirSync(files.path("locked"));
      chmodSync(files.path("locked"), 0o500);
      if (process.getuid?.() === 0) return;
      lab.requests.length = 0;
      const { code, stderr } = await lab.mp(["cohorts", "list", "-o", files.path("locked/x.json")]);
      assert.deepEqual([code, lab.requests.length], [3, 0]);
      assert.match(stderr, /permission denied/);
    },
  );

  it("a chart of what has no values to compare is found, and one of what has them is drawn", async () => {
    lab.requests.length = 0;
    const { code, stderr } = await lab.mp(["cohorts", "list", "-f", "chart"]);
    assert.deepEqual([code, lab.requests.length], [3, 0]);
    assert.match(stderr, /Cannot draw a chart/);
    assert.equal((await lab.mp(["query", "events", "E", "--last", "2d", "-f", "chart"])).code, 0);
  });

  it("proving leaves nothing behind, and touches no file that is there", async () => {
    mkdirSync(files.path("clean"));
    await lab.mp(["cohorts", "list", "--jq", ".[", "-o", files.path("clean/x.json")]);
    await lab.mp(["profiles", "get", "nobody", "-o", files.path("clean/y.json")]);
    assert.deepEqual(readdirSync(files.path("clean")), []);
    assert.ok(!existsSync(files.path("clean/x.json")));
  });
});

describe("a command that draws", () => {
  it("is one of those that say so", async () => {
    const drawing = (await allCommands(tree)).filter(({ command }) => command.draws).map(({ name }) => name).sort();
    assert.deepEqual(drawing, [
      "events top",
      "expr eval",
      ...[
        "active",
        "address",
        "average",
        "events",
        "frequency",
        "funnel",
        "insights",
        "numeric",
        "properties",
        "retention",
        "segmentation",
        "sum",
      ]
        .map((name) => `query ${name}`),
      "reports run",
    ]);
  });
});
