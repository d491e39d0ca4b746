import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(async () => {
  lab = openProgramLab();
  for (const [date, description] of [["2026-10-01", "Launch"], ["2026-11-01", "Price test"]]) {
    assert.equal((await lab.mp(["annotations", "create", description!, "--date", date!])).code, 0);
  }
  const entry = { entityType: "event", name: "Sign Up", schemaJson: { description: "Joined", properties: {} } };
  const upload = await lab.mp(["lexicon", "upload", "-"], { stdin: JSON.stringify([entry]) });
  assert.equal(upload.code, 0, upload.stderr);
});
after(() => lab.stop());

const lines = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line));

describe("mp export annotations", () => {
  it("prints a note a line", async () => {
    const { stdout, stderr } = await lab.mp(["export", "annotations"]);
    assert.deepEqual(lines(stdout).map(({ description }) => description), ["Launch", "Price test"]);
    assert.equal(stderr, "Exported 2 annotations\n");
  });

  it("keeps to a range of days, and writes a table for a spreadsheet", async () => {
    const path = folder.path("notes.csv");
    await lab.mp(["export", "annotations", "--from", "2026-11-01", "--to", "2026-11-30", "-o", path]);
    const [header, note, end] = readFileSync(path, "utf8").split("\n");
    assert.match(header!, /^id,project_id,date,description/);
    assert.match(note!, /Price test/);
    assert.equal(end, "");
  });
});

describe("mp export lexicon", () => {
  it("prints an entry a line", async () => {
    const [entry, ...others] = lines((await lab.mp(["export", "lexicon"])).stdout);
    assert.deepEqual([entry.entityType, entry.name, entry.schemaJson.description], ["event", "Sign Up", "Joined"]);
    assert.deepEqual(others, []);
  });

  it("writes a list that can be uploaded again", async () => {
    const path = folder.path("lexicon.json");
    await lab.mp(["export", "lexicon", "-o", path]);
    const upload = await lab.mp(["lexicon", "upload", path]);
    assert.equal(upload.code, 0, upload.stderr);
  });
});

describe("mp export cohorts", () => {
  it("prints a cohort a line; where there are none, nothing", async () => {
    const { code, stdout, stderr } = await lab.mp(["export", "cohorts"]);
    assert.deepEqual([code, stdout, stderr], [0, "", "Exported 0 cohorts\n"]);
    assert.equal((await lab.mp(["export", "cohorts", "-f", "json"])).stdout, "[]\n");
    assert.equal((await lab.mp(["export", "cohorts", "-f", "csv"])).stdout, "");
  });
});
