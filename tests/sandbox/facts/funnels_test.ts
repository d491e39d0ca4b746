/** 11.1: funnels by the default of Mixpanel's documentation. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const { projectId } = SANDBOX;
const DAY = { from_date: "2026-11-23", to_date: "2026-11-23" };
/** Six in the morning of the day, UTC. */
const START = NOW_SECONDS - 6 * 3600;

/** What one user does: names with seconds after the start. */
type Doings = [event: string, seconds: number, properties?: Record<string, unknown>][];

function load(lab: Lab, doings: Doings, id = "u"): void {
  lab.load(
    doings.map(([event, seconds, properties], n) =>
      record({ distinct_id: id, $insert_id: `${id}-${n}`, time: START + seconds, ...properties }, event)
    ),
  );
}

async function counts(lab: Lab, parameters: Record<string, string> = {}, segment?: string) {
  const { json, text, status } = await lab.query("/funnels", { funnel_id: "1", ...DAY, ...parameters });
  assert.equal(status, 200, text);
  const data = json.data[DAY.to_date];
  const steps = segment === undefined ? data.steps ?? data.$overall : data[segment];
  return (steps as { count: number }[]).map(({ count }) => count);
}

/** How far a user gets who does these things, with an hour for them. */
function gets(says: string, doings: Doings, expected: number[], steps = ["A", "B", "C"]): Fact {
  return {
    says,
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps, length: 1, length_unit: "hour" });
      load(lab, doings);
      assert.deepEqual(await counts(lab), expected);
    },
  };
}

facts("11.1", "funnels", {
  "11.1-1": gets("a user enters once: what does not convert in the window from the first A does not convert later", [
    ["A", 0],
    ["A", 7200],
    ["B", 7260],
    ["C", 7320],
  ], [1, 0, 0]),
  "11.1-2": gets("the window runs from the first A; A again does not start it anew", [
    ["A", 0],
    ["A", 1800],
    ["B", 2700],
    ["C", 4500],
  ], [1, 1, 0]),
  "11.1-3": gets("two seconds are the same time, so that B just before A is after it", [["B", 0], ["A", 2]], [1, 1], [
    "A",
    "B",
  ]),
  "11.1-4": gets("and three seconds are not", [["B", 0], ["A", 3]], [1, 0], ["A", "B"]),
  "11.1-5": gets("what lies between the steps does not matter", [["A", 0], ["X", 1], ["B", 2], ["X", 3], ["C", 4]], [
    1,
    1,
    1,
  ]),
  "11.1-6": gets("steps come in their order", [["A", 0], ["C", 60], ["B", 120]], [1, 1, 0]),
  "11.1-7": {
    says: "the time to convert is counted from the first A",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["A", "B"] });
      load(lab, [["A", 0], ["A", 100], ["B", 300]]);
      const { json } = await lab.query("/funnels", { funnel_id: "1", ...DAY });
      const [, second] = json.data[DAY.to_date].steps;
      assert.deepEqual([second.avg_time, second.avg_time_from_start], [300, 300]);
    },
  },
  "11.1-8": {
    says: "with a breakdown a user enters once a segment",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, {
        name: "F",
        steps: ["A", "B"],
        length: 1,
        length_unit: "hour",
      });
      load(lab, [
        ["A", 0, { plan: "free" }],
        ["B", 60, { plan: "free" }],
        ["A", 7200, { plan: "pro" }],
        ["B", 7260, { plan: "pro" }],
      ]);
      const on = { on: 'properties["plan"]' };
      assert.deepEqual(await counts(lab, on, "free"), [1, 1]);
      assert.deepEqual(await counts(lab, on, "pro"), [1, 1]);
    },
  },
  "11.1-9": {
    says: "the window is 7 days where nobody says otherwise",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["A", "B"] });
      const day = 86_400;
      load(lab, [["A", -8 * day], ["B", -day + 3600]], "late");
      load(lab, [["A", -8 * day], ["B", -day - 3600]], "intime");
      const days = { from_date: "2026-11-15", to_date: "2026-11-15" };
      const { json } = await lab.query("/funnels", { funnel_id: "1", ...days });
      const found = json.data["2026-11-15"].steps.map(({ count }: { count: number }) => count);
      assert.deepEqual(found, [2, 1]);
      const short = await lab.query("/funnels", { funnel_id: "1", ...days, length: "6", length_unit: "day" });
      assert.deepEqual(short.json.data["2026-11-15"].steps.map(({ count }: { count: number }) => count), [2, 0]);
    },
  },
});

facts("3.4", "funnels of the API, further", {
  "3.4-5": {
    says: "length and length_unit take the place of the saved report's own",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, {
        name: "F",
        steps: ["A", "B"],
        length: 1,
        length_unit: "hour",
      });
      load(lab, [["A", 0], ["B", 5400]]);
      assert.deepEqual(await counts(lab), [1, 0]);
      assert.deepEqual(await counts(lab, { length: "2", length_unit: "hour" }), [1, 1]);
      assert.deepEqual(await counts(lab, { length: "90", length_unit: "minute" }), [1, 1]);
      assert.deepEqual(await counts(lab, { length: "5399", length_unit: "second" }), [1, 0]);
    },
  },
  "3.4-6": {
    says: "days, weeks and months are units, interval is in days",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["A", "B"] });
      const dates = async (parameters: Record<string, string>) =>
        (await lab.query("/funnels", { funnel_id: "1", from_date: "2026-11-01", to_date: "2026-11-10", ...parameters }))
          .json.meta.dates;
      assert.equal((await dates({ unit: "day" })).length, 10);
      assert.deepEqual(await dates({ interval: "5" }), ["2026-11-01", "2026-11-06"]);
      assert.equal((await dates({ unit: "month" })).length, 1);
    },
  },
  "3.4-7": {
    says: "where chooses the events of all steps, and limit the number of segments",
    async holds(lab) {
      lab.store.savedObjects.put(projectId, "funnel", 1, { name: "F", steps: ["A", "B"] });
      load(lab, [["A", 0, { plan: "pro" }], ["B", 60, { plan: "free" }]]);
      assert.deepEqual(await counts(lab, { where: 'properties["plan"] == "pro"' }), [1, 0]);
      load(lab, [["A", 0, { plan: "pro" }], ["A", 0, { plan: "free" }], ["A", 0, { plan: "pro" }]], "v");
      const { json } = await lab.query("/funnels", { funnel_id: "1", ...DAY, on: 'properties["plan"]', limit: "1" });
      assert.equal(Object.keys(json.data[DAY.to_date]).length, 2);
    },
  },
});
