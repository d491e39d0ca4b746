import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Pipeline, tasksOf } from "../../../src/sandbox/pipelines/pipelines.ts";
import { Lab, type Reply } from "../lab.ts";

const ROOT = "/api/2.0/nessie/pipeline";
const PROJECT = `project_id=${SANDBOX.projectId}`;

const post = (lab: Lab, verb: string, fields: Record<string, string>): Promise<Reply> =>
  lab.send(`${ROOT}/${verb}?${PROJECT}`, { method: "POST", body: new URLSearchParams(fields) });
const gcs = { type: "gcs-raw", from_date: "2026-11-20", gcs_bucket: "b", gcs_region: "us-central1" };

describe("/nessie/pipeline/create", () => {
  it("names what it makes, and refuses the same one twice", async () => {
    const lab = new Lab();
    const made = await post(lab, "create", gcs);
    assert.deepEqual([made.status, made.json], [200, { pipeline_names: ["events-daily-gcs-raw"] }]);
    assert.equal((await post(lab, "create", gcs)).status, 400);
  });

  it("allows two recurring pipelines of events, and one with an end", async () => {
    const lab = new Lab();
    const hourly = { ...gcs, frequency: "hourly" };
    const s3 = { type: "s3-raw", from_date: "2026-11-20", s3_bucket: "b", s3_region: "r", s3_role: "a" };
    const statuses = [];
    for (const one of [gcs, hourly, s3, { ...s3, to_date: "2026-11-30" }]) {
      statuses.push((await post(lab, "create", one)).status);
    }
    assert.deepEqual(statuses, [200, 200, 400, 200]);
    await post(lab, "cancel", { name: "events-daily-gcs-raw" });
    const schema = { ...gcs, type: "gcs-schema", sync: "true", schema_type: "monoschema" };
    assert.equal((await post(lab, "create", schema)).status, 200);
  });

  it("refuses what its type does not allow", async () => {
    const lab = new Lab();
    const refused: Record<string, string>[] = [
      {},
      { ...gcs, type: "gcs" },
      { ...gcs, gcs_bucket: "" },
      { ...gcs, from_date: "2026-01-01" },
      { ...gcs, from_date: "2026-11-31" },
      { ...gcs, to_date: "2026-11-01" },
      { ...gcs, data_source: "people" },
      { ...gcs, type: "gcs-schema", schema_type: "monoschema" },
      { ...gcs, type: "gcs-schema", schema_type: "monoschema", sync: "false" },
    ];
    for (const fields of refused) {
      const reply = await post(lab, "create", fields);
      assert.deepEqual([reply.status, reply.json.status], [400, "error"], JSON.stringify(fields));
    }
  });
});

describe("pipelines", () => {
  it("answer changes with nothing, and unknown names with 404", async () => {
    const lab = new Lab();
    await post(lab, "create", gcs);
    for (const verb of ["edit", "pause", "resume", "cancel"]) {
      assert.equal((await post(lab, verb, { name: "x" })).status, 404, verb);
      const done = await post(lab, verb, { name: "events-daily-gcs-raw", where: 'properties["a"]' });
      assert.deepEqual([done.status, done.text], [200, ""], verb);
    }
    assert.deepEqual((await lab.send(`${ROOT}/jobs?${PROJECT}`)).json, { [SANDBOX.projectId]: [] });
  });

  it("take a service account with the project, or the project's secret", async () => {
    const lab = new Lab();
    assert.equal((await lab.send(`${ROOT}/jobs`, { auth: `${SANDBOX.secret}:` })).status, 200);
    assert.equal((await lab.send(`${ROOT}/jobs`)).status, 400);
    assert.equal((await lab.send(`${ROOT}/jobs?${PROJECT}`, { auth: "" })).status, 401);
  });

  it("refuse a state that there is not, and list several", async () => {
    const lab = new Lab();
    await post(lab, "create", gcs);
    const status = (query: string) => lab.send(`${ROOT}/status?${PROJECT}&name=events-daily-gcs-raw&${query}`);
    assert.equal((await status("status=done")).status, 400);
    const { json } = await status("status=pending&status=failed");
    assert.deepEqual(Object.keys(json), ["pending", "failed"]);
    assert.equal(json.pending.length, 2);
  });
});

describe("a pipeline's days", () => {
  const noon = Date.UTC(2026, 10, 23, 12);
  const pipeline = (changes: Partial<Pipeline> = {}): Pipeline => ({
    name: "p",
    type: "s3-raw",
    dataSource: "events",
    frequency: "daily",
    fromDay: "2026-11-20",
    createdMs: noon,
    pauses: [],
    settings: {},
    ...changes,
  });
  const states = (one: Pipeline, nowMs: number) => tasksOf(one, nowMs).map(({ day, state }) => `${day} ${state}`);

  it("are exported in turn, and each new one after midnight", () => {
    assert.deepEqual(states(pipeline(), noon + 1000), [
      "2026-11-20 succeeded",
      "2026-11-21 running",
      "2026-11-22 pending",
    ]);
    const midnight = Date.UTC(2026, 10, 24);
    assert.equal(tasksOf(pipeline(), midnight - 1).length, 3);
    assert.equal(tasksOf(pipeline(), midnight).at(-1)!.runMs, midnight);
  });

  it("stop at the last one", () => {
    assert.equal(tasksOf(pipeline({ toDay: "2026-11-21" }), noon + 1e9).length, 2);
  });

  it("wait while it is paused, and are given up when it is cancelled", () => {
    const paused = pipeline({ pauses: [{ fromMs: noon + 1000 }] });
    assert.deepEqual(states(paused, noon + 9e6).map((one) => one.split(" ")[1]), ["succeeded", "pending", "pending"]);
    const resumed = pipeline({ pauses: [{ fromMs: noon + 1000, toMs: noon + 60_000 }] });
    assert.deepEqual(tasksOf(resumed, noon + 9e6).map(({ runMs }) => runMs - noon), [0, 60_000, 61_000]);
    const canceled = pipeline({ canceledMs: noon + 1500 });
    assert.deepEqual(states(canceled, noon + 9e6).map((one) => one.split(" ")[1]), [
      "succeeded",
      "succeeded",
      "canceled",
    ]);
  });
});

describe("/data-pipelines", () => {
  it("starts a sync and says when it is complete", async () => {
    const lab = new Lab();
    const start = (body: unknown) =>
      lab.send(`/api/2.0/data-pipelines/warehouse/sync?${PROJECT}`, { method: "POST", body: JSON.stringify(body) });
    const body = { warehouse_id: "w", sync_type: "full", tables: ["users", "events"] };
    const { json } = await start(body);
    assert.deepEqual([json.status, json.started_at], ["running", "2026-11-23T12:00:00Z"]);
    const status = async () =>
      (await lab.send(`/api/2.0/data-pipelines/status/${json.sync_id}?${PROJECT}`)).json.status;
    assert.equal(await status(), "running");
    lab.clock.advance(4000);
    assert.equal(await status(), "completed");
    for (const missing of ["warehouse_id", "sync_type", "tables"]) {
      assert.equal((await start({ ...body, [missing]: undefined })).status, 400, missing);
    }
    assert.equal((await lab.send(`/api/2.0/data-pipelines/status/x?${PROJECT}`)).status, 404);
  });
});
