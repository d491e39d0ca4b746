import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { facts } from "./facts.ts";

const P = `/api/app/projects/${SANDBOX.projectId}`;
const W = `/api/app/workspaces/${SANDBOX.workspaceId}`;

const send = (lab: Lab, method: string, path: string, body?: unknown) =>
  lab.send(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });

const bought = (number: number) => ({
  selector: {
    operator: "and",
    children: [{ property: "behaviors", value: "bhvr_0", operator: ">=", operand: number }],
  },
  behaviors: {
    bhvr_0: {
      window: { unit: "day", value: 30 },
      count: { type: "absolute", event_selector: { event: "Buy" } },
    },
  },
});

facts("5.10", "cohorts, custom events and properties, saved metrics and behaviors", {
  "5.10-c1": {
    says: "cohorts are listed, made, read, changed and deleted under the project, and under its workspace",
    async holds(lab) {
      const { id } = (await send(lab, "POST", `${P}/cohorts`, { name: "A", ...bought(1) })).json.results;
      assert.equal((await send(lab, "GET", `${W}/cohorts/${id}`)).json.results.name, "A");
      assert.equal((await send(lab, "PATCH", `${W}/cohorts/${id}`, { name: "B" })).json.results.name, "B");
      assert.equal((await send(lab, "GET", `${P}/cohorts?ids=${id}`)).json.results[0].name, "B");
      assert.equal((await send(lab, "GET", `${P}/cohorts?data_group_id=5`)).json.results.length, 0);
      assert.equal((await send(lab, "DELETE", `${P}/cohorts/${id}`)).status, 200);
      assert.equal((await send(lab, "GET", `${P}/cohorts/${id}`)).status, 404);
    },
  },
  "5.10-c2": {
    says: "cohorts are changed and deleted together by bulk-update and bulk-delete",
    async holds(lab) {
      const { id } = (await send(lab, "POST", `${P}/cohorts`, { name: "A" })).json.results;
      await send(lab, "POST", `${P}/cohorts/bulk-update`, { cohorts: [{ id, description: "d" }] });
      assert.equal((await send(lab, "GET", `${P}/cohorts/${id}`)).json.results.description, "d");
      await send(lab, "POST", `${P}/cohorts/bulk-delete`, { cohort_ids: [id] });
      assert.deepEqual((await send(lab, "GET", `${P}/cohorts`)).json.results, []);
    },
  },
  "5.10-c3": {
    says: "a profile query takes a cohort by its id, and a definition as raw_cohort, with the same members",
    async holds(lab) {
      lab.load(
        [1, 2].map((index) =>
          record({ distinct_id: "u", time: NOW_SECONDS - index * 86_400, $insert_id: String(index) }, "Buy")
        ),
      );
      const { id, count } = (await send(lab, "POST", `${P}/cohorts`, { name: "A", ...bought(2) })).json.results;
      assert.equal(count, 1);
      const ids = async (filter: object) =>
        (await lab.query("/engage", { filter_by_cohort: JSON.stringify(filter) })).json.results
          .map((one: { $distinct_id: string }) => one.$distinct_id);
      assert.deepEqual(await ids({ id }), ["u"]);
      assert.deepEqual(await ids({ raw_cohort: bought(2) }), ["u"]);
      assert.deepEqual(await ids({ raw_cohort: bought(3) }), []);
    },
  },
  "5.10-c4": {
    says: "selector: null of an event in a query's cohort crashes the server",
    async holds(lab) {
      const { selector, behaviors: { bhvr_0: { window } } } = bought(1);
      const count = { type: "absolute", event_selector: { event: "Buy", selector: null } };
      const raw_cohort = { selector, behaviors: { bhvr_0: { window, count } } };
      assert.equal((await lab.query("/engage", { filter_by_cohort: JSON.stringify({ raw_cohort }) })).status, 500);
    },
  },
  "5.10-c5": {
    says: "custom_events wants a form whose values are JSON; a body in JSON lacks its parameters",
    async holds(lab) {
      const path = `${P}/custom_events/`;
      const made = await lab.send(path, form({ name: "A", alternatives: '[{"event":"X"}]' }));
      assert.deepEqual(made.json.custom_event.alternatives, [{ event: "X" }]);
      const wrong = await send(lab, "POST", path, { name: "A", alternatives: [{ event: "X" }] });
      assert.equal(wrong.status, 400);
      assert.match(wrong.json.error, /^Missing required parameters/);
    },
  },
  "5.10-c6": {
    says: "custom events are listed, changed and deleted by their ids under data-definitions",
    async holds(lab) {
      const made = await lab.send(`${P}/custom_events/`, form({ name: "A", alternatives: '[{"event":"X"}]' }));
      const customEventId = made.json.custom_event.id;
      const path = `${P}/data-definitions/events/`;
      await send(lab, "PATCH", path, { customEventId, description: "d" });
      const [row] = (await send(lab, "GET", `${path}?custom_event=true`)).json.results;
      assert.deepEqual([row.customEventId, row.name, row.description], [customEventId, "A", "d"]);
      await send(lab, "DELETE", path, { customEventId });
      assert.deepEqual((await send(lab, "GET", `${path}?custom_event=true`)).json.results, []);
    },
  },
  "5.10-c7": {
    says: "a custom property is replaced as a whole by PUT",
    async holds(lab) {
      const body = { name: "A", resourceType: "events", displayFormula: "1", composedProperties: {} };
      const made = (await send(lab, "POST", `${P}/custom_properties/`, { ...body, description: "d" })).json.results;
      const put = await send(lab, "PUT", `${P}/custom_properties/${made.customPropertyId}/`, body);
      assert.deepEqual([made.description, put.json.results.description], ["d", null]);
    },
  },
  "5.10-c8": {
    says: "an unknown behavior is a 500, and an unknown metric a 404",
    async holds(lab) {
      assert.equal((await send(lab, "GET", `${P}/behaviors/4711/`)).status, 500);
      assert.equal((await send(lab, "GET", `${P}/metrics/4711/`)).status, 404);
    },
  },
  "5.10-c9": {
    says: "single metrics cannot be deleted: 501",
    async holds(lab) {
      const definition = { behavior: { type: "event", name: "X" }, measurement: { math: "total" } };
      const made = await send(lab, "POST", `${P}/metrics/`, { name: "A", type: "metric", definition });
      const [id] = Object.keys(made.json.results);
      const single = await send(lab, "DELETE", `${P}/metrics/${id}/`);
      assert.deepEqual([single.status, single.json.error], [501, "NOT IMPLEMENTED"]);
      assert.deepEqual((await send(lab, "DELETE", `${P}/metrics/`, { metrics: [{ id }] })).json.results, {});
    },
  },
});
