import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Project } from "../../../src/sandbox/store/projects.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";

const UUID = "6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a";
const OTHER_UUID = "0b9d1c2e-3f40-4a5b-8c6d-7e8f90a1b2c3";
const token = SANDBOX.token;

const identify = (user: unknown, anonymous: unknown) => ({
  event: "$identify",
  properties: { $identified_id: user, $anon_id: anonymous, token },
});
const alias = (user: string, name: string) => ({
  event: "$create_alias",
  properties: { distinct_id: user, alias: name, token },
});
const merge = (...ids: unknown[]) => ({ event: "$merge", properties: { $distinct_ids: ids } });
const resolve = (lab: Lab, id: string, projectId: number = SANDBOX.projectId) =>
  lab.store.identities.resolve(projectId, id);
const profile = (lab: Lab, id: string) => lab.store.profiles.get(SANDBOX.projectId, "", id);
const update = (id: string, change: Record<string, unknown>) => ({
  $token: token,
  $distinct_id: id,
  $ignore_time: true,
  ...change,
});

async function uniques(lab: Lab, projectId: number = SANDBOX.projectId): Promise<number> {
  const range = "event=Signup&type=unique&from_date=2026-11-23&to_date=2026-11-23";
  const { json } = await lab.send(`/api/query/segmentation?project_id=${projectId}&${range}`);
  return json.data.values.Signup["2026-11-23"];
}

