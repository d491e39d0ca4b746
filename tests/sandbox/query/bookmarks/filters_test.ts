import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab, filter, metric, params } from "./bookmark_lab.ts";

type Filter = ReturnType<typeof filter>;

/** How many sign-ups pass. */
async function passing(lab: BookmarkLab, ...filters: object[]): Promise<number> {
  const global = await lab.totals({ show: [metric("Signup")], filter: filters });
  const own = await lab.totals({ show: [metric("Signup", { math: "total" }, { filters })] });
  assert.deepEqual(global, own, "a filter of all metrics, and of the one");
  return global.all;
}

const count = (...filters: object[]) => passing(new BookmarkLab(), ...filters);

describe("filters (facts 2.9)", () => {
  it("compare texts; lists pass by one of their elements", async () => {
    assert.equal(await count(filter("country", "string", "equals", ["DE", "FR"])), 3);
    assert.equal(await count(filter("country", "string", "does not equal", ["DE"])), 2);
    assert.equal(await count(filter("country", "string", "contains", "D")), 3);
    assert.equal(await count(filter("country", "string", "does not contain", "D")), 2);
    assert.equal(await count(filter("country", "string", "starts with", "U")), 1);
    assert.equal(await count(filter("country", "string", "ends with", "E")), 3);
    assert.equal(await count(filter("country", "string", "is set")), 4);
    assert.equal(await count(filter("country", "string", "is not set")), 1);
    assert.equal(await count(filter("tags", "list", "contains", "x")), 1);
    assert.equal(await count(filter("tags", "list", "does not contain", "x")), 4);
  });

  it("compare numbers", async () => {
    const age = (operator: string, value: unknown) => count(filter("age", "number", operator, value));
    assert.equal(await age("is equal to", 35), 1);
    assert.equal(await age("does not equal", 35), 4);
    assert.equal(await age("is greater than", 35), 2);
    assert.equal(await age("is less than", 35), 2);
    assert.equal(await age("is greater than or equal to", 35), 3);
    assert.equal(await age("is at least", 35), 3);
    assert.equal(await age("is less than or equal to", 35), 3);
    assert.equal(await age("is at most", 35), 3);
    assert.equal(await age("is between", [20, 35]), 3);
    assert.equal(await age("between", [20, 35]), 3);
    assert.equal(await age("not between", [20, 35]), 2);
  });

  it("compare booleans and dates, days in the project's zone", async () => {
    const lab = new BookmarkLab();
    const signup = (id: string, more: object) =>
      record({ time: at("2026-11-22T08:00:00"), distinct_id: id, $insert_id: id, country: "XX", ...more });
    lab.load([
      signup("x1", { ok: true, due: "2026-11-20T10:00:00" }),
      signup("x2", { ok: false, due: "2026-11-22T23:00:00" }),
      signup("x3", { due: "2026-11-25" }),
    ]);
    const only = filter("country", "string", "equals", ["XX"]);
    const due = (operator: string, value: unknown, more: object = {}) =>
      passing(lab, only, { ...filter("due", "datetime", operator, value), ...more });
    assert.equal(await passing(lab, only, filter("ok", "boolean", "true")), 1);
    assert.equal(await passing(lab, only, filter("ok", "boolean", "false")), 1);
    assert.equal(await due("was on", "2026-11-22"), 1);
    assert.equal(await due("was not on", "2026-11-22"), 2);
    assert.equal(await due("was before", "2026-11-22"), 1);
    assert.equal(await due("before", "11/22/2026"), 1);
    assert.equal(await due("was since", "2026-11-22"), 2);
    assert.equal(await due("was between", ["2026-11-20", "2026-11-22"]), 2);
    assert.equal(await due("was not between", ["2026-11-20", "2026-11-22"]), 1);
    assert.equal(await due("was in the", 2, { filterDateUnit: "day" }), 1);
    assert.equal(await due("was not in the", 2, { filterDateUnit: "day" }), 2);
    assert.equal(await due("was in the next", 1, { filterDateUnit: "week" }), 1);
  });

  it("are joined by all or by any", async () => {
    const lab = new BookmarkLab();
    const filters = [filter("country", "string", "equals", ["US"]), filter("age", "number", "is equal to", 50)];
    const total = async (filtersDeterminer: string) =>
      await lab.totals({ show: [metric("Signup", { math: "total" }, { filters, filtersDeterminer })] });
    assert.deepEqual(await total("all"), { all: 0 });
    assert.deepEqual(await total("any"), { all: 3 });
  });

  it("know profiles, cohorts that are saved or not, and formulas", async () => {
    const lab = new BookmarkLab();
    lab.store.profiles.put(SANDBOX.projectId, "", "a", { plan: "pro" });
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 88, {
      name: "Payers",
      selector: 'properties["plan"] == "pro"',
    });
    assert.equal(await passing(lab, { ...filter("plan", "string", "equals", ["pro"]), resourceType: "people" }), 2);
    const cohort = (operator: string, one: object) =>
      passing(lab, filter("$cohorts", "list", operator, [{ cohort: { name: "Payers", negated: false, ...one } }]));
    assert.equal(await cohort("contains", { id: 88 }), 2);
    assert.equal(await cohort("does not contain", { id: 88 }), 3);
    assert.equal(await cohort("contains", { id: 88, negated: true }), 3);
    const raw_cohort = {
      selector: { operator: "and", children: [{ property: "behaviors", value: "bhvr_0", operator: ">=", operand: 1 }] },
      behaviors: {
        bhvr_0: {
          window: { unit: "day", value: 30 },
          count: { type: "absolute", event_selector: { event: "Purchase" } },
        },
      },
    };
    assert.equal(await cohort("contains", { raw_cohort }), 3);
    const customProperty = {
      displayFormula: "A + 1",
      composedProperties: { A: { value: "age", type: "number", resourceType: "event" } },
      propertyType: "number",
      resourceType: "events",
    };
    const { value: _, ...plain } = filter("", "number", "is equal to", 36);
    assert.equal(await passing(lab, { ...plain, customProperty, dataset: "$mixpanel" }), 1);
  });

  it("look into lists of objects", async () => {
    const lab = new BookmarkLab();
    const cart = (id: string, ...prices: number[]) =>
      record({
        ...{ time: at("2026-11-22T08:00:00"), distinct_id: id, $insert_id: id },
        cart: prices.map((price) => ({ brand: price > 10 ? "fine" : "plain", price })),
      });
    lab.load([cart("c1", 5, 50), cart("c2", 50, 60), cart("c3")]);
    const items = (listQuantifier: string, ...inner: Filter[]) =>
      passing(lab, {
        dataset: "$mixpanel",
        ...filter("cart", "object", "true", true),
        filterJoinType: "list",
        listQuantifier,
        listItemFilters: inner.map((one) => ({ ...one, dataset: "$mixpanel" })),
      });
    const fine = filter("brand", "string", "equals", ["fine"]);
    assert.equal(await items("any", fine), 2);
    assert.equal(await items("all", fine), 1);
    assert.equal(await items("any", fine, filter("price", "number", "is greater than", 55)), 1);
  });

  it("count how often people did something in each unit of the range, in the shape that works", async () => {
    const lab = new BookmarkLab();
    const behavior = {
      behaviorType: "$frequency",
      event: { label: "Signup", value: "Signup" },
      aggregationOperator: "total",
      filters: [],
      filtersOperator: "and",
      dateRange: null,
    };
    const often = { ...filter("", "number", "is at least", 2), behavior, resourceType: "people" };
    assert.equal(await passing(lab, often), 4);
    const three = { ...often, filterValue: 3 };
    assert.equal(await passing(lab, three), 0);
    // The shape that made the real server fail.
    const { behavior: _, ...rest } = often;
    const old = { ...rest, behaviorType: "$frequency", customProperty: { behavior } };
    await lab.refusal(params({ show: [metric("Signup")], filter: [old] }), 500);
  });

  it("are refused when they are of another form", async () => {
    const refused = async (one: object) =>
      await new BookmarkLab().refusal(params({ show: [metric("Signup")], filter: [one] }));
    assert.match(await refused(filter("age", "number", "contains", 3)), /"contains", which is none of the type number/);
    assert.match(await refused(filter("age", "number", "is between", [3])), /list of two numbers/);
    assert.match(await refused(filter("age", "number", "is equal to", "x")), /must be a number/);
    assert.match(await refused(filter("age", "text", "equals", ["x"])), /not one of string, number/);
    assert.match(await refused(filter("age", "string", "equals")), /string or a list of strings/);
    assert.match(await refused(filter("due", "datetime", "was on", "soon")), /no date/);
    assert.match(await refused({ filterType: "string", filterOperator: "is set" }), /names no property/);
  });

  it("equal the words of their operators, whatever the values", async () => {
    const values = fc.oneof(
      fc.constantFrom<unknown>("DE", "US", "", "20", 20, 35.5, -1, true, false, undefined),
      fc.array(fc.constantFrom("DE", "US"), { maxLength: 2 }),
    );
    const filters = fc.oneof(
      fc.tuple(
        fc.constant("string"),
        fc.constantFrom("equals", "does not equal"),
        fc.constantFrom(["DE"], ["US", "20"]),
      ),
      fc.tuple(
        fc.constant("string"),
        fc.constantFrom("contains", "does not contain", "starts with", "ends with"),
        fc.constantFrom("D", "E", "2"),
      ),
      fc.tuple(
        fc.constant("number"),
        fc.constantFrom("is equal to", "does not equal", "is greater than", "is at most"),
        fc.constantFrom(20, 35.5),
      ),
      fc.tuple(fc.constant("number"), fc.constantFrom("is between", "not between"), fc.constant([0, 20])),
      fc.tuple(fc.constantFrom("string", "number"), fc.constantFrom("is set", "is not set"), fc.constant(null)),
      fc.tuple(fc.constant("boolean"), fc.constantFrom("true", "false"), fc.constant(null)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(values, { maxLength: 8 }), filters, async (given, [type, operator, operand]) => {
        const lab = new BookmarkLab();
        lab.load(
          given.map((p, index) =>
            record({ time: at("2026-11-22T08:00:00"), distinct_id: `p${index}`, $insert_id: `p${index}`, p }, "Seen")
          ),
        );
        const { all } = await lab.totals({ show: [metric("Seen")], filter: [filter("p", type, operator, operand)] });
        assert.equal(all, given.filter((value) => slowPasses(value, operator, operand)).length);
      }),
      { numRuns: 60 },
    );
  });
});

