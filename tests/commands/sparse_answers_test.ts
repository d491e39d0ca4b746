/** Answers of unpublished endpoints with no more than the fact sheet says that they have at least. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const PROJECT = "/api/app/projects/1000001";
let stub: Stubbed;
beforeEach(async () => void (stub = await openStubbed()));
afterEach(() => stub.server.finish());

describe("an answer that leaves out what it may", () => {
  const rows: [argv: string[], path: string, results: unknown][] = [
    [["boards", "list"], `${PROJECT}/dashboards`, [{ id: 77, title: "Growth" }]],
    [["boards", "get", "77"], `${PROJECT}/dashboards/77`, { id: 77, title: "Growth" }],
    [["boards", "mails", "list"], `${PROJECT}/dashboard-reports/email-digests`, [{ id: 1 }]],
    [["alerts", "list"], `${PROJECT}/alerts/custom/`, [{ id: 1, name: "Few orders" }]],
    [["alerts", "get", "1"], `${PROJECT}/alerts/custom/1/`, { id: 1, name: "Few orders" }],
    [["reports", "list"], `${PROJECT}/bookmarks`, [{ id: 9, name: "Orders", type: "insights" }]],
    [["cohorts", "get", "88"], `${PROJECT}/cohorts/88`, { id: 88, name: "Payers" }],
    [["webhooks", "list"], `${PROJECT}/webhooks/`, [{ id: "w", name: "Hook" }]],
    [["metrics", "list"], `${PROJECT}/metrics/`, { 501: { id: 501, name: "Paid", type: "metric" } }],
    [["lookup-tables", "groups"], `${PROJECT}/data-definitions/lookup-tables/`, [{ id: 5, name: "Products" }]],
    [["lexicon", "tags", "list"], `${PROJECT}/data-definitions/tags/`, [{ id: 3, name: "core" }]],
    [["lexicon", "events", "list"], `${PROJECT}/data-definitions/events/`, [{ id: 3, name: "Purchase" }]],
    [["lexicon", "properties", "list"], `${PROJECT}/data-definitions/properties/`, [{ id: 3, name: "amount" }]],
    [["lexicon", "drop-filters", "list"], `${PROJECT}/data-definitions/events/drop-filters/`, [{ id: 3 }]],
    [["custom-properties", "list"], `${PROJECT}/custom_properties/`, [{ customPropertyId: 4, name: "Net" }]],
    [["workspaces", "list"], `${PROJECT}/workspaces/public`, [{ id: 2, name: "All" }]],
  ];
  for (const [argv, path, results] of rows) {
    it(`is understood: mp ${argv.join(" ")}`, async () => {
      stub.server.on("GET", path, { json: { status: "ok", results } });
      const { code, stdout, stderr } = await stub.mp([...argv, "-f", "csv"]);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /Cannot read the answer/);
      const [one] = Object.values(results as object);
      assert.match(stdout, new RegExp(String(typeof one === "object" ? one.name ?? one.title ?? one.id : one)));
    });
  }
});