describe("the original ID merge", () => {
  it("joins an anonymous id to a user, for reports, activity and exports", async () => {
    const lab = new Lab();
    await lab.import([
      record({ distinct_id: UUID, $insert_id: "a", n: 12345678901234567890n.toString() }),
      record({ distinct_id: "u-1", $insert_id: "b" }),
    ]);
    assert.equal(await uniques(lab), 2);
    const reply = await lab.post("/track?verbose=1", identify("u-1", UUID));
    assert.deepEqual(reply.json, { error: null, status: 1 });
    assert.equal(await uniques(lab), 1);

    const dates = { from_date: "2026-11-23", to_date: "2026-11-23" };
    for (const id of [UUID, "u-1"]) {
      const { json } = await lab.query("/stream/query", { distinct_ids: JSON.stringify([id]), ...dates });
      const names = json.results.events.map((one: { event: string }) => one.event);
      assert.deepEqual(names.filter((name: string) => name === "Signup").length, 2);
    }
    const exported = await lab.exported({ event: '["Signup"]' }) as { properties: Record<string, unknown> }[];
    const ids = exported.map(({ properties }) => [properties.distinct_id, properties.$distinct_id_before_identity]);
    assert.deepEqual(ids, [["u-1", UUID], ["u-1", undefined]]);
  });

  it("counts by the joined id also where an expression reads it", async () => {
    const lab = new Lab();
    await lab.import([record({ distinct_id: UUID }), identify("u-1", UUID)]);
    const { json } = await lab.query("/segmentation", {
      event: "Signup",
      from_date: "2026-11-23",
      to_date: "2026-11-23",
      on: 'properties["distinct_id"]',
    });
    assert.deepEqual(Object.keys(json.data.values), ["u-1"]);
  });

  it("keeps identity events with their properties, and counts them for nobody", async () => {
    const lab = new Lab();
    const { json } = await lab.import([identify("u-1", UUID), merge("u-1", "u-2"), alias("u-1", "a")]);
    assert.deepEqual(json, { code: 200, num_records_imported: 3, status: "OK" });
    const exported = await lab.exported() as { event: string; properties: Record<string, unknown> }[];
    const found = exported.map(({ event, properties: { time: _time, ...rest } }) => ({ event, properties: rest }));
    assert.deepEqual(found, [
      { event: "$identify", properties: { $identified_id: "u-1", $anon_id: UUID } },
      { event: "$merge", properties: { $distinct_ids: ["u-1", "u-2"] } },
      { event: "$create_alias", properties: { distinct_id: "u-1", alias: "a" } },
    ]);
  });

  it("takes what breaks its rules silently, and joins nothing", async () => {
    const lab = new Lab();
    await lab.post("/track", identify("u-1", UUID));
    const broken = [
      identify("u-2", UUID), // has a user
      identify("u-2", "visitor-7"), // no UUID
      identify("", OTHER_UUID),
      identify("u-2", 7),
      alias("u-3", UUID),
      merge("u-2"),
      merge("u-2", "u-3", "u-4"),
      merge("u-2", null),
      { event: "$merge", properties: { $distinct_ids: "u-2" } },
      { event: "$identify", properties: {} },
    ];
    const { json } = await lab.import(broken);
    assert.equal(json.num_records_imported, broken.length);
    assert.equal(resolve(lab, UUID), "u-1");
    for (const id of ["u-2", "u-3", "u-4", "visitor-7", OTHER_UUID, "7"]) assert.equal(resolve(lab, id), id);
  });

  it("still refuses an identity event whose time or ids are wrong in themselves", async () => {
    const lab = new Lab();
    const { status, json } = await lab.import([
      { event: "$merge", properties: { $distinct_ids: ["a", "b"], time: "yesterday" } },
      { event: "$create_alias", properties: { distinct_id: "null", alias: "b" } },
    ]);
    assert.equal(status, 400);
    const fields = json.failed_records.map((one: { field: string }) => one.field);
    assert.deepEqual(fields, ["properties.time", "properties.distinct_id"]);
    assert.equal(resolve(lab, "b"), "b");
  });

  it("merges ids of any form, also of persons who have several already", async () => {
    const lab = new Lab();
    await lab.import([merge("a", "b"), merge("c", "d"), merge("d", "b"), merge("a", "a")]);
    assert.deepEqual(["a", "b", "c", "d"].map((id) => resolve(lab, id)), ["c", "c", "c", "c"]);
    assert.equal(lab.store.identities.countIds(SANDBOX.projectId, "b"), 4);
  });

  it("merges any number of ids in the reference's form, on /track", async () => {
    const lab = new Lab();
    await lab.post("/track", { event: "$merge", properties: { $distinct_ids: ["a", "b", "c"], token } });
    assert.deepEqual(["b", "c"].map((id) => resolve(lab, id)), ["a", "a"]);
  });

  it("gives a person 500 ids and no more", async () => {
    const lab = new Lab();
    await lab.import(Array.from({ length: 500 }, (_, index) => merge("u", `id-${index}`)));
    assert.equal(lab.store.identities.countIds(SANDBOX.projectId, "u"), 500);
    assert.equal(resolve(lab, "id-498"), "u");
    assert.equal(resolve(lab, "id-499"), "id-499");
  });

  it("makes one profile of two, in which the remaining id's own values win", async () => {
    const lab = new Lab();
    await lab.post("/engage", [
      update("u-1", { $set: { plan: "pro" } }),
      update("u-2", { $set: { plan: "free", city: "Oslo" } }),
    ]);
    await lab.import([merge("u-1", "u-2")]);
    assert.deepEqual(profile(lab, "u-1"), { city: "Oslo", plan: "pro" });
    assert.equal(profile(lab, "u-2"), undefined);
    assert.equal(lab.store.profiles.count(SANDBOX.projectId), 1);
  });

  it("finds, changes and deletes a profile by an alias, unless it is told to take the id literally", async () => {
    const lab = new Lab();
    await lab.post("/track", alias("u-1", "ada"));
    await lab.post("/engage", update("ada", { $set: { plan: "pro" } }));
    assert.deepEqual(profile(lab, "u-1"), { plan: "pro" });
    const queries: Record<string, string>[] = [{ distinct_id: "ada" }, { distinct_ids: '["ada","u-1"]' }];
    for (const query of queries) {
      const { json } = await lab.query("/engage", query);
      assert.deepEqual(json.results, [{ $distinct_id: "u-1", $properties: { plan: "pro" } }]);
    }
    assert.equal((await lab.query("/engage/query", { distinct_id: "ada" })).json.$distinct_id, "u-1");
    await lab.post("/engage", update("ada", { $delete: "", $ignore_alias: "true" }));
    assert.deepEqual(profile(lab, "u-1"), { plan: "pro" });
    await lab.post("/engage", update("ada", { $delete: "" }));
    assert.equal(profile(lab, "u-1"), undefined);
  });

  it("leaves groups alone that are called like an alias", async () => {
    const lab = new Lab();
    await lab.post("/track", alias("u-1", "Acme"));
    await lab.post("/groups", { $token: token, $group_key: "company", $group_id: "Acme", $set: { a: 1 } });
    assert.deepEqual(lab.store.profiles.get(SANDBOX.projectId, "company", "Acme"), { a: 1 });
    const [{ id }] = lab.store.profiles.dataGroups(SANDBOX.projectId);
    const { json } = await lab.query("/engage", { distinct_id: "Acme", data_group_id: id });
    assert.equal(json.results[0].$distinct_id, "Acme");
  });
});

