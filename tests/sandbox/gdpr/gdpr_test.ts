import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, record, type Reply } from "../lab.ts";

const TOKEN = `token=${SANDBOX.token}`;
const FIRST = "1000000000000001001";
const auth = `Bearer ${SANDBOX.oauthToken}`;

const make = (lab: Lab, kind: string, body: unknown, options = {}): Promise<Reply> =>
  lab.send(`/api/app/data-${kind}/v3.0/?${TOKEN}`, { method: "POST", body: JSON.stringify(body), auth, ...options });
const status = (lab: Lab, kind: string, id = FIRST) => lab.send(`/api/app/data-${kind}/v3.0/${id}?${TOKEN}`, { auth });
const cancel = (lab: Lab, id = FIRST) =>
  lab.send(`/api/app/data-deletions/v3.0/${id}?${TOKEN}`, { method: "DELETE", auth });

describe("/api/app/data-retrievals and data-deletions", () => {
  it("want an OAuth token and the project's own", async () => {
    const lab = new Lab();
    const body = { distinct_ids: ["u-1"] };
    const basic = await make(lab, "retrievals", body, { auth: undefined });
    assert.deepEqual([basic.status, basic.json.status], [401, "error"]);
    assert.equal((await make(lab, "retrievals", body, { auth: "" })).status, 401);
    const answers = [];
    for (const query of ["", "?token=", "?token=x"]) {
      const request = { method: "POST", body: JSON.stringify(body), auth };
      answers.push((await lab.send(`/api/app/data-retrievals/v3.0/${query}`, request)).status);
    }
    assert.deepEqual(answers, [400, 400, 403]);
  });

  it("redirect without the slash, as Mixpanel does", async () => {
    const lab = new Lab();
    const { status, headers } = await lab.send(`/api/app/data-deletions/v3.0?${TOKEN}`, { method: "POST", auth });
    assert.deepEqual([status, headers.get("location")], [301, `/api/app/data-deletions/v3.0/?${TOKEN}`]);
  });

  it("answer 201 with the task's id, as published, or with a list, as the guide has it", async () => {
    const published = await make(new Lab(), "deletions", { distinct_ids: ["u-1"] });
    assert.deepEqual([published.status, published.json], [201, { status: "ok", results: { task_id: FIRST } }]);
    const guide = await make(new Lab({ gdprListAnswers: true }), "retrievals", {
      distinct_ids: ["u-1"],
      compliance_type: "CCPA",
    });
    assert.deepEqual([guide.status, guide.json], [201, [{
      tracking_id: FIRST,
      status: "PENDING",
      requesting_user: SANDBOX.userEmail,
      compliance_type: "CCPA",
      disclosure_type: "Data",
      project_id: SANDBOX.projectId,
      date_requested: "2026-11-23T12:00:00",
      destination_url: null,
      distinct_id_count: 1,
    }]]);
  });

  it("refuse bodies without ids, with too many, and unknown laws", async () => {
    const lab = new Lab();
    const ids = Array.from({ length: 2001 }, (_, index) => `u-${index}`);
    for (
      const body of [
        {},
        { distinct_ids: [] },
        { distinct_ids: [1] },
        { distinct_ids: ids },
        { distinct_ids: ["u"], compliance_type: "X" },
        { distinct_ids: ["u"], compliance_type: "CCPA", disclosure_type: "X" },
      ]
    ) {
      const reply = await make(lab, "retrievals", body);
      assert.deepEqual([reply.status, reply.json.status], [400, "error"], JSON.stringify(body).slice(0, 80));
    }
    assert.equal((await make(lab, "retrievals", { distinct_ids: ids.slice(1) })).status, 201);
  });

  it("move through their states with the clock", async () => {
    const lab = new Lab({ gdprStageMs: 1000 });
    await make(lab, "retrievals", { distinct_ids: ["u-1"] });
    const states = [];
    for (let second = 0; second < 4; second++) {
      const { json } = await status(lab, "retrievals");
      states.push(json.results.status);
      assert.equal(json.results.results !== "", second === 3);
      lab.clock.advance(1000);
    }
    assert.deepEqual(states, ["PENDING", "STAGING", "STARTED", "SUCCESS"]);
    assert.equal((await status(lab, "deletions")).json.results.status, "NOT_FOUND");
    assert.equal((await status(lab, "retrievals", "x")).json.results.status, "NOT_FOUND");
  });

  it("let a deletion be cancelled until it has started", async () => {
    const lab = new Lab({ gdprStageMs: 1000 });
    await make(lab, "deletions", { distinct_ids: ["u-1"] });
    await make(lab, "deletions", { distinct_ids: ["u-2"] });
    lab.clock.advance(1999);
    const done = await cancel(lab);
    assert.deepEqual([done.status, done.text], [204, ""]);
    assert.equal((await status(lab, "deletions")).json.results.status, "REVOKED");
    lab.clock.advance(1);
    const late = await cancel(lab, "1000000000000001002");
    assert.deepEqual([late.status, late.json.status], [405, "error"]);
    assert.equal((await cancel(lab, "17")).status, 404);
  });

  it("delete what is stored, also under ids that were merged, when the deletion is done", async () => {
    const lab = new Lab({ gdprStageMs: 1000 });
    lab.store.identities.join(SANDBOX.projectId, "before", "u-1");
    const ids = ["u-1", "u-2", "before"];
    lab.load(ids.map((distinct_id) => record({ distinct_id, $insert_id: distinct_id })));
    lab.store.profiles.putAll(SANDBOX.projectId, [{ distinctId: "u-1", properties: {} }]);
    await make(lab, "deletions", { distinct_ids: ["u-1"] });
    lab.clock.advance(2000);
    await status(lab, "deletions");
    assert.equal(lab.store.events.count(SANDBOX.projectId), 3);
    lab.clock.advance(1000);
    assert.equal((await status(lab, "deletions")).json.results.status, "SUCCESS");
    assert.deepEqual(
      (await lab.exported()).map(({ properties }) => (properties as { distinct_id: string }).distinct_id),
      [
        "u-2",
      ],
    );
    assert.equal(lab.store.profiles.count(SANDBOX.projectId), 0);
    // It is done once: what comes later is new.
    lab.load([record()]);
    await status(lab, "deletions");
    assert.equal(lab.store.events.count(SANDBOX.projectId), 2);
  });

  it("disclose the kinds or the sources of data alone, when that was asked for", async () => {
    const lab = new Lab({ gdprStageMs: 0.5 });
    lab.load([record({ mp_lib: "web", plan: "pro" })]);
    const results = [];
    for (const [index, disclosure_type] of ["Categories", "SOURCES"].entries()) {
      await make(lab, "retrievals", { distinct_ids: ["u-1"], compliance_type: "CCPA", disclosure_type });
      lab.clock.advance(10);
      const { json } = await status(lab, "retrievals", String(BigInt(FIRST) + BigInt(index)));
      results.push((await lab.send(new URL(json.results.results).pathname, { auth: "" })).json);
    }
    assert.deepEqual(results, [
      { events: ["Signup"], properties: ["$insert_id", "distinct_id", "mp_lib", "plan"] },
      { sources: ["web"] },
    ]);
  });

  it("let one request a second pass when quotas are on", async () => {
    const lab = new Lab({ quotas: { gdpr: { perSecond: 1 } } });
    const body = { distinct_ids: ["u-1"] };
    assert.equal((await make(lab, "retrievals", body)).status, 201);
    assert.equal((await make(lab, "retrievals", body)).status, 429);
    lab.clock.advance(1000);
    assert.equal((await make(lab, "retrievals", body)).status, 201);
  });
});
