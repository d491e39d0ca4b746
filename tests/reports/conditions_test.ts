/** Filters in both of Mixpanel's grammars. Expectations are from the fact sheet, 2.9 and 3.2. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExpressionError } from "../../src/expressions/syntax.ts";
import { readConditions, writeConditions } from "../../src/reports/clauses.ts";
import { checkFormula } from "../../src/reports/formula.ts";
import { readSegfilters, writeSegfilters } from "../../src/reports/segfilters.ts";
import { splitConditions, testsOfExpression } from "../../src/reports/tests_of_expression.ts";

const P = 'properties["p"]';
const clause = (filterType: string, filterOperator: string, filterValue: unknown, resourceType = "events") => ({
  resourceType,
  value: "p",
  filterType,
  defaultType: filterType,
  filterOperator,
  filterValue,
});
const segfilter = (type: string, filter: object, source = "properties") => ({
  property: { name: "p", source, type },
  type,
  selected_property_type: type,
  filter,
});

describe("a condition", () => {
  const same: [expression: string, clause: object, segfilter: object][] = [
    [`${P} == "a"`, clause("string", "equals", ["a"]), segfilter("string", { operator: "==", operand: ["a"] })],
    [
      `${P} in ["a", "b"]`,
      clause("string", "equals", ["a", "b"]),
      segfilter("string", { operator: "==", operand: ["a", "b"] }),
    ],
    [`${P} != "a"`, clause("string", "does not equal", ["a"]), segfilter("string", { operator: "!=", operand: ["a"] })],
    [`"a" in ${P}`, clause("string", "contains", "a"), segfilter("string", { operator: "in", operand: "a" })],
    [
      `not "a" in ${P}`,
      clause("string", "does not contain", "a"),
      segfilter("string", { operator: "not in", operand: "a" }),
    ],
    [`defined(${P})`, clause("string", "is set", null), segfilter("string", { operator: "set", operand: "" })],
    [
      `not defined(${P})`,
      clause("string", "is not set", null),
      segfilter("string", { operator: "not set", operand: "" }),
    ],
    [`${P} > 5`, clause("number", "is greater than", 5), segfilter("number", { operator: ">", operand: "5" })],
    [
      `${P} <= -0.5`,
      clause("number", "is less than or equal to", -0.5),
      segfilter("number", { operator: "<=", operand: "-0.5" }),
    ],
    [
      `${P} >= 1 and ${P} <= 5`,
      clause("number", "is between", [1, 5]),
      segfilter("number", { operator: "><", operand: ["1", "5"] }),
    ],
    [
      `${P} < 1 or ${P} > 5`,
      clause("number", "not between", [1, 5]),
      segfilter("number", { operator: "!><", operand: ["1", "5"] }),
    ],
    [`${P} == true`, clause("boolean", "true", null), segfilter("boolean", { operand: "true" })],
    // The signs of days are reversed in the older grammar: they say how the operand stands to the event's time.
    [
      `${P} >= datetime("2026-03-01")`,
      clause("datetime", "was since", "2026-03-01"),
      segfilter("datetime", { operator: "<", operand: "03/01/2026" }),
    ],
    [
      `${P} < datetime("2026-03-01")`,
      clause("datetime", "was before", "2026-03-01"),
      segfilter("datetime", { operator: ">", operand: "03/01/2026" }),
    ],
    [
      `${P} >= datetime("2026-02-27") and ${P} < datetime("2026-03-01")`,
      clause("datetime", "was between", ["2026-02-27", "2026-02-28"]),
      segfilter("datetime", { operator: "><", operand: ["02/27/2026", "02/28/2026"] }),
    ],
  ];
  for (const [where, json, older] of same) {
    it(`is written in both grammars, and read again: ${where}`, () => {
      assert.deepEqual(writeConditions({ where }), { clauses: [json], determiner: "all" });
      assert.deepEqual(readConditions([json]), { where });
      assert.deepEqual(writeSegfilters({ where }), { filters: [older], operator: "and" });
      assert.deepEqual(readSegfilters([older], "and"), { where });
    });
  }

  const meant: [typed: string, read: string][] = [
    [`${P} == "a" or ${P} == "b"`, `${P} in ["a", "b"]`],
    [`5 < ${P}`, `${P} > 5`],
    [`not (${P} != "a")`, `${P} == "a"`],
    [`${P} contains "a"`, `"a" in ${P}`],
    [P, `${P} == true`],
    [`${P} < datetime(2026, 3, 1)`, `${P} < datetime("2026-03-01")`],
  ];
  for (const [typed, read] of meant) {
    it(`may be written otherwise: ${typed}`, () => {
      assert.deepEqual(readConditions(writeConditions({ where: typed }).clauses), { where: read });
    });
  }

  it("of a profile has the source of people", () => {
    assert.deepEqual(writeConditions({ where: 'user["p"] == "a"' }).clauses, [
      clause("string", "equals", ["a"], "people"),
    ]);
    assert.deepEqual(writeSegfilters({ where: 'user["p"] == "a"' }).filters, [
      segfilter("string", { operator: "==", operand: ["a"] }, "user"),
    ]);
  });

  it("is read in the older words too", () => {
    for (
      const [type, operator, value, where] of [
        ["number", "is at least", 5, `${P} >= 5`],
        ["number", "between", [1, 5], `${P} >= 1 and ${P} <= 5`],
        ["datetime", "since", "2026-03-01", `${P} >= datetime("2026-03-01")`],
        ["datetime", "on", "2026-03-01", `${P} >= datetime("2026-03-01") and ${P} < datetime("2026-03-02")`],
      ] as const
    ) assert.deepEqual(readConditions([clause(type, operator, value)]), { where });
  });

  it("that the language cannot say stays as it came, beside the others", () => {
    const strange = [
      clause("string", "starts with", "a"),
      clause("datetime", "was in the", 7),
      { ...clause("number", "is greater than", 1), customPropertyId: 42 },
      { dataset: "$mixpanel", value: "cart", filterType: "object", listQuantifier: "any", listItemFilters: [{ a: 1 }] },
    ];
    const own = clause("string", "equals", ["a"]);
    const read = readConditions([strange[0], own, ...strange.slice(1)])!;
    assert.deepEqual(read, { where: `${P} == "a"`, raw: strange });
    assert.deepEqual(writeConditions(read).clauses, [own, ...strange]);
  });

  it("about a cohort is one of its own", () => {
    const json = {
      resourceType: "events",
      value: "$cohorts",
      filterType: "list",
      defaultType: "list",
      filterOperator: "does not contain",
      filterValue: [{ cohort: { id: 88, name: "Payers", negated: false } }],
    };
    const cohorts = [{ id: 88, name: "Payers", negated: true as const }];
    assert.deepEqual(readConditions([json]), { cohorts });
    assert.deepEqual(writeConditions({ cohorts }).clauses, [json]);
  });
});

describe("conditions", () => {
  it("are split into what holds for all, and alternatives for each event", () => {
    assert.deepEqual(splitConditions(`(${P} == 1 or properties["q"] == "x") and user["r"] > 2`), {
      all: 'user["r"] > 2',
      each: `${P} == 1 or properties["q"] == "x"`,
    });
    assert.deepEqual(splitConditions(`${P} in [1, 2]`), { each: `${P} == 1 or ${P} == 2` });
  });

  const refused: [where: string, place: string, nearest?: string][] = [
    [`number(${P}) > 5`, `number(${P}) > 5`, `${P} > 5`],
    [`${P} > "2026-03-01"`, `${P} > "2026-03-01"`, `${P} >= datetime("2026-03-01")`],
    [`${P} <= datetime("2026-03-01")`, `${P} <= datetime("2026-03-01")`, `${P} < datetime("2026-03-02")`],
    [`not (${P} > 5)`, `not (${P} > 5)`, `${P} <= 5`],
    [`not ${P}`, `not ${P}`, `${P} == false`],
    [`${P} != true`, `${P} != true`, `${P} == false`],
    [`${P} == properties["q"]`, `${P} == properties["q"]`],
    [`${P} + 1 > 2`, `${P} + 1 > 2`],
    ['behaviors["b"] > 2', 'behaviors["b"]'],
    [`${P} == 1 or (${P} == 2 and user["q"] == 3)`, `(${P} == 2 and user["q"] == 3)`],
  ];
  for (const [where, place, nearest] of refused) {
    it(`are refused at their place, with the nearest form: ${where}`, () => {
      assert.throws(() => testsOfExpression(where), (error) => {
        assert.ok(error instanceof ExpressionError);
        assert.equal(where.slice(error.start, error.end), place);
        assert.equal(error.suggestion, nearest);
        if (nearest !== undefined) testsOfExpression(nearest);
        return true;
      });
    });
  }
});

describe("a formula", () => {
  it("has letters, numbers and signs", () => {
    for (const text of ["A", "(B / A) * 100", "-A + 2.5 - (B)", " A/B "]) checkFormula(text, 2);
  });

  const refused: [string, number, string][] = [
    ["A / C", 4, "There is no metric C"],
    ["A B", 2, "Expected"],
    ["(A", 2, "Expected"],
    ["A % B", 2, "A formula has"],
    ["", 0, "Expected a letter"],
    ["A +", 3, "Expected a letter"],
  ];
  for (const [text, at, words] of refused) {
    it(`is refused at its place: ${text}`, () => {
      assert.throws(() => checkFormula(text, 2), (error) => {
        assert.ok(error instanceof ExpressionError);
        assert.equal(error.start, at);
        assert.ok(error.message.startsWith(words), error.message);
        return true;
      });
    });
  }
});
