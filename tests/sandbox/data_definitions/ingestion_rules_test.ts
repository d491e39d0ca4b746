import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";

const P = `/api/app/projects/${SANDBOX.projectId}`;
const D = `${P}/data-definitions`;

const send = (lab: Lab, method: string, path: string, body: unknown) =>
  lab.send(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } });
const filter = (fields: Record<string, unknown>) => ({ resourceType: "events", ...fields });
const names = async (lab: Lab) => (await lab.exported()).map((one) => one.event).sort();
const track = (lab: Lab, event: string, properties: Record<string, unknown> = {}) =>
  lab.post("/track", [{
    event,
    properties: { token: SANDBOX.token, distinct_id: "u", time: NOW_SECONDS - 5, ...properties },
  }]);

describe("what a project throws away as it comes in", () => {
  it("are the events that an active drop filter holds for, by /track and /import alike", async () => {
    const lab = new Lab();
    const filters = [
      filter({ value: "plan", filterType: "string", filterOperator: "equals", filterValue: ["test", "demo"] }),
      filter({ value: "amount", filterType: "number", filterOperator: "is at least", filterValue: 10 }),
    ];
    const made = await send(lab, "POST", `${D}/events/drop-filters/`, { eventName: "Buy", filters });
    const { id } = made.json.results[0];
    const records = [
      record({ $insert_id: "1", plan: "test", amount: 10 }, "Buy"),
      record({ $insert_id: "2", plan: "test", amount: 9 }, "Buy"),
      record({ $insert_id: "3", plan: "pro", amount: 10 }, "Buy"),
      record({ $insert_id: "4", plan: "test", amount: 10 }, "View"),
    ];
    assert.equal((await lab.import(records)).json.num_records_imported, 4);
    assert.deepEqual(await names(lab), ["Buy", "Buy", "View"]);
    assert.equal((await track(lab, "Buy", { plan: "demo", amount: 11 })).text, "1");
    assert.equal(lab.store.events.count(SANDBOX.projectId), 3);
    await send(lab, "PATCH", `${D}/events/drop-filters/`, { id, active: false });
    await track(lab, "Buy", { plan: "demo", amount: 11 });
    assert.equal(lab.store.events.count(SANDBOX.projectId), 4);
  });

  it("are properties that are dropped, and no others of their events", async () => {
    const lab = new Lab();
    await send(lab, "PATCH", `${D}/properties/`, { name: "email", resourceType: "Event", dropped: true });
    await lab.import([record({ $insert_id: "1", email: "a@example.com", plan: "pro" })]);
    const [one] = await lab.exported();
    assert.deepEqual([
      (one!.properties as Record<string, unknown>).email,
      (one!.properties as Record<string, unknown>).plan,
    ], [
      undefined,
      "pro",
    ]);
    const user = await send(lab, "PATCH", `${D}/properties/`, { name: "email", resourceType: "User", dropped: true });
    assert.equal(user.status, 400);
  });

  it("are properties that a schema drops", async () => {
    const lab = new Lab();
    const email = { type: "string", metadata: { "com.mixpanel": { dropped: true } } };
    await send(lab, "POST", `${P}/schemas/event/Signup`, { properties: { email } });
    await lab.import([record({ email: "a@example.com" })]);
    assert.equal(((await lab.exported())[0]!.properties as Record<string, unknown>).email, undefined);
  });

  it("are events outside the plan under 'Warn and Drop', and none under 'Warn and Accept'", async () => {
    const lab = new Lab();
    await send(lab, "POST", `${P}/schemas/event/Planned`, {});
    await send(lab, "POST", `${D}/schema/`, { ruleEvent: "Warn and Accept" });
    await track(lab, "Other");
    await send(lab, "PATCH", `${D}/schema/`, { ruleEvent: "Warn and Drop", events: ["Listed"] });
    for (const name of ["Planned", "Listed", "Other", "$own"]) await track(lab, name);
    assert.deepEqual(await names(lab), ["$own", "Listed", "Other", "Planned"]);
  });

  it("is nothing where events are hidden: only the Lexicon hides those outside the plan under 'Warn and Hide'", async () => {
    const lab = new Lab();
    await send(lab, "POST", `${P}/schemas/event/Planned`, {});
    await send(lab, "POST", `${D}/schema/`, { ruleEvent: "Warn and Hide" });
    for (const name of ["Planned", "Other"]) await track(lab, name);
    const definitions = (await lab.send(`${D}/events/`)).json.results;
    assert.deepEqual(definitions.map((one: { name: string; hidden: boolean }) => [one.name, one.hidden]), [
      ["Other", true],
      ["Planned", false],
    ]);
    assert.deepEqual((await lab.query("/events/names")).json.sort(), ["Other", "Planned"]);
  });
});

