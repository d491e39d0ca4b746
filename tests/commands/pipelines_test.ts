import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS, type WorldOptions } from "../helpers/world.ts";

const PROJECT = { project_id: String(SANDBOX.projectId) };
const GCS = "--pipeline-type gcs-raw --gcs-bucket b --gcs-region us-central1";
const NAME = "events-daily-gcs-raw";
let clock: FakeClock;
let lab: ProgramLab;
before(() => {
  clock = fakeClock(NOW_MS);
  lab = openProgramLab({}, clock);
});
after(() => lab.stop());

const words = (line: string) => ["pipelines", ...line.split(" ")];
const mp = (line: string, world?: WorldOptions) => lab.mp(words(line), world);
const sends = (line: string, world?: WorldOptions) => lab.sends(words(line), world);
const form = (text: string) => [...new URLSearchParams(text)];

describe("pipelines create", () => {
  it("sends a form, with events one by one, and the project among its fields", async () => {
    const sent = await sends(`create ${GCS} --from 2026-11-20 --event A --event B`);
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/2.0/nessie/pipeline/create"]);
    assert.deepEqual(sent.query, {});
    assert.match(sent.headers.get("content-type")!, /x-www-form-urlencoded/);
    assert.deepEqual(form(sent.text), [
      ["type", "gcs-raw"],
      ["from_date", "2026-11-20"],
      ["events", "A"],
      ["events", "B"],
      ["gcs_bucket", "b"],
      ["gcs_region", "us-central1"],
      ...Object.entries(PROJECT),
    ]);
    assert.deepEqual(JSON.parse(sent.stdout), { pipeline_names: [NAME] });
  });

  it("says once that the API is retired", async () => {
    const { stderr } = await mp("list");
    assert.equal(stderr.match(/^Deprecated: /gm)!.length, 1);
  });

  it("adds what types with a schema want said, and needs no first day for a trial", async () => {
    const sent = await sends(
      "create --pipeline-type bigquery --trial --bq-region US --gcp-project p --bq-dataset-name d",
    );
    const { trial, sync, schema_type, from_date } = Object.fromEntries(form(sent.text));
    assert.deepEqual([trial, sync, schema_type, from_date], ["true", "true", "monoschema", undefined]);
    assert.deepEqual(JSON.parse(sent.stdout).pipeline_names, [
      "trial-events-daily-bigquery-monoschema",
      "trial-people-daily-bigquery-monoschema",
    ]);
  });

  const azure =
    "create --pipeline-type azure-raw --from 2d --storage-account s --container-name c --client-id i --tenant-id t";

  it("takes a secret from its variable, and shows it nowhere", async () => {
    const env = { AZURE_CLIENT_SECRET: "azure-secret-value" };
    const dry = await mp(`${azure} --dry-run`, { env });
    assert.match(dry.stdout, /client_secret='?"\$AZURE_CLIENT_SECRET"/);
    const sent = await sends(`${azure} -v`, { env });
    assert.ok(form(sent.text).some(([name, value]) => name === "client_secret" && value === "azure-secret-value"));
    for (const text of [dry.stdout, dry.stderr, sent.stdout, sent.stderr]) assert.doesNotMatch(text, /azure-secret/);
  });

  it("has no flag for a secret, and names what is missing for the type", async () => {
    const before = lab.requests.length;
    const flag = await mp(`${azure} --client-secret x`);
    assert.equal(flag.code, 3);
    assert.match(flag.stderr, /unknown option '--client-secret'/);
    for (
      const [line, message] of [
        [azure, /--client-secret:? is needed for azure-raw: set AZURE_CLIENT_SECRET/],
        ["create --pipeline-type s3-raw", /--s3-bucket.*--s3-region.*--s3-role.*--from/],
        [`create ${GCS} --from 2d --data-source people`, /exports events only/],
        ["create --pipeline-type gcs --from 2d", /--pipeline-type/],
        [`create ${GCS} --from 2026-02-30`, /no such day/],
      ] as const
    ) {
      const { code, stderr } = await mp(line);
      assert.equal(code, 3, stderr);
      assert.match(stderr, message);
    }
    assert.equal(lab.requests.length, before);
  });
});

describe("a pipeline's commands", () => {
  beforeEach(() => void (lab.requests.length = 0));

  it("list shows it, with its project", async () => {
    const { path, query, stdout } = await sends("list -f csv");
    assert.deepEqual([path, query], ["/api/2.0/nessie/pipeline/jobs", PROJECT]);
    assert.match(stdout, /^name,frequency,Dispatcher,last_dispatched,sync_enabled\n/);
    assert.match(stdout, new RegExp(`^${NAME},daily,backfill,`, "m"));
  });

  it("status and timeline follow the clock", async () => {
    clock.advance(1500);
    const sent = await sends(`status ${NAME} --summary`);
    assert.deepEqual([sent.path, sent.query], [
      "/api/2.0/nessie/pipeline/status",
      { ...PROJECT, name: NAME, summary: "true" },
    ]);
    // Three days are over: one is exported, one is under way, one has to wait.
    assert.deepEqual(JSON.parse(sent.stdout), { canceled: 0, retried: 0, succeeded: 1, running: 1, pending: 1 });
    const timeline = await sends(`timeline ${NAME} -f csv`);
    assert.deepEqual(timeline.query, { ...PROJECT, name: NAME });
    assert.equal(
      timeline.stdout,
      "date,status,syncs,last_sync\n" +
        "2026-11-20,synced,1,2026-11-23 12:00:01.000000 +0000 UTC\n2026-11-21,pending,0,\n2026-11-22,pending,0,\n",
    );
  });

  it("status takes several states", async () => {
    const { stdout } = await mp(`status ${NAME} --task-status running --task-status pending -f csv`);
    assert.deepEqual(stdout.trim().split("\n").slice(1).map((line) => line.split(",")[2]), ["running", "pending"]);
  });

  it("pause, resume, edit and cancel send its name and say what they did", async () => {
    for (
      const [verb, done] of [["pause", "Paused"], ["resume", "Resumed"], ["cancel --yes", "Cancelled"]] as const
    ) {
      const sent = await sends(`${verb} ${NAME} -q`);
      assert.deepEqual([sent.method, sent.path], ["POST", `/api/2.0/nessie/pipeline/${verb.split(" ")[0]}`]);
      assert.deepEqual([sent.query, form(sent.text)], [{}, [["name", NAME], ...Object.entries(PROJECT)]]);
      assert.equal(sent.stdout, "");
      const again = await mp(`${verb} ${NAME}`);
      if (verb.startsWith("cancel")) assert.equal(again.code, 4);
      else assert.match(again.stderr, new RegExp(`^${done} ${NAME}$`, "m"));
      if (verb === "resume") {
        const edited = await sends(`edit ${NAME} --event C --event D`);
        assert.deepEqual(form(edited.text), [
          ["name", NAME],
          ["events", "C"],
          ["events", "D"],
          ...Object.entries(PROJECT),
        ]);
        assert.match(edited.stderr, new RegExp(`^Changed ${NAME}$`, "m"));
      }
    }
  });

  it("use the project secret without the project's id", async () => {
    const env = { MP_USERNAME: "", MP_SECRET: "", MP_API_SECRET: SANDBOX.secret };
    const { query } = await sends("list", { env });
    assert.deepEqual(query, {});
  });
});

describe("pipelines sync and sync-status", () => {
  it("are as the reference has them", async () => {
    const sent = await sends("sync --warehouse-id w --sync-type full --table users --table events -f json");
    assert.deepEqual([sent.method, sent.path], ["POST", "/api/2.0/data-pipelines/warehouse/sync"]);
    assert.deepEqual(JSON.parse(sent.text), { warehouse_id: "w", sync_type: "full", tables: ["users", "events"] });
    const { sync_id, status } = JSON.parse(sent.stdout);
    assert.equal(status, "running");
    clock.advance(5000);
    const later = await sends(`sync-status ${sync_id} -f csv`);
    assert.deepEqual([later.method, later.path], ["GET", `/api/2.0/data-pipelines/status/${sync_id}`]);
    assert.equal(later.stdout, `sync_id,status,rows_processed,errors\n${sync_id},completed,0,0\n`);
    assert.equal((await mp("sync-status 17")).code, 4);
  });
});
