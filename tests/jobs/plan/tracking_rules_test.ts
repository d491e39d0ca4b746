import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlanDefinition } from "../../../src/jobs/plan/definition.ts";
import { trackingRules } from "../../../src/jobs/plan/tracking_rules.ts";

const PLAN: PlanDefinition[] = [
  {
    kind: "events",
    name: "Purchase",
    fields: {
      required: ["amount"],
      properties: {
        amount: { type: "number" },
        items: { type: "array" },
        plan: { type: ["string", "null"], enum: ["free", "pro"] },
        seats: { type: "integer" },
        note: {},
      },
    },
  },
  { kind: "events", name: "Old", fields: { dropped: true } },
  { kind: "profiles", name: "Profile", fields: {} },
];

const found = (event: string, properties: Record<string, unknown> = {}, strict = false) =>
  trackingRules(PLAN, { strict })({ event, properties })
    .map(({ kind, property, problem }) => [kind, property, problem]);

describe("the rules of a plan", () => {
  it("let through what is as planned", () => {
    assert.deepEqual(
      found("Purchase", {
        amount: 9.5,
        items: [],
        plan: "pro",
        seats: 12345678901234567890n,
        note: { any: 1 },
        other: 1,
      }),
      [],
    );
    assert.deepEqual(found("Purchase", { amount: 1, plan: null, items: null }), []);
  });

  it("know events that are in no plan, and those of Mixpanel's own", () => {
    assert.deepEqual(found("Prchase"), [["unknown_event", undefined, "is not in the plan"]]);
    assert.deepEqual(found("Profile"), [["unknown_event", undefined, "is not in the plan"]]);
    assert.deepEqual(found("$identify"), []);
    assert.deepEqual(found("Old"), [["dropped_event", undefined, "is dropped by the plan, and still sent"]]);
  });

  it("miss what is required; null is nothing", () => {
    const missing = ["missing_property", "amount", "is required, and missing"];
    assert.deepEqual(found("Purchase"), [missing]);
    assert.deepEqual(found("Purchase", { amount: null }), [missing]);
  });

  it("tell the types of JSON apart", () => {
    const problem = (properties: Record<string, unknown>) => found("Purchase", { amount: 1, ...properties })[0]?.[2];
    assert.equal(problem({ amount: "9.5" }), "is text, not a number");
    assert.equal(problem({ items: "a" }), "is text, not a list");
    assert.equal(problem({ seats: 1.5 }), "is a number, not a whole number");
    assert.equal(problem({ plan: true }), "is true or false, not text or null");
    assert.equal(problem({ plan: "gold" }), 'is none of "free", "pro"');
    assert.equal(problem({ items: {} }), "is an object, not a list");
  });

  it("take other properties for wrong only when they are strict, but never Mixpanel's own", () => {
    const sent = {
      amount: 1,
      colour: "red",
      $os: "iOS",
      mp_lib: "web",
      time: 1,
      distinct_id: "u",
      token: "t",
      ip: "1",
    };
    assert.deepEqual(found("Purchase", sent), []);
    assert.deepEqual(found("Purchase", sent, true), [["unknown_property", "colour", "is not in the plan"]]);
  });
});
