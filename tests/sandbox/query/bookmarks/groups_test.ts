import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab, by, metric, params } from "./bookmark_lab.ts";

describe("groups (facts 2.9)", () => {
  it("nest, each level with its sum, and are cut by the limit of the query", async () => {
    const lab = new BookmarkLab();
    const group = [by("country"), by("age", { propertyType: "number" })];
    const asked = params({ show: [metric("Signup")], group }, "bar");
    const { headers, series, meta } = await lab.ask(asked);
    assert.deepEqual(headers, ["$metric", "country", "age"]);
    assert.deepEqual(series["Signup [Total Events]"], {
      $overall: { all: 5 },
      DE: { $overall: { all: 3 }, 20: { all: 2 }, 50: { all: 1 } },
      US: { $overall: { all: 1 }, 35: { all: 1 } },
      undefined: { $overall: { all: 1 }, 50: { all: 1 } },
    });
    assert.equal(meta.is_segmentation_limit_hit, false);
    const cut = await lab.ask(asked, { queryLimits: { limit: 1 } });
    assert.deepEqual(cut.series["Signup [Total Events]"], {
      $overall: { all: 5 },
      DE: { $overall: { all: 3 }, 20: { all: 2 } },
    });
    assert.equal(cut.meta.is_segmentation_limit_hit, true);
    const six = new Array(6).fill(by("country"));
    assert.match(await lab.refusal(params({ show: [metric("Signup")], group: six })), /at most 5/);
  });

  it("make ranges of numbers, units of time, elements of lists and subproperties of objects", async () => {
    const lab = new BookmarkLab();
    lab.load([
      record({
        time: at("2026-11-22T12:00:00"),
        distinct_id: "d",
        $insert_id: "cart",
        cart: [{ brand: "x", price: 5 }, { brand: "y", price: 50 }],
        due: "2026-11-25T10:00:00",
      }, "Order"),
    ]);
    const keys = async (event: string, clause: object) => {
      const total = await lab.totals({ show: [metric(event)], group: [clause] });
      return Object.fromEntries(Object.entries(total).map(([key, value]) => [key, (value as { all: number }).all]));
    };
    const customBucket = { bucketSize: 20, min: 20, max: 50 };
    assert.deepEqual(await keys("Signup", by("age", { propertyType: "number", customBucket })), {
      $overall: 5,
      "20 - 40": 3,
      ">= 50": 2,
    });
    assert.deepEqual(await keys("Signup", by("tags", { propertyType: "list" })), {
      $overall: 5,
      undefined: 4,
      x: 1,
      y: 1,
    });
    const due = by("due", { propertyType: "datetime", unit: "week" });
    assert.deepEqual(await keys("Order", due), { $overall: 1, "2026-11-23": 1 });
    const listItemGroup = { resourceType: "event", propertyName: "brand", propertyType: "string" };
    assert.deepEqual(await keys("Order", by("cart", { joinPropertyType: "list", listItemGroup })), {
      $overall: 1,
      x: 1,
      y: 1,
    });
  });

  it("write the times of events as dates in the project's zone", async () => {
    const lab = new BookmarkLab();
    const times = await lab.totals({ show: [metric("Purchase")], group: [by("$time")] });
    assert.deepEqual(times, {
      $overall: { all: 2 },
      "2026-11-22T11:00:00+00:00": { all: 1 },
      "2026-11-23T03:00:00+00:00": { all: 1 },
    });
  });

  it("split by profiles, cohorts, how often people did it, and formulas", async () => {
    const lab = new BookmarkLab();
    lab.store.profiles.put(SANDBOX.projectId, "", "a", { plan: "pro" });
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 88, {
      name: "Payers",
      selector: 'properties["plan"] == "pro"',
    });
    const of = async (clause: object) => await lab.totals({ show: [metric("Signup")], group: [clause] });
    assert.deepEqual(await of(by("plan", { resourceType: "people" })), {
      $overall: { all: 5 },
      undefined: { all: 3 },
      pro: { all: 2 },
    });
    const cohorts = {
      value: ["Payers", "Not In Payers"],
      resourceType: "events",
      cohorts: [{ id: 88, groups: [], name: "Payers", negated: false }, {
        id: 88,
        groups: [],
        name: "Payers",
        negated: true,
      }],
    };
    assert.deepEqual(await of(cohorts), { $overall: { all: 5 }, "Not In Payers": { all: 3 }, Payers: { all: 2 } });
    const behavior = {
      behaviorType: "$frequency",
      event: { label: "Signup", value: "Signup" },
      aggregationOperator: "total",
      filters: [],
      filtersOperator: "and",
      dateRange: null,
    };
    assert.deepEqual(
      await of({ value: "Signup Frequency", behavior, resourceType: "people", propertyType: "number" }),
      {
        $overall: { all: 5 },
        2: { all: 4 },
        1: { all: 1 },
      },
    );
    const customProperty = {
      displayFormula: "A * 2",
      composedProperties: { A: { value: "age", type: "number", resourceType: "event" } },
      name: "Double",
      propertyType: "number",
      resourceType: "events",
    };
    assert.deepEqual(await of({ customProperty, value: null, resourceType: "events", propertyType: "number" }), {
      $overall: { all: 5 },
      40: { all: 2 },
      100: { all: 2 },
      70: { all: 1 },
    });
  });
});
