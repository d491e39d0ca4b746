import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError } from "../../../src/expressions/syntax.ts";
import { COHORT_MATHS, COHORT_UNITS, type CohortConditions } from "../../../src/reports/cohorts/cohort.ts";
import { cohortConditions, cohortDefinition } from "../../../src/reports/cohorts/definition.ts";
import { profileExpression, profileSelector } from "../../../src/reports/cohorts/profile_selector.ts";
import { createRandom, type Random } from "../../../src/sandbox/demo/random.ts";
import { randomProfileExpression } from "../../helpers/random_profile_expression.ts";

const NOTHING = { did: [], in: [], notIn: [] };
const leaf = (value: string, operator: string, operand: unknown, type: string) => ({
  ...{ property: "user", value, operator, operand, type },
});

/** The shape that Mixpanel's own clients send. */
const EXAMPLE = {
  selector: {
    operator: "and",
    children: [
      { property: "behaviors", value: "bhvr_0", operator: ">=", operand: 3 },
      { property: "user", value: "plan", operator: "==", operand: "pro", type: "string" },
      { property: "cohort", value: 88, operator: "not in" },
    ],
  },
  behaviors: {
    bhvr_0: {
      window: { unit: "day", value: 30 },
      count: { type: "absolute", event_selector: { event: "Order Placed" } },
    },
  },
};
const CONDITIONS: CohortConditions = {
  did: [{ event: "Order Placed", operator: ">=", number: 3, during: { last: 30, unit: "day" } }],
  where: 'properties["plan"] == "pro"',
  in: [],
  notIn: [88],
};

describe("a cohort's definition", () => {
  it("has the shape that Mixpanel's clients send", () => {
    assert.deepEqual(cohortDefinition(CONDITIONS), EXAMPLE);
    assert.deepEqual(cohortConditions(EXAMPLE), CONDITIONS);
  });

  it("has the selector of events only where there is a condition, since null crashes the server", () => {
    const during = { from: "2026-01-01", to: "2026-01-31" };
    const did = { event: "Buy", operator: "==", number: 0, during } as const;
    assert.deepEqual(cohortDefinition({ ...NOTHING, did: [did] }).behaviors, {
      bhvr_0: {
        from_date: "2026-01-01",
        to_date: "2026-01-31",
        count: { type: "absolute", event_selector: { event: "Buy" } },
      },
    });
    const measure = { math: "total", property: "amount" } as const;
    const where = 'properties["amount"] > 5 and properties["shop"] == "x"';
    const { behaviors } = cohortDefinition({ ...NOTHING, did: [{ ...did, where, measure }] });
    const { count } = behaviors.bhvr_0 as { count: Record<string, unknown> };
    assert.deepEqual(count, {
      type: "absolute",
      event_selector: {
        event: "Buy",
        selector: {
          operator: "and",
          children: [
            {
              ...{ resourceType: "events", value: "amount", filterType: "number", defaultType: "number" },
              filterOperator: "is greater than",
              filterValue: 5,
            },
            {
              ...{ resourceType: "events", value: "shop", filterType: "string", defaultType: "string" },
              filterOperator: "equals",
              filterValue: ["x"],
            },
          ],
        },
      },
      aggregationOperator: "total",
      property: "amount",
    });
  });

  it("is read as the conditions that it was made of, for random ones", () => {
    const random = createRandom(4);
    for (let round = 0; round < 500; round++) {
      const conditions = randomConditions(random);
      const definition = cohortDefinition(conditions);
      const read = cohortConditions(definition);
      assert.ok(read !== undefined, JSON.stringify(conditions));
      assert.deepEqual(cohortDefinition(read), definition);
      assert.deepEqual({ ...read, where: undefined }, { ...conditions, where: undefined });
    }
  });

  it("is not read when it says more than conditions can", () => {
    const { selector, behaviors } = EXAMPLE;
    const more: Record<string, unknown>[] = [
      { groups: [] },
      { selector: { operator: "and", children: [selector, selector] }, behaviors },
      { selector: leaf("day", ">", "2026-01-01", "datetime") },
      { selector: { property: "behaviors", value: "bhvr_1", operator: ">=", operand: 1 }, behaviors },
      { selector: { property: "group", value: 1 } },
      { selector, behaviors: { bhvr_0: { ...behaviors.bhvr_0, count: { ...behaviors.bhvr_0.count, odd: 1 } } } },
    ];
    for (const one of more) assert.equal(cohortConditions(one), undefined, JSON.stringify(one));
  });

  it("refuses to compare events in ways that cohorts are not known to understand", () => {
    const during = { last: 1, unit: "day" } as const;
    const of = (where: string) =>
      cohortDefinition({ ...NOTHING, did: [{ event: "Buy", operator: ">=", number: 1, during, where }] });
    assert.throws(() => of('properties["amount"] >= 5'), ExpressionError);
    assert.throws(() => of('properties["day"] >= datetime("2026-01-01")'), ExpressionError);
    assert.doesNotThrow(() => of('properties["amount"] >= 5 and properties["amount"] <= 9'));
  });
});

