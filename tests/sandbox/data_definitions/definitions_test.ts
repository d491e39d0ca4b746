import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { NOW_SECONDS } from "../lab.ts";
import { AppLab } from "../app/app_lab.ts";
import { rowOfRecord } from "../../../src/sandbox/ingestion/event_row.ts";

const P = `/projects/${SANDBOX.projectId}`;
const D = `${P}/data-definitions`;

function labWith(...records: [event: string, properties?: Record<string, unknown>][]): AppLab {
  const lab = new AppLab();
  const rows = records.map(([event, properties = {}], index) =>
    rowOfRecord({ event, properties: { distinct_id: "u", time: NOW_SECONDS - 100 + index, ...properties } })
  );
  lab.store.events.append(SANDBOX.projectId, rows);
  return lab;
}

describe("definitions", () => {
  it("of what was only sent have no id, and no schema lists what was only described", async () => {
    const lab = labWith(["Sent"]);
    await lab.send("PATCH", `${D}/events/`, { name: "Described", description: "x" });
    const events = (await lab.get(`${D}/events/`)).json.results;
    assert.deepEqual(
      events.map((one: { name: string; id: number; status: string }) => [one.name, one.id > 0, one.status]),
      [
        ["Described", true, "planned"],
        ["Sent", false, "live"],
      ],
    );
    assert.deepEqual((await lab.get(`${P}/schemas`)).json.results, []);
    assert.equal((await lab.get(`${P}/schemas/event/Described`)).status, 404);
    await lab.post(`${P}/schemas/event/Described`, { properties: {} });
    assert.deepEqual((await lab.get(`${P}/schemas/event/Described`)).json, { properties: {} });
  });

  it("keep what only they say when a schema is written, uploaded or merged", async () => {
    const lab = labWith();
    await lab.send("PATCH", `${D}/events/`, { name: "A", verified: true });
    await lab.post(`${P}/schemas/event/A`, {});
    await lab.post(`${P}/schemas`, { entries: [{ entityType: "event", name: "A", schemaJson: {} }] });
    await lab.send("PATCH", `${P}/schemas/event/A`, { description: "x" });
    const [one] = (await lab.get(`${D}/events/?name[]=A`)).json.results;
    assert.deepEqual([one.verified, one.description], [true, "x"]);
  });

  it("of a property are those of the schemas that have it, and change them all", async () => {
    const lab = labWith();
    for (const name of ["A", "B"]) {
      await lab.post(`${P}/schemas/event/${name}`, { properties: { plan: { type: "string", description: "old" } } });
    }
    const changed = await lab.send("PATCH", `${D}/properties/`, {
      properties: [{ name: "plan", resourceType: "Event", description: "new", hidden: true, sensitive: true }],
    });
    assert.deepEqual([changed.json.results[0].sensitive, changed.json.results[0].description], [true, "new"]);
    for (const name of ["A", "B"]) {
      const { plan } = (await lab.get(`${P}/schemas/event/${name}`)).json.properties;
      assert.deepEqual(plan, { type: "string", description: "new", metadata: { "com.mixpanel": { hidden: true } } });
    }
  });

  it("of a property that nobody knows come with the id 0", async () => {
    const { json } = await labWith().get(`${D}/properties/?name[]=none&resourceType=Event`);
    assert.deepEqual([json.results.length, json.results[0].id, json.results[0].name], [1, 0, "none"]);
  });

  it("have a history of who changed what", async () => {
    const lab = labWith();
    await lab.send("PATCH", `${D}/events/`, { name: "A", hidden: true });
    await lab.send("PATCH", `${D}/events/`, { name: "A", hidden: true, description: "x" });
    await lab.send("PATCH", `${D}/properties/`, { name: "plan", resourceType: "Event", description: "y" });
    const history = (await lab.get(`${D}/events/A/history/`)).json.results;
    assert.deepEqual(history.map((one: { changes: unknown }) => one.changes), [
      { description: { from: "", to: "x" } },
      { hidden: { from: false, to: true } },
    ]);
    assert.equal(history[0].user.name, SANDBOX.username);
    const ofProperty = (await lab.get(`${D}/properties/plan/history/?entity_type=event`)).json.results;
    assert.equal(ofProperty.length, 1);
    assert.deepEqual((await lab.get(`${D}/properties/plan/history/?entity_type=user`)).json.results, []);
  });

  it("say where an event comes from", async () => {
    const lab = labWith(["A", { mp_lib: "web" }], ["A", { mp_lib: "web" }], ["A", { mp_lib: "node" }], ["B"]);
    const { results } = (await lab.get(`${D}/events/tracking-metadata/?event_name=A`)).json;
    assert.deepEqual([results.count, results.sdks], [3, { web: 2, node: 1 }]);
    assert.deepEqual([results.first_seen, results.last_seen], ["2026-11-23T11:58:20", "2026-11-23T11:58:22"]);
  });

  it("lose tags that are deleted, and have them under their new names", async () => {
    const lab = labWith();
    await lab.send("PATCH", `${D}/events/`, { name: "A", tags: ["x", "y"] });
    const tags = (await lab.get(`${D}/tags/`)).json.results;
    assert.deepEqual(tags.map((tag: { name: string }) => tag.name), ["x", "y"]);
    await lab.send("PATCH", `${D}/tags/${tags[0].id}/`, { name: "z" });
    await lab.post(`${D}/tags/`, { delete: true, name: "y" });
    assert.deepEqual((await lab.get(`${D}/events/?name[]=A`)).json.results[0].tags, ["z"]);
    assert.equal((await lab.send("PATCH", `${D}/tags/${tags[1].id}/`, { name: "w" })).status, 404);
    assert.equal((await lab.post(`${D}/tags/`, { name: "z" })).status, 400);
  });

  it("are exported as an object, or by mail as a text says", async () => {
    const exported = (await labWith(["A", { plan: "pro" }]).get(`${D}/export/`)).json.results;
    assert.deepEqual(exported.events.map((one: { name: string }) => one.name), ["A"]);
    const users = `${D}/export/?export_type=${encodeURIComponent('["All User Profile Properties"]')}`;
    assert.deepEqual(Object.keys((await labWith().get(users)).json.results), ["userProperties"]);
    const mailed = (await new AppLab({ mailsDefinitions: true }).get(`${D}/export/`)).json.results;
    assert.match(mailed, /emailed/);
  });

  it("are found by a workspace, too", async () => {
    const lab = labWith(["A"]);
    const { json } = await lab.get(`/workspaces/${SANDBOX.workspaceId}/data-definitions/events/`);
    assert.equal(json.results.length, 1);
  });
});

