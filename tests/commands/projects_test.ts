import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileInfo, readTextFile } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

let lab: ProgramLab;
const files = temporaryFolder();
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

describe("mp projects create", () => {
  it("makes a project with a token and a secret of its own", async () => {
    const { method, path, text, stdout } = await lab.sends(
      ["projects", "create", "Coffee, Germany", "--timezone", "Europe/Berlin", "-f", "json"],
    );
    assert.deepEqual([method, path], ["POST", "/api/app/projects"]);
    assert.deepEqual(JSON.parse(text), { name: "Coffee, Germany", timezone: "Europe/Berlin" });
    const { id, token, api_secret } = JSON.parse(stdout);
    assert.equal(lab.store.projects.projectByToken(token)!.id, id);
    assert.equal(lab.store.projects.projectBySecret(api_secret)!.timeZone, "Europe/Berlin");
    const list = await lab.mp(["projects", "list", "-f", "csv"]);
    assert.match(list.stdout, new RegExp(`\\n${id},"Coffee, Germany",Sandbox organization,Europe/Berlin\\n`));
  });

  it("keeps the secret in a file", async () => {
    const path = files.path("project.secret");
    const { stdout } = await lab.sends(["projects", "create", "Quiet", "--secret-file", path, "-f", "csv"]);
    const secret = (await readTextFile(path))!.trim();
    assert.equal(lab.store.projects.projectBySecret(secret)!.name, "Quiet");
    assert.match(stdout, /^id,name,token,api_secret\n\d+,Quiet,\w+,in /);
    assert.doesNotMatch(stdout, new RegExp(secret));
  });

  it("writes its answer to a file that nobody else can read", async () => {
    const path = files.path("project.csv");
    const { stderr } = await lab.mp(["projects", "create", "To a file", "-o", path]);
    assert.match((await readTextFile(path))!, /^id,name,token,api_secret\n/);
    assert.equal((await fileInfo(path))!.mode & 0o777, 0o600);
    assert.match(stderr, /, which only you can read\n/);
  });

  it("refuses a time zone that is none, before anything is sent", async () => {
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(["projects", "create", "X", "--timezone", "Mars/Olympus"]);
    assert.deepEqual([code, lab.requests.length], [3, before]);
    assert.match(stderr, /--timezone: "Mars\/Olympus" is no time zone/);
  });
});

describe("mp events delete", () => {
  it("deletes an event's occurrences in days of the project, and nothing else", async () => {
    const event = (name: string, day: string) =>
      rowOfRecord({
        event: name,
        properties: { time: Date.parse(day) / 1000, distinct_id: "u", $insert_id: name + day },
      });
    lab.store.events.append(SANDBOX.projectId, [
      event("Load Test", "2026-11-01T00:00:00Z"),
      event("Load Test", "2026-11-02T23:59:59Z"),
      event("Load Test", "2026-11-03T00:00:00Z"),
      event("Purchase", "2026-11-02T12:00:00Z"),
    ]);
    const argv = ["events", "delete", "Load Test", "--from", "2026-11-01", "--to", "2026-11-02"];
    const asked = await lab.mp(argv);
    assert.equal(asked.code, 3);
    assert.match(asked.stderr, /Delete all "Load Test" events from 2026-11-01 to 2026-11-02\? They cannot be restored/);
    const { method, path, text, stdout, stderr } = await lab.sends([...argv, "--yes"]);
    assert.deepEqual([method, path], ["POST", `/api/app/projects/${SANDBOX.projectId}/delete-events`]);
    assert.deepEqual(JSON.parse(text), {
      event_name: "Load Test",
      start_date: "2026-11-01",
      end_date: "2026-11-02",
    });
    const { status, deletion_job_id } = JSON.parse(stdout);
    assert.equal(status, "pending");
    assert.equal(
      stderr,
      `Asked for "Load Test" to be deleted (job ${deletion_job_id}); count what is left: ` +
        "mp query segmentation 'Load Test' --from 2026-11-01 --to 2026-11-02\n",
    );
    assert.equal(lab.store.events.count(SANDBOX.projectId), 2);
  });

  it("refuses a range that ends before it begins", async () => {
    const before = lab.requests.length;
    const { code } = await lab.mp(["events", "delete", "X", "--from", "2026-11-02", "--to", "2026-11-01", "--yes"]);
    assert.deepEqual([code, lab.requests.length], [3, before]);
  });
});