describe("the filters of the web page", () => {
  const cases: [string, Record<string, unknown>, unknown, boolean][] = [
    ["equals", { filterType: "string", filterOperator: "equals", filterValue: ["a", "b"] }, "b", true],
    ["does not equal", { filterType: "string", filterOperator: "does not equal", filterValue: ["a"] }, "a", false],
    ["contains", { filterType: "string", filterOperator: "contains", filterValue: "ea" }, "beat", true],
    [
      "does not contain",
      { filterType: "string", filterOperator: "does not contain", filterValue: "ea" },
      "beat",
      false,
    ],
    ["starts with", { filterType: "string", filterOperator: "starts with", filterValue: "be" }, "beat", true],
    ["ends with", { filterType: "string", filterOperator: "ends with", filterValue: "be" }, "beat", false],
    ["is set", { filterType: "string", filterOperator: "is set", filterValue: null }, "x", true],
    ["is not set", { filterType: "number", filterOperator: "is not set", filterValue: null }, 1, false],
    ["is equal to", { filterType: "number", filterOperator: "is equal to", filterValue: 3 }, 3, true],
    ["is greater than", { filterType: "number", filterOperator: "is greater than", filterValue: 3 }, 3, false],
    [
      "is less than or equal to",
      { filterType: "number", filterOperator: "is less than or equal to", filterValue: 3 },
      3,
      true,
    ],
    ["is between", { filterType: "number", filterOperator: "is between", filterValue: [1, 3] }, 2, true],
    ["not between", { filterType: "number", filterOperator: "not between", filterValue: [1, 3] }, 2, false],
    ["true", { filterType: "boolean", filterOperator: "true", filterValue: null }, true, true],
    ["false", { filterType: "boolean", filterOperator: "false", filterValue: null }, true, false],
    [
      "was on",
      { filterType: "datetime", filterOperator: "was on", filterValue: "2026-11-01" },
      "2026-11-01T09:00:00",
      true,
    ],
    [
      "was before",
      { filterType: "datetime", filterOperator: "was before", filterValue: "2026-11-01" },
      "2026-11-01",
      false,
    ],
    [
      "was between",
      { filterType: "datetime", filterOperator: "was between", filterValue: ["2026-11-01", "2026-11-03"] },
      "2026-11-02T00:00:00",
      true,
    ],
  ];
  for (const [operator, fields, value, isMeant] of cases) {
    it(`have '${operator}': ${JSON.stringify(value)} is ${isMeant ? "" : "not "}meant`, async () => {
      const lab = new Lab();
      const filters = [filter({ value: "p", ...fields })];
      assert.equal((await send(lab, "POST", `${D}/events/drop-filters/`, { eventName: "E", filters })).status, 200);
      await lab.import([record({ p: value }, "E")]);
      assert.equal(lab.store.events.count(SANDBOX.projectId), isMeant ? 0 : 1);
    });
  }

  it("are refused when they are none, or about something else than properties of events", async () => {
    const lab = new Lab();
    const bad = [
      [],
      ["x"],
      [filter({ filterType: "string", filterOperator: "equals", filterValue: ["a"] })],
      [filter({ value: "p", filterType: "string", filterOperator: "is at least", filterValue: 3 })],
      [{ resourceType: "cohorts", value: "$cohorts", filterType: "list", filterOperator: "contains", filterValue: [] }],
    ];
    for (const filters of bad) {
      const { status } = await send(lab, "POST", `${D}/events/drop-filters/`, { eventName: "E", filters });
      assert.equal(status, 400, JSON.stringify(filters));
    }
  });
});
