/**
 * Filters as `sections` have them: `{resourceType, value, filterType, defaultType, filterOperator, filterValue}`, a list
 * of them joined by the `filtersDeterminer` beside it. A clause that the language cannot say is kept as it came.
 */
import { isObject } from "../streams/json/is_object.ts";
import { expressionOfTests } from "./expression_of_tests.ts";
import type { Amount, Check, NumberOperator, Test } from "./filter_grammar.ts";
import { isIsoDay } from "./fixed_values.ts";
import { hasOnly, withoutEmpty } from "./objects.ts";
import type { CohortCondition, Conditions, Json } from "./report.ts";
import { testsOfExpression } from "./tests_of_expression.ts";

const NUMBER_WORDS: Record<NumberOperator, string> = {
  "==": "is equal to",
  "!=": "does not equal",
  ">": "is greater than",
  ">=": "is greater than or equal to",
  "<": "is less than",
  "<=": "is less than or equal to",
};
const NUMBER_OPERATORS = new Map<string, NumberOperator>([
  ...Object.entries(NUMBER_WORDS).map(([operator, words]) => [words, operator as NumberOperator] as const),
  ["equals", "=="],
  ["is at least", ">="],
  ["is at most", "<="],
]);

/**
 * The clauses of conditions, and how they are joined.
 *
 * @throws ExpressionError for what a report cannot say.
 */
export function writeConditions({ where, any, cohorts = [], raw = [] }: Conditions = {}): {
  clauses: Json[];
  determiner: "all" | "any";
} {
  const tests = where === undefined ? { any: false, tests: [] } : testsOfExpression(where);
  return {
    clauses: [...tests.tests.map(clauseOf), ...cohorts.map(cohortClause), ...raw],
    determiner: tests.any || any ? "any" : "all",
  };
}

/** The conditions of clauses; undefined where there are none. */
export function readConditions(clauses: readonly unknown[], determiner: unknown = "all"): Conditions | undefined {
  if (clauses.length === 0) return undefined;
  const any = determiner === "any" && clauses.length > 1;
  const tests: Test[] = [];
  const cohorts: CohortCondition[] = [];
  const raw: Json[] = [];
  for (const clause of clauses.filter(isObject)) {
    const cohort = readCohort(clause);
    const test = cohort === undefined ? readTest(clause) : undefined;
    if (cohort !== undefined) cohorts.push(cohort);
    else if (test !== undefined) tests.push(test);
    else raw.push(clause);
  }
  const where = expressionOfTests({ any, tests });
  return {
    ...(where !== undefined && { where }),
    ...(any && { any }),
    ...(cohorts.length > 0 && { cohorts }),
    ...(raw.length > 0 && { raw }),
  };
}

const clauseOf = (test: Test): Json => {
  const { name: value, source: resourceType } = test.property;
  const { type, operator, operand } = wordsOf(test);
  return { resourceType, value, filterType: type, defaultType: type, filterOperator: operator, filterValue: operand };
};

function wordsOf(check: Check): { type: string; operator: string; operand: unknown } {
  switch (check.is) {
    case "set":
      return { type: "string", operator: "is set", operand: null };
    case "unset":
      return { type: "string", operator: "is not set", operand: null };
    case "true":
    case "false":
      return { type: "boolean", operator: check.is, operand: null };
    case "one_of":
      return { type: "string", operator: "equals", operand: [...check.texts] };
    case "none_of":
      return { type: "string", operator: "does not equal", operand: [...check.texts] };
    case "with":
      return { type: "string", operator: "contains", operand: check.text };
    case "without":
      return { type: "string", operator: "does not contain", operand: check.text };
    case "compared":
      return { type: "number", operator: NUMBER_WORDS[check.operator], operand: check.number };
    case "within":
      return { type: "number", operator: "is between", operand: [check.from, check.to] };
    case "outside":
      return { type: "number", operator: "not between", operand: [check.from, check.to] };
    case "since":
      return { type: "datetime", operator: "was since", operand: check.day };
    case "before":
      return { type: "datetime", operator: "was before", operand: check.day };
    case "days":
      return { type: "datetime", operator: "was between", operand: [check.from, check.to] };
  }
}

const KEYS = ["resourceType", "value", "filterType", "defaultType", "filterOperator", "filterValue"];
/** What the web page adds for itself: how the property is called, and when it was last looked at. */
const LAYOUT = ["label", "propertyName", "determiner", "isHidden", "id", "activeDates", "propertyDefaultType"];

