import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";

const update = (operation: Record<string, unknown>, id: unknown = "u-1") => ({
  $token: SANDBOX.token,
  $distinct_id: id,
  ...operation,
});
const profile = (lab: Lab, id = "u-1") => lab.store.profiles.get(SANDBOX.projectId, "", id);

describe("/engage", () => {
  it("carries out the updates of a batch one after the other", async () => {
    const lab = new Lab();
    const reply = await lab.post("/engage?verbose=1", [
      update({ $set: { plan: "free" } }),
      update({ $set: { plan: "pro" }, $ignore_time: true }),
      update({ $add: { n: 2 } }, "u-2"),
      update({ $add: { n: 3 } }, "u-2"),
    ]);
    assert.equal(reply.text, '{"error":null,"status":1}');
    assert.equal(profile(lab)!.plan, "pro");
    assert.equal(profile(lab, "u-2")!.n, 5);
  });

  it("notes when a user was last seen, unless it is told not to", async () => {
    const lab = new Lab();
    await lab.post("/engage", update({ $set: {} }));
    assert.equal(profile(lab)!.$last_seen, "2026-11-23T12:00:00");
    await lab.post("/engage", update({ $set: {}, $time: 1_700_000_000 }));
    assert.equal(profile(lab)!.$last_seen, "2023-11-14T22:13:20");
    await lab.post("/engage", [
      update({ $set: { a: 1 }, $ignore_time: true }, "u-2"),
      update({ $set: {}, $ignore_time: "true" }, "u-2"),
    ]);
    assert.deepEqual(profile(lab, "u-2"), { a: 1 });
  });

  it("takes the forms that SDKs send", async () => {
    const lab = new Lab();
    const data = btoa(JSON.stringify(update({ $set: { a: 1 } })));
    assert.equal((await lab.send(`/engage?data=${encodeURIComponent(data)}&ip=0&verbose=0`, { auth: "" })).text, "1");
    const form = new URLSearchParams({ data: JSON.stringify([update({ $set: { b: 2 } })]), verbose: "1" });
    const reply = await lab.send("/engage/", { method: "POST", auth: "", body: form });
    assert.deepEqual(reply.json, { error: null, status: 1 });
    const { $last_seen: _seen, ...rest } = profile(lab)!;
    assert.deepEqual(rest, { a: 1, b: 2 });
  });

  it("looks at the token in the data, not at the header", async () => {
    const lab = new Lab();
    const reply = await lab.send(`/engage?verbose=1&project_id=${SANDBOX.projectId}`, {
      method: "POST",
      body: JSON.stringify([{ $distinct_id: "u-1", $set: { a: 1 } }]),
    });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json, { error: "$token, missing or empty", status: 0 });
  });

  it("says what is missing, with status 200", async () => {
    const lab = new Lab();
    const problems: [unknown, string][] = [
      [update({ $set: {} }, ""), "$distinct_id, missing or empty"],
      [update({ $set: {} }, null), "$distinct_id, missing or empty"],
      [update({}), "data, no operation"],
      [[], "data, missing or empty"],
    ];
    for (const [data, error] of problems) {
      const reply = await lab.post("/engage?verbose=1", data);
      assert.deepEqual([reply.status, reply.json], [200, { error, status: 0 }]);
    }
    assert.equal((await lab.post("/engage", [update({})])).text, "0");
  });

  it("takes updates for an unknown token and drops them", async () => {
    const lab = new Lab();
    assert.equal((await lab.post("/engage", [{ ...update({ $set: {} }), $token: "nobody" }])).text, "1");
    assert.equal(lab.store.profiles.count(SANDBOX.projectId), 0);
  });

  it("deletes a profile and leaves the events", async () => {
    const lab = new Lab();
    await lab.post("/track", { event: "E", properties: { token: SANDBOX.token, distinct_id: "u-1" } });
    await lab.post("/engage", [update({ $set: { a: 1 } }), update({ $delete: "", $ignore_alias: "true" })]);
    assert.equal(profile(lab), undefined);
    assert.equal((await lab.exported()).length, 1);
  });

  it("knows a user by a number as by its digits, however many", async () => {
    const lab = new Lab();
    const body = `[{"$token":"${SANDBOX.token}","$distinct_id":9223372036854775807,"$set":{"id":9223372036854775807}}]`;
    await lab.send("/engage", { method: "POST", auth: "", body });
    assert.equal(profile(lab, "9223372036854775807")!.id, 9223372036854775807n);
  });
});

describe("/groups", () => {
  it("keeps profiles of groups apart from those of users", async () => {
    const lab = new Lab();
    const group = { $token: SANDBOX.token, $group_key: "company", $group_id: "u-1" };
    const reply = await lab.post("/groups?verbose=1", [{ ...group, $set: { size: 5 } }, {
      ...group,
      $union: { tags: ["a"] },
    }]);
    assert.deepEqual(reply.json, { error: null, status: 1 });
    assert.equal(profile(lab), undefined);
    const [{ groupKey, id }] = lab.store.profiles.dataGroups(SANDBOX.projectId);
    assert.equal(groupKey, "company");
    assert.match(id, /^\d{19}$/);
    const page = await lab.query("/engage", { data_group_id: id });
    assert.deepEqual(page.json.results, [{ $distinct_id: "u-1", $properties: { size: 5, tags: ["a"] } }]);
  });

  it("says what is missing", async () => {
    const lab = new Lab();
    const group = { $token: SANDBOX.token, $set: {} };
    assert.equal((await lab.post("/groups?verbose=1", group)).json.error, "$group_key, missing or empty");
    const withoutId = await lab.post("/groups?verbose=1", { ...group, $group_key: "company" });
    assert.equal(withoutId.json.error, "$group_id, missing or empty");
  });
});
