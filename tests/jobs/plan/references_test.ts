import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { referencesIn, withIds, withNames } from "../../../src/jobs/plan/references.ts";

const NAMES: Record<string, string> = {
  "cohorts/88": "cohorts/Payers",
  "custom-events/7": "custom-events/Any purchase",
  "custom-properties/42": "custom-properties/Net",
  "metrics/501": "metrics/Orders",
  "behaviors/9": "behaviors/Checkout",
};
const IDS = Object.fromEntries(Object.entries(NAMES).map(([id, path]) => [path, Number(id.split("/")[1])]));

const named = (value: unknown) => withNames(value, (kind, id) => NAMES[`${kind}/${id}`]);

// The places are those of the fact sheet of unpublished endpoints, sections 2 and 8.
const PLACES: [what: string, value: unknown, expected: unknown][] = [
  [
    "a cohort in a filter",
    { value: "$cohorts", filterValue: [{ cohort: { id: 88, name: "Payers", negated: false } }] },
    {
      value: "$cohorts",
      filterValue: [{ cohort: { id: { $ref: "cohorts/Payers" }, name: "Payers", negated: false } }],
    },
  ],
  [
    "cohorts in a breakdown",
    { cohorts: [{ id: 88, groups: [] }, { id: 88, negated: true }] },
    { cohorts: [{ id: { $ref: "cohorts/Payers" }, groups: [] }, { id: { $ref: "cohorts/Payers" }, negated: true }] },
  ],
  [
    "the size of a cohort",
    { behavior: { type: "cohort", id: 88 } },
    { behavior: { type: "cohort", id: { $ref: "cohorts/Payers" } } },
  ],
  [
    "a cohort in a cohort's conditions",
    { children: [{ property: "cohort", value: 88, operator: "not in" }] },
    { children: [{ property: "cohort", value: { $ref: "cohorts/Payers" }, operator: "not in" }] },
  ],
  [
    "a cohort of flows",
    { filter_by_cohort: { id: 88 } },
    { filter_by_cohort: { id: { $ref: "cohorts/Payers" } } },
  ],
  [
    "a custom event, by its id and as the name of an event",
    { behavior: { type: "custom-event", id: 7, name: "$custom_event:7" } },
    {
      behavior: {
        type: "custom-event",
        id: { $ref: "custom-events/Any purchase" },
        name: { $ref: "custom-events/Any purchase", as: "event" },
      },
    },
  ],
  [
    "a custom event of flows",
    { steps: [{ custom_event: 7 }] },
    { steps: [{ custom_event: { $ref: "custom-events/Any purchase" } }] },
  ],
  [
    "a custom property",
    { measurement: { property: { customPropertyId: 42, name: "" } } },
    { measurement: { property: { customPropertyId: { $ref: "custom-properties/Net" }, name: "" } } },
  ],
  [
    "a saved metric and a saved behavior",
    { show: [{ type: "metric", id: 501, overrides: {} }, { behavior: { type: "funnel", id: 9 } }] },
    {
      show: [
        { type: "metric", id: { $ref: "metrics/Orders" }, overrides: {} },
        { behavior: { type: "funnel", id: { $ref: "behaviors/Checkout" } } },
      ],
    },
  ],
];

describe("references", () => {
  for (const [what, value, expected] of PLACES) {
    it(`name ${what}, and give its id back`, () => {
      assert.deepEqual(named(value), expected);
      assert.deepEqual(withIds(expected, (path) => IDS[path]!), value);
    });
  }

  it("leave numbers alone that are no ids of other things", () => {
    const values = [
      { filterValue: [88], value: 88, id: 88 },
      { type: "metric", id: 501, behavior: { type: "event", id: null, name: "88" } },
      { type: "funnel", id: 9, behaviors: [{ type: "event", id: 7 }] },
      { property: "user", value: 88 },
    ];
    for (const value of values) assert.deepEqual(named(value), value);
  });

  it("name a custom event with an id of 19 digits by all of them", () => {
    const asked: unknown[] = [];
    withNames({ name: "$custom_event:1234567890123456789" }, (kind, id) => void asked.push(`${kind}/${id}`));
    assert.deepEqual(asked, ["custom-events/1234567890123456789"]);
  });

  it("are not what the schemas of events call by the same word", () => {
    const schema = { a: { $ref: "#/definitions/address" }, b: { $ref: "https://example.com/schema.json" } };
    assert.deepEqual(referencesIn(schema), []);
    assert.deepEqual(withIds(schema, () => assert.fail("asked for an id")), schema);
  });

  it("tell of ids that are of nothing, which stay", () => {
    const unknown: unknown[] = [];
    const value = { cohort: { id: 99 }, name: "$custom_event:98" };
    assert.deepEqual(withNames(value, () => undefined, (...one) => unknown.push(one)), value);
    assert.deepEqual(unknown, [["cohorts", 99], ["custom-events", 98]]);
  });

  it("are listed once each", () => {
    assert.deepEqual(referencesIn([PLACES[1]![2], PLACES[5]![2]]), ["cohorts/Payers", "custom-events/Any purchase"]);
  });
});
