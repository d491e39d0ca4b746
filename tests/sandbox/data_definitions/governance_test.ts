/** What Mixpanel's own client reads of anomalies, deletions, enforcement and drop filters: its types decide. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { ANOMALY, type SavedAnomaly } from "../../../src/sandbox/data_definitions/anomalies.ts";
import { AppLab } from "../app/app_lab.ts";

const D = `/projects/${SANDBOX.projectId}/data-definitions`;
const USER = { name: SANDBOX.username, email: SANDBOX.username };

describe("data governance", () => {
  it("says who asked for a deletion as an object, and lists normalised filters", async () => {
    const lab = new AppLab();
    const body = { eventName: "Buy", fromDate: "2026-11-20", toDate: "2026-11-21" };
    const [made] = (await lab.post(`${D}/events/deletion-requests/`, body)).json.results;
    assert.deepEqual(made.requestingUser, USER);
    const preview = async (filters?: unknown) =>
      (await lab.post(`${D}/events/deletion-requests/preview-filters/`, { ...body, filters })).json.results;
    const filter = { resourceType: "events", value: "plan", filterType: "string", filterOperator: "is set" };
    assert.deepEqual([await preview(), await preview([filter])], [[], [filter]]);
  });

  it("says who began and changed the enforcement as objects", async () => {
    const lab = new AppLab();
    const { results } = (await lab.post(`${D}/schema/`, { ruleEvent: "Warn and Accept" })).json;
    assert.deepEqual([results.initializedBy, results.lastModifiedBy], [USER, USER]);
  });

  it("has an anomaly's project, and its variance as a percentage in words", async () => {
    const lab = new AppLab();
    lab.store.savedObjects.add(
      SANDBOX.projectId,
      ANOMALY,
      {
        timeMs: 0,
        actualCount: 150,
        predictedLower: 90,
        predictedUpper: 110,
        status: "open",
        anomalyClass: "Event",
        eventName: "Buy",
      } satisfies SavedAnomaly,
    );
    const { anomalies: [one] } = (await lab.get(`${D}/data-volume-anomalies/`)).json.results;
    assert.deepEqual([one.project, one.percentVariance], [SANDBOX.projectId, "50%"]);
  });

  it("takes the event of a drop filter in either spelling", async () => {
    const lab = new AppLab();
    const filters = [{ resourceType: "events", value: "plan", filterType: "string", filterOperator: "is set" }];
    const path = `${D}/events/drop-filters/`;
    const [made] = (await lab.post(path, { event_name: "Buy", filters })).json.results;
    const [changed] = (await lab.send("PATCH", path, { id: made.id, event_name: "View" })).json.results;
    assert.deepEqual([made.eventName, changed.eventName], ["Buy", "View"]);
    assert.equal((await lab.post(path, { filters })).status, 400);
  });
});