describe("an audit", () => {
  it("finds events and properties without a schema, and values of another type, with their numbers", async () => {
    const lab = labWith(
      ["Buy", { amount: 3, plan: "pro", extra: 1, $os: "x" }],
      ["Buy", { amount: 3.5, plan: 7 }],
      ["Buy", { amount: "3" }],
      ["View"],
      ["$own"],
    );
    const properties = { amount: { type: "number" }, plan: { type: ["string", "null"] } };
    await lab.post(`${P}/schemas/event/Buy`, { properties });
    const [violations] = (await lab.get(`${D}/audit/`)).json.results;
    const found = violations.map((
      one: Record<string, unknown>,
    ) => [one.event, one.name, one.count, one.propertyTypeError]);
    assert.deepEqual(found.sort(), [
      ["Buy", "amount", 1, "expected number, got string"],
      ["Buy", "extra", 1, null],
      ["Buy", "plan", 1, "expected string|null, got integer"],
      ["View", "View", 1, null],
    ]);
    const [events] = (await lab.get(`${D}/audit-events-only/`)).json.results;
    assert.deepEqual(events.map((one: { event: string }) => one.event), ["View"]);
  });

  it("takes an event that was only described for one without a schema", async () => {
    const lab = labWith(["View"]);
    await lab.send("PATCH", `${D}/events/`, { name: "View", hidden: true });
    const [violations] = (await lab.get(`${D}/audit-events-only/`)).json.results;
    assert.equal(violations.length, 1);
  });
});

describe("lookup tables", () => {
  const upload = async (lab: AppLab, csv: string, name: string, more: Record<string, string> = {}) => {
    const { url, path, key } = (await lab.get(`${D}/lookup-tables/upload-url/?content-type=text/csv`)).json.results;
    const put = { method: "PUT", body: csv, headers: { "content-type": "text/csv" }, auth: "" };
    await lab.ask(url.replace("http://127.0.0.1", ""), put);
    const body = new URLSearchParams({ name, path, key, ...more });
    return await lab.ask(`/api/app${D}/lookup-tables/`, { method: "POST", body });
  };

  it("that are made are those of the published endpoints, too", async () => {
    const lab = new AppLab();
    const { id, token } = (await upload(lab, "k,v\n1,2\n", "New")).json.results;
    const listed = (await lab.ask(`/lookup-tables?project_id=${SANDBOX.projectId}`)).json.results;
    assert.ok(listed.some((one: { id: string; name: string }) => one.id === token && one.name === "New"));
    const replaced = (await upload(lab, "k\n7\n", "Newer", { "data-group-id": String(id) })).json.results;
    assert.deepEqual([replaced.id, replaced.name], [id, "Newer"]);
    assert.equal(lab.store.lookupTables.csv(SANDBOX.projectId, token), "k\n7\n");
  });

  it("are downloaded whole, in part, and by a signed address", async () => {
    const lab = new AppLab();
    const csv = 'k,v\n1,"a, b"\n2,c\n';
    const { id } = (await upload(lab, csv, "T")).json.results;
    const query = `data-group-id=${id}`;
    assert.equal((await lab.get(`${D}/lookup-tables/download/?${query}`)).text, csv);
    assert.equal((await lab.get(`${D}/lookup-tables/download/?${query}&limit=1`)).text, 'k,v\n1,"a, b"\n');
    const address = (await lab.get(`${D}/lookup-tables/download-url/?${query}`)).json.results;
    assert.equal((await lab.ask(address.replace("http://127.0.0.1", ""), { auth: "" })).text, csv);
    assert.equal((await lab.get(`${D}/lookup-tables/download/?data-group-id=7`)).status, 404);
  });

  it("are refused with the first row that is wrong, or when nothing was uploaded", async () => {
    const lab = new AppLab();
    const { status, json } = await upload(lab, "k,v\n1\n", "T");
    assert.deepEqual([status, json.error], [400, "invalid row: wrong number of fields"]);
    const body = new URLSearchParams({ name: "T", path: "x", key: "y" });
    assert.equal((await lab.ask(`/api/app${D}/lookup-tables/`, { method: "POST", body })).status, 400);
  });
});