describe("a legacy project", () => {
  it("knows aliases and nothing else", async () => {
    const lab = new Lab();
    const { id, token } = lab.addProject({ identity: "legacy" });
    const send = (event: string, properties: object) =>
      lab.post("/track", { event, properties: { token, ...properties } });
    await send("$create_alias", { distinct_id: "u-1", alias: "ada" });
    await send("$identify", { $identified_id: "u-1", $anon_id: UUID });
    await send("$merge", { $distinct_ids: ["u-1", "u-2"] });
    assert.deepEqual(["ada", UUID, "u-2"].map((one) => resolve(lab, one, id)), ["u-1", UUID, "u-2"]);
  });
});

describe("the simplified ID merge", () => {
  const open = () => {
    const lab = new Lab();
    const project: Project = lab.addProject({ identity: "simplified" });
    const post = (records: unknown[]) =>
      lab.send("/import?strict=1", { method: "POST", auth: `${project.secret}:`, body: JSON.stringify(records) });
    const send = (...all: Record<string, unknown>[]) =>
      post(all.map((properties, index) => ({
        event: "Signup",
        properties: { time: NOW_SECONDS - 60, $insert_id: `i-${index}`, ...properties },
      })));
    const exported = async () => {
      const { text } = await lab.send(`/api/2.0/export?from_date=2026-11-23&to_date=2026-11-23`, {
        auth: `${project.secret}:`,
      });
      return text.trim().split("\n").map((line) => JSON.parse(line).properties as Record<string, unknown>);
    };
    return { lab, project, post, send, exported };
  };

  it("stores the user's id, or else the device's", async () => {
    const { send, exported } = open();
    const { json } = await send(
      { $user_id: "u-1", distinct_id: "whatever", big: 1 },
      { $device_id: "$device:d-1", distinct_id: "$device:d-1" },
      { $device_id: "d-2" },
      { distinct_id: "$device:d-3" },
      { distinct_id: UUID },
      { distinct_id: "" },
    );
    assert.equal(json.num_records_imported, 6);
    assert.deepEqual((await exported()).map(({ distinct_id }) => distinct_id), [
      "u-1",
      "$device:d-1",
      "$device:d-2",
      "$device:d-3",
      UUID,
      "",
    ]);
  });

  it("joins a device to the first user that is seen with it, and its earlier and later events", async () => {
    const { lab, project, send, exported } = open();
    await send({ $device_id: "d-1" }, { $device_id: "d-1", time: NOW_SECONDS - 3600 });
    assert.equal(await uniques(lab, project.id), 1);
    await send({ $device_id: "d-1", $user_id: "u-1", time: NOW_SECONDS - 7200 });
    assert.equal(await uniques(lab, project.id), 1);
    await send({ $device_id: "d-1", $user_id: "u-2" });
    assert.equal(resolve(lab, "$device:d-1", project.id), "u-1");
    assert.equal(await uniques(lab, project.id), 2);
    const rekeyed = (await exported()).filter((one) => one.$distinct_id_before_identity !== undefined);
    assert.deepEqual(rekeyed.map((one) => one.distinct_id), ["u-1", "u-1"]);
  });

  it("takes a bare id beside a device for a user's", async () => {
    const { lab, project, send } = open();
    await send({ distinct_id: "u-1", $device_id: "d-1" });
    assert.equal(resolve(lab, "$device:d-1", project.id), "u-1");
  });

  it("does not carry the device's profile over", async () => {
    const { lab, project, send } = open();
    const change = (id: string) => ({ $token: project.token, $distinct_id: id, $set: { a: 1 }, $ignore_time: true });
    await lab.post("/engage", change("$device:d-1"));
    await send({ $device_id: "d-1", $user_id: "u-1" });
    assert.equal(lab.store.profiles.get(project.id, "", "u-1"), undefined);
    await lab.post("/engage", change("$device:d-1"));
    assert.deepEqual(lab.store.profiles.get(project.id, "", "u-1"), { a: 1 });
  });

  it("refuses identity events on /import, and ignores them on /track", async () => {
    const { lab, project, post } = open();
    const { status, json } = await post([merge("a", "b"), record()]);
    assert.deepEqual([status, json.num_records_imported], [400, 0]);
    assert.equal(typeof json.failed_records[0], "string");
    const event = identify("u-1", UUID);
    await lab.post("/track", { ...event, properties: { ...event.properties, token: project.token } });
    assert.equal(resolve(lab, UUID, project.id), UUID);
  });
});