function readTest(clause: Json): Test | undefined {
  const { resourceType, value: name, filterType, defaultType } = clause;
  const isPlain = hasOnly(withoutEmpty(clause), KEYS, LAYOUT, { dataset: "$mixpanel" });
  if (!isPlain || typeof name !== "string") return undefined;
  const source = resourceType === "people" || resourceType === "events" ? resourceType : undefined;
  const isSameType = defaultType === undefined || defaultType === null || defaultType === filterType;
  const check = isSameType ? readCheck(clause) : undefined;
  return source === undefined || check === undefined ? undefined : { property: { name, source }, ...check };
}

/** Both families of words for days, and the older ones of numbers, are read. */
function readCheck({ filterType, filterOperator: operator, filterValue: operand }: Json): Check | undefined {
  if (operator === "is set") return { is: "set" };
  if (operator === "is not set") return { is: "unset" };
  switch (filterType) {
    case "boolean":
      return operator === "true" || operator === "false" ? { is: operator } : undefined;
    case "string":
      return readTextCheck(operator, operand);
    case "number":
      return readNumberCheck(operator, operand);
    case "datetime":
      return readDayCheck(operator, operand);
  }
}

function readTextCheck(operator: unknown, operand: unknown): Check | undefined {
  if (typeof operand === "string") {
    if (operator === "contains") return { is: "with", text: operand };
    if (operator === "does not contain") return { is: "without", text: operand };
  }
  const texts = typeof operand === "string" ? [operand] : operand;
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((one) => typeof one === "string")) return undefined;
  if (operator === "equals") return { is: "one_of", texts };
  return operator === "does not equal" ? { is: "none_of", texts } : undefined;
}

function readNumberCheck(operator: unknown, operand: unknown): Check | undefined {
  const isAmount = (one: unknown): one is Amount => typeof one === "number" || typeof one === "bigint";
  const own = NUMBER_OPERATORS.get(String(operator));
  if (own !== undefined) return isAmount(operand) ? { is: "compared", operator: own, number: operand } : undefined;
  if (!Array.isArray(operand) || operand.length !== 2 || !operand.every(isAmount)) return undefined;
  const [from, to] = operand as [Amount, Amount];
  if (operator === "is between" || operator === "between") return { is: "within", from, to };
  return operator === "not between" ? { is: "outside", from, to } : undefined;
}

function readDayCheck(operator: unknown, operand: unknown): Check | undefined {
  const isDay = (one: unknown): one is string => typeof one === "string" && isIsoDay(one);
  const word = String(operator).replace(/^was /, "");
  if (isDay(operand)) {
    if (word === "since") return { is: "since", day: operand };
    if (word === "before") return { is: "before", day: operand };
    return word === "on" ? { is: "days", from: operand, to: operand } : undefined;
  }
  if (word !== "between" || !Array.isArray(operand) || operand.length !== 2 || !operand.every(isDay)) return undefined;
  return { is: "days", from: operand[0], to: operand[1] };
}

const cohortClause = ({ id, name = "", negated }: CohortCondition): Json => ({
  resourceType: "events",
  value: "$cohorts",
  filterType: "list",
  defaultType: "list",
  filterOperator: negated ? "does not contain" : "contains",
  filterValue: [{ cohort: { id, name, negated: false } }],
});

function readCohort(clause: Json): CohortCondition | undefined {
  const { value, filterOperator, filterValue } = clause;
  if (value !== "$cohorts" || !hasOnly(withoutEmpty(clause), KEYS, LAYOUT, { dataset: "$mixpanel" })) return undefined;
  const [first, ...others] = Array.isArray(filterValue) ? filterValue : [];
  const cohort = isObject(first) && isObject(first.cohort) ? withoutEmpty(first.cohort) : undefined;
  if (cohort === undefined || others.length > 0 || !hasOnly(cohort, ["id", "name"])) return undefined;
  const { id, name } = cohort;
  if (
    (typeof id !== "number" && typeof id !== "bigint") ||
    !["contains", "does not contain"].includes(String(filterOperator))
  ) {
    return undefined;
  }
  return {
    id,
    ...(typeof name === "string" && { name }),
    ...(filterOperator === "does not contain" && { negated: true as const }),
  };
}