/** What an operator says, word by word. */
function slowPasses(value: unknown, operator: string, operand: unknown): boolean {
  const elements = Array.isArray(value) ? value : [value];
  const any = (test: (one: unknown) => boolean) => elements.some(test);
  const text = (one: unknown) => one === undefined ? undefined : String(one);
  const number = (one: unknown) => typeof one === "number" ? one : NaN;
  const [low, high] = (Array.isArray(operand) ? operand : []) as [number, number];
  const tests: Record<string, () => boolean> = {
    equals: () => any((one) => (operand as string[]).includes(text(one)!)),
    "does not equal": () => !tests.equals!(),
    contains: () => any((one) => text(one)?.includes(operand as string) ?? false),
    "does not contain": () => !tests.contains!(),
    "starts with": () => any((one) => text(one)?.startsWith(operand as string) ?? false),
    "ends with": () => any((one) => text(one)?.endsWith(operand as string) ?? false),
    "is equal to": () => any((one) => number(one) === operand),
    "is greater than": () => any((one) => number(one) > (operand as number)),
    "is at most": () => any((one) => number(one) <= (operand as number)),
    "is between": () => any((one) => number(one) >= low && number(one) <= high),
    "not between": () => any((one) => number(one) < low || number(one) > high),
    "is set": () => value !== undefined,
    "is not set": () => value === undefined,
    true: () => any((one) => one === true),
    false: () => any((one) => one === false),
  };
  if (operator === "does not equal" && typeof operand === "number") return !any((one) => number(one) === operand);
  return tests[operator]!();
}
