import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePropertyFormula } from "../../src/formulas/evaluate.ts";
import { parsePropertyFormula } from "../../src/formulas/parse.ts";
import type { Value } from "../../src/expressions/values.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12);

/** The value of a formula; moments as text. */
function valueOf(text: string, variables: Record<string, Value> = {}, timeZone = "UTC"): unknown {
  const value = compilePropertyFormula(parsePropertyFormula(text), { nowMs: NOW_MS, timeZone })(
    (name) => variables[name],
  );
  return value !== null && typeof value === "object" && !Array.isArray(value) ? String(value) : value;
}

const PRICES = { pricelist: [5, 205, 178, 12, 22] };

/** Formulas of Mixpanel's documentation (docs/features/custom-properties) with the values that it gives. */
const DOCUMENTED: readonly [formula: string, value: unknown, variables?: Record<string, Value>][] = [
  ['if(A=="Facebook" or A=="Twitter", "Social", A)', "Social", { a: "Twitter" }],
  ['if(A=="Facebook" or A=="Twitter", "Social", A)', "Google", { a: "Google" }],
  ['ifs( A<60,"short", A<120, "middle", A>=120, "long")', "middle", { a: 60 }],
  ["ifs(A<60, 1)", undefined, { a: 60 }],
  ['not (A == "Facebook")', true, { a: "Twitter" }],
  ['if("Facebook" in A, "Facebook Corporation", A)', "Facebook Corporation", { a: "facebook ads" }],
  ['A in ["Chrome","Firefox","Edge"]', true, { a: "chrome" }],
  ['has_prefix(A, "United")', true, { a: "united states" }],
  ['has_suffix(A,"States")', true, { a: "united states" }],
  ["min(A,B)", 1, { a: 2, b: 1 }],
  ["max(A,B)", 2, { a: 2, b: 1 }],
  ["floor(A)", 2, { a: 2.9 }],
  ["ceil(A)", 3, { a: 2.1 }],
  ["round(A)", 3, { a: 2.5 }],
  ['upper("hello")', "HELLO"],
  ['lower("FacEBook")', "facebook"],
  ['regex_extract("iPhone5.1","iPhone(...)",1)', "5.1"],
  ['regex_extract("iPhone5.1","iphone(...)")', "iPhone5.1"],
  ['regex_match("zzhaystackzz", "ha(...)ack")', true],
  ['regex_match("HAYSTACK", "(?-i)haystack")', false],
  ['number(regex_replace("$1,234,567", "[^.0-9]*", ""))', 1234567],
  ['REGEX_REPLACE(A, "(?-i)([a-z])([A-Z])", "$1 $2")', "Chicken Sundays April", { a: "ChickenSundaysApril" }],
  ['regex_replace("ab", "b", "<$0>")', "a<b>"],
  ['len("Canada")', 6],
  ['left("Canada",3)', "Can"],
  ['right("Canada",3)', "ada"],
  ['mid("Canada",1,4)', "Cana"],
  ['split("dwight@dm.com","@",2)', "dm.com"],
  ['split("dwight@dm.com","@",4)', undefined],
  ['split("dwight@dm.com","/",2)', "dwight@dm.com"],
  ['split("empty//string/","/",2)', ""],
  ['split("a//b/c/d", "/")', ["a", "", "b", "c", "d"]],
  ['split("a/b/c/d", "-")', ["a/b/c/d"]],
  [
    'LET(spend, A * B, IFS(spend < 50, "no discount", spend < 200, "gold discount", TRUE, "invalid"))',
    "gold discount",
    { a: 30, b: 5 },
  ],
  ["ANY(X, priceList, X > 300)", false, PRICES],
  ["ANY(X, priceList, X >= 5 and X < 300)", true, PRICES],
  ["ALL(X, priceList, X > 5 and X < 200)", false, PRICES],
  ["ALL(X, priceList, X >= 5 and X < 300)", true, PRICES],
  ["FILTER(X, priceList, X>100)", [205, 178], PRICES],
  ['MAP(X, ["Georgia","Florida"], LOWER(X))', ["georgia", "florida"]],
  ["SUM(priceList)", 422, PRICES],
  ["SUM(FILTER(X, priceList, X>100))", 383, PRICES],
  ['SUM([1, "2", 3])', 4],
  ['datedif("2026-06-20", TODAY(), "M")', 5],
];

describe("a formula", () => {
  it("has the values of the documentation's examples", () => {
    for (const [formula, value, variables] of DOCUMENTED) assert.deepEqual(valueOf(formula, variables), value, formula);
  });

  it("counts days, months and years between dates, and what remains of them", () => {
    const between = (unit: string) =>
      valueOf(`datedif(A, B, "${unit}")`, { a: "2024-01-31", b: "2026-03-10T23:00:00" });
    assert.deepEqual(["D", "M", "Y", "MD", "YM", "YD"].map(between), [769, 25, 2, 10, 1, 38]);
  });

  it("reads today on the project's clock", () => {
    assert.equal(valueOf('datedif("2026-11-23", today(), "D")', {}, "Pacific/Auckland"), 1);
    assert.equal(valueOf("string(today())", {}), "2026-11-23T12:00:00");
  });

  it("is undefined where a value is missing, and a missing condition is false", () => {
    for (const formula of ["A + 1", "upper(A)", "len(A)", "sum(A)", 'split(A, "@", 1)', "A > 1", "undefined"]) {
      assert.equal(valueOf(formula), undefined, formula);
    }
    assert.equal(valueOf('if(A > 1, "yes", "no")'), "no");
    assert.equal(valueOf("defined(A)"), false);
    assert.equal(valueOf("not(A)"), true);
  });

  it("binds operators as arithmetic does, and joins texts with +", () => {
    assert.equal(valueOf("1 + 2 * 3 - -4 % 3"), 8);
    assert.equal(valueOf("(1 + 2) * 3"), 9);
    assert.equal(valueOf('"a" + "b"'), "ab");
    assert.equal(valueOf("not A == 1 and B == 2 or false", { a: 2, b: 2 }), true);
    assert.equal(valueOf("1 / 0"), undefined);
  });

  it("does not look at case in names, and a bound name hides a property", () => {
    assert.equal(valueOf("IF(TRUE, a, 0)", { a: 7 }), 7);
    assert.equal(valueOf("let(A, 1, A) + A", { a: 7 }), 8);
  });

  it("has comments to the end of a line", () => {
    assert.equal(valueOf("// twice\nA * 2 // done", { a: 4 }), 8);
  });
});
