import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { type S3Server, startS3Server } from "../../helpers/s3_server.ts";
import { NOW_MS } from "../../helpers/world.ts";
import { temporaryFolder } from "../../jobs/temporary_folder.ts";

const folder = temporaryFolder();
const clock = fakeClock(NOW_MS);
let lab: ProgramLab;
let store: S3Server;

before(async () => {
  lab = openProgramLab({ profilePageSize: 2 }, clock);
  store = await startS3Server();
  for (const id of ["a", "b", "c", "d", "e"]) lab.store.profiles.put(SANDBOX.projectId, "", id, { n: 1 });
});
after(async () => {
  await lab.stop();
  await store.stop();
});
beforeEach(async () => void await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" }));

const stateHome = folder.path("state");
const mp = (...argv: string[]) => lab.mp(["export", ...argv], { env: { XDG_STATE_HOME: stateHome, ...store.env } });

describe("an export of profiles to a bucket", () => {
  it("is an object when it is whole", async () => {
    const { code, stderr } = await mp("profiles", "-o", "s3://bucket/backup/profiles.jsonl.gz");
    assert.equal(code, 0, stderr);
    const object = store.objects.get("backup/profiles.jsonl.gz");
    assert.equal(gunzipSync(object!.bytes).toString().split("\n").length, 6);
    assert.match(stderr, / to s3:\/\/bucket\/backup\/profiles\.jsonl\.gz\n/);
  });

  it("goes on where it stopped, from what this machine kept", async () => {
    await fetch(`${lab.url}/sandbox/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "answer", status: 403, path: "/api/query/engage", skip: 1 }),
    });
    const argv = ["profiles", "-o", "s3://bucket/resumed.csv", "--concurrency", "1"];
    assert.equal((await mp(...argv)).code, 2);
    assert.equal(store.objects.has("resumed.csv"), false);
    assert.equal(readdirSync(`${stateHome}/mp/exports`).length, 1);
    const { code, stderr } = await mp(...argv);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Going on after 1 page\n/);
    assert.equal(store.text("resumed.csv")?.split("\n").length, 7);
    assert.deepEqual(readdirSync(`${stateHome}/mp/exports`), []);
  });
});

describe("a backup in a bucket", () => {
  it("has its parts under the prefix", async () => {
    const { code, stderr } = await mp("all", "s3://bucket/nightly", "--from", "2026-11-20", "--to", "2026-11-21");
    assert.equal(code, 0, stderr);
    const keys = [...store.objects.keys()].filter((key) => key.startsWith("nightly/")).sort();
    assert.deepEqual(keys, [
      "nightly/_mp_backup.json",
      "nightly/annotations.jsonl",
      "nightly/cohorts.jsonl",
      "nightly/events/_mp_manifest.json",
      "nightly/events/events_2026-11-20.jsonl.gz",
      "nightly/events/events_2026-11-21.jsonl.gz",
      "nightly/lexicon.jsonl",
      "nightly/lookup_tables.jsonl",
      "nightly/profiles.jsonl.gz",
    ]);
    assert.equal(existsSync("nightly"), false);
  });
});
