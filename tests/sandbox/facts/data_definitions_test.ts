import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, type LabRequest, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const P = `/projects/${SANDBOX.projectId}`;
const D = `${P}/data-definitions`;
const DAY = 86_400;

/** A request to the App API with a JSON body. */
const app = (lab: Lab, method: string, path: string, body?: unknown, options: LabRequest = {}) =>
  lab.send(`/api/app${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...options,
  });

const sent = (event: string, properties: Record<string, unknown> = {}) => ({
  event,
  properties: { distinct_id: "u", time: NOW_SECONDS - 60, ...properties },
});

facts("5.9", "data definitions", {
  "5.9-1": {
    says: "events are listed by name[], changed by name or as a list, and deleted by a DELETE with a body",
    async holds(lab) {
      lab.load([sent("A"), sent("B")]);
      const one = await app(lab, "PATCH", `${D}/events/`, { name: "A", hidden: true, verified: true, tags: ["core"] });
      assert.equal(one.json.results.hidden, true);
      await app(lab, "PATCH", `${D}/events/`, { events: [{ name: "B", dropped: true }] });
      const { results } = (await app(lab, "GET", `${D}/events/?name[]=A&name[]=B`)).json;
      const flags = results.map((one: Record<string, unknown>) => [one.name, one.hidden, one.dropped, one.verified]);
      assert.deepEqual(flags, [["A", true, false, true], ["B", false, true, false]]);
      assert.deepEqual(results[0].tags, ["core"]);
      assert.equal((await app(lab, "DELETE", `${D}/events/`, { name: "A" })).status, 200);
      assert.equal((await app(lab, "GET", `${D}/events/?name[]=A`)).json.results[0].verified, false);
    },
  },
  "5.9-2": {
    says: "a PATCH of an unknown name makes an entry of its own",
    async holds(lab) {
      assert.deepEqual((await app(lab, "GET", `${D}/events/`)).json.results, []);
      await app(lab, "PATCH", `${D}/events/`, { name: "Never Sent", description: "x" });
      const { results } = (await app(lab, "GET", `${D}/events/`)).json;
      assert.deepEqual([results[0].name, results[0].description], ["Never Sent", "x"]);
    },
  },
  "5.9-3": {
    says: "resource types are camel case and capitalized: others are refused, names in snake case ignored",
    async holds(lab) {
      lab.load([sent("A", { plan: "pro" })]);
      lab.store.profiles.put(SANDBOX.projectId, "", "u", { city: "Rome" });
      const namesOf = async (query: string) =>
        (await app(lab, "GET", `${D}/properties/?${query}`)).json.results.map((one: { name: string }) => one.name);
      assert.ok((await namesOf("resourceType=Event")).includes("plan"));
      assert.deepEqual(await namesOf("resourceType=User"), ["city"]);
      assert.ok((await namesOf("resource_type=user")).includes("plan"));
      const refused = await app(lab, "GET", `${D}/properties/?resourceType=event`);
      assert.deepEqual([refused.status, refused.json.error], [400, "Invalid resource type"]);
    },
  },
  "5.9-4": {
    says: "a tag is deleted by POST {delete: true}; a DELETE is a 405",
    async holds(lab) {
      const { id } = (await app(lab, "POST", `${D}/tags/`, { name: "core" })).json.results;
      assert.equal((await app(lab, "DELETE", `${D}/tags/${id}/`)).status, 405);
      await app(lab, "PATCH", `${D}/tags/${id}/`, { name: "main" });
      assert.deepEqual((await app(lab, "GET", `${D}/tags/`)).json.results, [{ id, name: "main" }]);
      await app(lab, "POST", `${D}/tags/`, { delete: true, name: "main" });
      assert.deepEqual((await app(lab, "GET", `${D}/tags/`)).json.results, []);
    },
  },
  "5.9-5": {
    says: "drop filters are at most 15, known by the id in the body, and each change answers the whole list",
    async holds(lab) {
      const filters = [
        {
          resourceType: "events",
          value: "plan",
          filterType: "string",
          filterOperator: "equals",
          filterValue: ["test"],
        },
      ];
      for (let made = 1; made <= 15; made++) {
        const { json } = await app(lab, "POST", `${D}/events/drop-filters/`, { eventName: "A", filters });
        assert.equal(json.results.length, made);
      }
      assert.equal((await app(lab, "POST", `${D}/events/drop-filters/`, { eventName: "A", filters })).status, 400);
      assert.equal((await app(lab, "GET", `${D}/events/drop-filters/limits/`)).json.results.filterLimit, 15);
      const [{ id }] = (await app(lab, "GET", `${D}/events/drop-filters/`)).json.results;
      const off = (await app(lab, "PATCH", `${D}/events/drop-filters/`, { id, active: false })).json.results;
      assert.deepEqual([off.length, off[0].active], [15, false]);
      assert.equal((await app(lab, "DELETE", `${D}/events/drop-filters/`, { id })).json.results.length, 14);
    },
  },
  "5.9-6": {
    says: "a lookup table is uploaded to a signed address, registered by a form, and asked after",
    async holds(lab) {
      const T = `${D}/lookup-tables`;
      const { url, path, key } = (await app(lab, "GET", `${T}/upload-url/?content-type=text/csv`)).json.results;
      const csv = "plan,price\npro,20\n";
      const put = { method: "PUT", body: csv, headers: { "content-type": "text/csv" }, auth: "" };
      assert.equal((await lab.send(url.replace("http://127.0.0.1", ""), put)).status, 200);
      const body = new URLSearchParams({ name: "Plans", path, key });
      const made = (await lab.send(`/api/app${T}/`, { method: "POST", body })).json.results;
      assert.equal(made.name, "Plans");
      assert.equal((await lab.send(`/api/app${T}/download/?data-group-id=${made.id}`)).text, csv);
      const status = await app(lab, "GET", `${T}/upload-status/?upload-id=1`);
      assert.equal(status.json.results.uploadStatus, "NOTFOUND");
    },
  },
  "5.9-7": {
    says: "an audit is a pair of the violations and {computed_at}",
    async holds(lab) {
      lab.load([sent("A")]);
      const { results } = (await app(lab, "GET", `${D}/audit/`)).json;
      assert.equal(results.length, 2);
      assert.deepEqual(results[0].map((one: { event: string }) => one.event), ["A"]);
      assert.equal(results[1].computed_at, "2026-11-23T12:00:00Z");
    },
  },
  "5.9-8": {
    says: "deletion requests are made, listed and cancelled by {id}, and preview-filters deletes nothing",
    async holds(lab) {
      lab.load([sent("A")]);
      const what = { eventName: "A", fromDate: "2026-11-23", toDate: "2026-11-23" };
      const path = `${D}/events/deletion-requests/`;
      assert.equal((await app(lab, "POST", `${path}preview-filters/`, what)).status, 200);
      assert.deepEqual((await app(lab, "GET", path)).json.results, []);
      const [{ id, status }] = (await app(lab, "POST", path, what)).json.results;
      assert.equal(status, "Submitted");
      assert.deepEqual((await app(lab, "DELETE", path, { id })).json.results, []);
      lab.clock.advance(60_000);
      await app(lab, "GET", path);
      assert.equal(lab.store.events.count(SANDBOX.projectId), 1);
    },
  },
  "5.9-9": {
    says: "deletions are for owners and admins, within 180 days, and ten a month",
    async holds(lab) {
      const path = `${D}/events/deletion-requests/`;
      const what = { eventName: "A", fromDate: "2026-11-23", toDate: "2026-11-23" };
      assert.equal((await app(lab, "POST", path, { ...what, fromDate: "2026-05-01" })).status, 400);
      for (let made = 0; made < 10; made++) assert.equal((await app(lab, "POST", path, what)).status, 200);
      assert.equal((await app(lab, "POST", path, what)).status, 400);
      lab.store.projects.setRole(1, SANDBOX.projectId, "analyst");
      const refused = await app(lab, "POST", path, what);
      assert.equal(refused.status, 403);
      assert.match(refused.json.error, /event_deletion/);
    },
  },
  "5.9-10": {
    says: "a request without the slash at the end is redirected",
    async holds(lab) {
      assert.equal((await app(lab, "GET", `${D}/events`)).status, 301);
    },
  },
});

facts("10", "the Lexicon and what guards the data, as clients use it", {
  "10-1": {
    says: "dropped events are thrown away as they come in, and cannot be got back",
    async holds(lab) {
      await app(lab, "PATCH", `${D}/events/`, { name: "A", dropped: true });
      const { json } = await lab.import([record({ $insert_id: "1" }, "A"), record({ $insert_id: "2" }, "B")]);
      assert.equal(json.num_records_imported, 2);
      assert.deepEqual((await lab.exported()).map((one) => one.event), ["B"]);
      await app(lab, "PATCH", `${D}/events/`, { name: "A", dropped: false });
      assert.deepEqual((await lab.exported()).map((one) => one.event), ["B"]);
    },
  },
  "10-2": {
    says: "what data definitions write, the published schemas have in metadata.com.mixpanel, and the reverse",
    async holds(lab) {
      await app(lab, "POST", `${P}/schemas/event/A`, { description: "old" });
      await app(lab, "PATCH", `${D}/events/`, { name: "A", displayName: "Alpha", hidden: true, description: "new" });
      const schema = (await app(lab, "GET", `${P}/schemas/event/A`)).json;
      assert.equal(schema.description, "new");
      assert.deepEqual(schema.metadata["com.mixpanel"], { displayName: "Alpha", hidden: true });
      await app(lab, "POST", `${P}/schemas/event/A`, {
        metadata: { "com.mixpanel": { tags: ["core"], hidden: false } },
      });
      const [definition] = (await app(lab, "GET", `${D}/events/?name[]=A`)).json.results;
      assert.deepEqual([definition.tags, definition.hidden, definition.displayName], [["core"], false, "Alpha"]);
    },
  },
  "10-3": {
    says: "a 403 names the right that is missing",
    async holds(lab) {
      lab.store.projects.setRole(1, SANDBOX.projectId, "consumer");
      const events = await app(lab, "PATCH", `${D}/events/`, { name: "A", hidden: true });
      assert.deepEqual([events.status, /write_data_definitions\b/.test(events.json.error)], [403, true]);
      const schema = await app(lab, "POST", `${D}/schema/`, { ruleEvent: "Warn and Accept" });
      assert.deepEqual([schema.status, /write_data_definition_schema\b/.test(schema.json.error)], [403, true]);
    },
  },
  "10.2-1": {
    says: "PATCH of schemas merges, and answers for each entry",
    async holds(lab) {
      await app(lab, "POST", `${P}/schemas/event/A`, { properties: { a: { type: "string" } } });
      const entries = [
        { entityType: "event", name: "A", schemaJson: { properties: { b: { type: "number" } } } },
        { entityType: "event", name: "B", schemaJson: { properties: { c: { type: "date" } } } },
      ];
      const { results } = (await app(lab, "PATCH", `${P}/schemas`, { entries })).json;
      assert.deepEqual(results.map((one: { status: string }) => one.status), ["ok", "error"]);
      await app(lab, "PATCH", `${P}/schemas/event/A`, { description: "merged" });
      const schema = (await app(lab, "GET", `${P}/schemas/event/A`)).json;
      assert.deepEqual([Object.keys(schema.properties), schema.description], [["a", "b"], "merged"]);
    },
  },
  "10.2-2": {
    says: "an enforcement is begun by POST, changed by PATCH, replaced whole by PUT, and shown by fields",
    async holds(lab) {
      assert.equal((await app(lab, "POST", `${D}/schema/`, { ruleEvent: "Warn" })).status, 400);
      await app(lab, "POST", `${D}/schema/`, { ruleEvent: "Warn and Accept" });
      await app(lab, "PATCH", `${D}/schema/`, { notificationEmails: ["a@example.com"] });
      const shown = (await app(lab, "GET", `${D}/schema/?fields=ruleEvent,state`)).json.results;
      assert.deepEqual(shown, { ruleEvent: "Warn and Accept", state: "ingested" });
      assert.equal((await app(lab, "PUT", `${D}/schema/`, { ruleEvent: "Warn and Hide" })).status, 400);
      const whole = { commonProperties: [], userProperties: [], events: [], notificationEmails: [] };
      await app(lab, "PUT", `${D}/schema/`, { ...whole, ruleEvent: "Warn and Hide" });
      assert.deepEqual((await app(lab, "GET", `${D}/schema/`)).json.results.notificationEmails, []);
      assert.equal((await app(lab, "DELETE", `${D}/schema/`)).status, 200);
    },
  },
  "10.3-1": {
    says: "anomalies are dismissed one by one or together; a filter by status makes the server fail",
    async holds(lab) {
      const make = (body: unknown) => lab.post("/sandbox/anomalies", body);
      const ids = [];
      for (const eventName of ["A", "B"]) ids.push((await make({ eventName, actualCount: 3 })).json.id);
      const path = `${D}/data-volume-anomalies/`;
      assert.equal((await app(lab, "GET", `${path}?status=open`)).status, 500);
      await app(lab, "PATCH", path, { id: ids[0], status: "dismissed", anomalyClass: "Event" });
      const statuses = async () =>
        (await app(lab, "GET", path)).json.results.anomalies.map((one: { status: string }) => one.status);
      assert.deepEqual(await statuses(), ["dismissed", "open"]);
      const anomalies = ids.map((id) => ({ id, anomalyClass: "Event" }));
      await app(lab, "PATCH", `${path}bulk/`, { anomalies, status: "dismissed" });
      assert.deepEqual(await statuses(), ["dismissed", "dismissed"]);
    },
  },
  "10.3-2": {
    says: "a deletion goes from Submitted by Processing to Completed, and only what its filters hold for is gone",
    settings: { gdprStageMs: 1000 },
    async holds(lab) {
      lab.load([
        sent("A", { n: 1 }),
        sent("A", { n: 9 }),
        sent("B", { n: 9 }),
        sent("A", { n: 9, time: NOW_SECONDS - 2 * DAY }),
      ]);
      const path = `${D}/events/deletion-requests/`;
      const filters = {
        resourceType: "events",
        value: "n",
        filterType: "number",
        filterOperator: "is greater than",
        filterValue: 5,
      };
      await app(lab, "POST", path, { eventName: "A", fromDate: "2026-11-23", toDate: "2026-11-23", filters });
      const state = async () => {
        const [one] = (await app(lab, "GET", path)).json.results;
        return [one.status, one.deletedEventsCount];
      };
      assert.deepEqual(await state(), ["Submitted", 0]);
      lab.clock.advance(1000);
      assert.deepEqual(await state(), ["Processing", 0]);
      lab.clock.advance(1000);
      assert.deepEqual(await state(), ["Completed", 1]);
      assert.equal(lab.store.events.count(SANDBOX.projectId), 3);
    },
  },
  "10.4-1": {
    says: "from 5 MB on a registration answers an uploadId, which is PENDING first",
    settings: { gdprStageMs: 1000 },
    async holds(lab) {
      const T = `${D}/lookup-tables`;
      const { url, path, key } = (await app(lab, "GET", `${T}/upload-url/?content-type=text/csv`)).json.results;
      const csv = "k,v\n" + Array.from({ length: 60 }, (_, row) => `${row},${"x".repeat(100_000)}\n`).join("");
      const put = { method: "PUT", body: csv, headers: { "content-type": "text/csv" }, auth: "" };
      await lab.send(url.replace("http://127.0.0.1", ""), put);
      const form = new URLSearchParams({ name: "Large", path, key });
      const { uploadId } = (await lab.send(`/api/app${T}/`, { method: "POST", body: form })).json.results;
      const status = async () => (await app(lab, "GET", `${T}/upload-status/?upload-id=${uploadId}`)).json.results;
      assert.equal((await status()).uploadStatus, "PENDING");
      lab.clock.advance(1000);
      const done = await status();
      assert.deepEqual([done.uploadStatus, done.result.name], ["SUCCESS", "Large"]);
    },
  },
  "10.4-2": {
    says: "the signed address takes the CSV with its type, and no credentials",
    async holds(lab) {
      const { url } = (await app(lab, "GET", `${D}/lookup-tables/upload-url/?content-type=text/csv`)).json.results;
      const path = url.replace("http://127.0.0.1", "");
      const put = { method: "PUT", body: "k\n1\n", headers: { "content-type": "text/csv" } };
      assert.equal((await lab.send(path, put)).status, 400);
      assert.equal((await lab.send(`${path}0`, { ...put, auth: "" })).status, 403);
      assert.equal((await lab.send(path, { ...put, auth: "" })).status, 200);
      lab.clock.advance(3_600_000);
      assert.equal((await lab.send(path, { ...put, auth: "" })).status, 403);
    },
  },
  "10.4-3": {
    says: "tables are renamed and deleted by the ids of their data groups",
    async holds(lab) {
      const T = `${D}/lookup-tables/`;
      const [{ id, name }] = (await app(lab, "GET", T)).json.results;
      assert.equal(name, "Products");
      await app(lab, "PATCH", T, { "data-group-id": id, name: "Goods" });
      assert.equal((await app(lab, "GET", `${T}?data-group-id=${id}`)).json.results[0].name, "Goods");
      assert.equal((await app(lab, "DELETE", T, { "data-group-ids": [id] })).status, 200);
      assert.deepEqual((await app(lab, "GET", T)).json.results, []);
    },
  },
});