describe("the selector of an expression on profiles", () => {
  it("has a leaf for each condition, and nodes that nest", () => {
    const cases: [string, object][] = [
      ['properties["plan"] == "pro"', leaf("plan", "==", "pro", "string")],
      ['user["plan"] != "pro"', leaf("plan", "!=", "pro", "string")],
      ['"ro" in properties["plan"]', leaf("plan", "in", "ro", "string")],
      ['not "ro" in properties["plan"]', leaf("plan", "not in", "ro", "string")],
      ['properties["age"] > 20', leaf("age", ">", 20, "number")],
      ['20 > properties["age"]', leaf("age", "<", 20, "number")],
      ['properties["vip"]', leaf("vip", "==", true, "boolean")],
      ['defined(properties["vip"])', leaf("vip", "defined", "", "string")],
      ['not defined(properties["vip"])', leaf("vip", "not defined", "", "string")],
      ['properties["age"] >= 20', {
        operator: "or",
        children: [leaf("age", ">", 20, "number"), leaf("age", "==", 20, "number")],
      }],
      ['properties["a"] == 1 and (properties["b"] == 2 or properties["c"] == 3)', {
        operator: "and",
        children: [leaf("a", "==", 1, "number"), {
          operator: "or",
          children: [leaf("b", "==", 2, "number"), leaf("c", "==", 3, "number")],
        }],
      }],
    ];
    for (const [text, selector] of cases) assert.deepEqual(profileSelector(text), selector, text);
  });

  it("is written as an expression that has the same selector", () => {
    const random = createRandom(5);
    for (let round = 0; round < 500; round++) {
      const selector = profileSelector(randomProfileExpression(random, 3));
      const text = profileExpression(selector);
      assert.ok(text !== undefined);
      assert.deepEqual(profileSelector(text), selector, text);
    }
  });

  it("refuses at its place what a cohort cannot say, with what it can", () => {
    const refused: [text: string, at: string, suggestion?: string][] = [
      ['properties["a"] == 1 and properties["b"] + 1 > 2', 'properties["b"] + 1 > 2'],
      ['not properties["vip"]', 'not properties["vip"]', 'properties["vip"] == false'],
      ['properties["a"] == properties["b"]', 'properties["a"] == properties["b"]'],
      ['event["name"] == "x"', 'event["name"]'],
      ['properties["$created"] < datetime("2026-01-01")', 'properties["$created"] < datetime("2026-01-01")'],
    ];
    for (const [text, at, suggestion] of refused) {
      assert.throws(() => profileSelector(text), (error: ExpressionError) => {
        assert.equal(text.slice(error.start, error.end), at);
        if (suggestion !== undefined) assert.equal(error.suggestion, suggestion);
        assert.doesNotMatch(error.message, /report/);
        return true;
      }, text);
    }
  });
});

function randomConditions(random: Random): CohortConditions {
  const some = <T>(make: () => T): T[] => Array.from({ length: random.pick([0, 1, 2]) }, make);
  const did = some(() => ({
    event: random.pick(["Buy", "Sign Up", "$all_events"]),
    operator: random.pick([">=", "<=", "=="] as const),
    number: random.between(0, 9),
    during: random.chance(0.5)
      ? { last: random.between(1, 90), unit: random.pick(COHORT_UNITS) }
      : { from: "2026-01-01", to: "2026-02-01" },
    ...(random.chance(0.4) && { where: random.pick(['properties["a"] > 1', 'properties["b"] in ["x", "y"]']) }),
    ...(random.chance(0.4) && { measure: { math: random.pick(COHORT_MATHS), property: "amount" } }),
  }));
  const conditions = { did, in: some(() => random.between(1, 9)), notIn: some(() => random.between(1, 9)) };
  const isEmpty = did.length + conditions.in.length + conditions.notIn.length === 0;
  const isMany = did.length + conditions.in.length + conditions.notIn.length > 1;
  return {
    ...(isMany && random.chance(0.3) && { any: true as const }),
    ...conditions,
    ...((isEmpty || random.chance(0.5)) && { where: randomProfileExpression(random) }),
  };
}
