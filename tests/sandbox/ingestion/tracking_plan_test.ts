import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_SECONDS } from "../lab.ts";

const problemsOf = (event: string, properties: Readonly<Record<string, unknown>>) => [
  ...(event === "Known" ? [] : [`"${event}" is not in the plan`]),
  ...(typeof properties.amount === "string" ? ["amount is text, not a number"] : []),
];

const sent = (name: string, amount: unknown) => ({
  event: name,
  properties: { token: SANDBOX.token, distinct_id: "u-1", time: NOW_SECONDS, amount, $insert_id: `${name}-${amount}` },
});

const EVENTS = [sent("Known", 1), sent("Known", "one"), sent("Other", 2)];

const stored = async (lab: Lab) =>
  (await lab.exported()).map(({ properties }) => properties as Record<string, unknown>);

describe("events outside the plan", () => {
  it("are stored with what is wrong with them", async () => {
    const lab = new Lab({ trackingPlan: { problemsOf, refuses: false } });
    const { json } = await lab.import(EVENTS);
    assert.equal(json.num_records_imported, 3);
    assert.deepEqual((await stored(lab)).map(({ $insert_id, $mp_outside_plan }) => [$insert_id, $mp_outside_plan]), [
      ["Known-1", undefined],
      ["Known-one", ["amount is text, not a number"]],
      ["Other-2", ['"Other" is not in the plan']],
    ]);
  });

  it("are refused by /import with the reason, and the others are stored", async () => {
    const lab = new Lab({ trackingPlan: { problemsOf, refuses: true } });
    const { status, json } = await lab.import(EVENTS);
    assert.equal(status, 400);
    assert.equal(json.num_records_imported, 1);
    assert.deepEqual(json.failed_records.map(({ index, message }: Record<string, unknown>) => [index, message]), [
      [1, "outside the plan: amount is text, not a number"],
      [2, 'outside the plan: "Other" is not in the plan'],
    ]);
    assert.equal((await stored(lab)).length, 1);
  });

  it("are refused by /track, which says why when it is asked to", async () => {
    const lab = new Lab({ trackingPlan: { problemsOf, refuses: true } });
    const { json } = await lab.post("/track?verbose=1", [sent("Other", 2)]);
    assert.deepEqual([json.status, json.error], [0, 'outside the plan: "Other" is not in the plan']);
    assert.equal((await lab.post("/track", [sent("Known", 2)])).text, "1");
    assert.equal((await stored(lab)).length, 1);
  });
});
