/**
 * The older grammar of filters, which the steps of flows have: numbers are texts, days are `MM/DD/YYYY`, and the signs of
 * days are reversed, since they say how the operand stands to the event's time: `<` is "since", `>` is "before".
 */
import { isObject } from "../streams/json/is_object.ts";
import { expressionOfTests } from "./expression_of_tests.ts";
import { type Amount, type Check, NUMBER_OPERATORS, type NumberOperator, type Test } from "./filter_grammar.ts";
import { asObject } from "./objects.ts";
import type { Conditions, Json } from "./report.ts";
import { testsOfExpression } from "./tests_of_expression.ts";

/** `property_filter_params_list` and `bool_op` of a step. Cohorts have no place in it. */
export function writeSegfilters(
  { where, any, raw = [] }: Conditions = {},
): { filters: Json[]; operator: "and" | "or" } {
  const tests = where === undefined ? { any: false, tests: [] } : testsOfExpression(where);
  return { filters: [...tests.tests.map(segfilterOf), ...raw], operator: tests.any || any ? "or" : "and" };
}

export function readSegfilters(filters: unknown, operator: unknown): Conditions | undefined {
  const list = Array.isArray(filters) ? filters.filter(isObject) : [];
  if (list.length === 0) return undefined;
  const any = operator === "or" && list.length > 1;
  const read = list.map((one) => ({ one, test: readTest(one) }));
  const where = expressionOfTests({ any, tests: read.flatMap(({ test }) => test ?? []) });
  const raw = read.filter(({ test }) => test === undefined).map(({ one }) => one);
  return { ...(where !== undefined && { where }), ...(any && { any }), ...(raw.length > 0 && { raw }) };
}

function segfilterOf(test: Test): Json {
  const { name, source } = test.property;
  const { type, filter } = writeCheck(test);
  return {
    property: { name, source: source === "people" ? "user" : "properties", type },
    type,
    selected_property_type: type,
    filter,
  };
}

function writeCheck(check: Check): { type: string; filter: Json } {
  const filter = (type: string, operator: string, operand: unknown) => ({ type, filter: { operator, operand } });
  switch (check.is) {
    case "set":
      return filter("string", "set", "");
    case "unset":
      return filter("string", "not set", "");
    case "true":
    case "false":
      return { type: "boolean", filter: { operand: check.is } };
    case "one_of":
      return filter("string", "==", [...check.texts]);
    case "none_of":
      return filter("string", "!=", [...check.texts]);
    case "with":
      return filter("string", "in", check.text);
    case "without":
      return filter("string", "not in", check.text);
    case "compared":
      return filter("number", check.operator, String(check.number));
    case "within":
      return filter("number", "><", [String(check.from), String(check.to)]);
    case "outside":
      return filter("number", "!><", [String(check.from), String(check.to)]);
    case "since":
      return filter("datetime", "<", americanDay(check.day));
    case "before":
      return filter("datetime", ">", americanDay(check.day));
    case "days":
      return filter("datetime", "><", [americanDay(check.from), americanDay(check.to)]);
  }
}

function readTest(segfilter: Json): Test | undefined {
  const { name, source } = asObject(segfilter.property);
  const place = source === "properties" ? "events" : source === "user" ? "people" : undefined;
  const check = readCheck(segfilter.type, asObject(segfilter.filter));
  if (typeof name !== "string" || place === undefined || check === undefined) return undefined;
  return { property: { name, source: place }, ...check };
}

function readCheck(type: unknown, { operator, operand }: Json): Check | undefined {
  if (operator === "set" || operator === "is set") return { is: "set" };
  if (operator === "not set" || operator === "is not set") return { is: "unset" };
  switch (type) {
    case "boolean":
      return operand === "true" || operand === "false" ? { is: operand } : undefined;
    case "string":
      return readTextCheck(operator, operand);
    case "number":
      return readNumberCheck(operator, operand);
    case "datetime":
      return readDayCheck(operator, operand);
  }
}

function readTextCheck(operator: unknown, operand: unknown): Check | undefined {
  if (typeof operand === "string" && operator === "in") return { is: "with", text: operand };
  if (typeof operand === "string" && operator === "not in") return { is: "without", text: operand };
  const isTexts = Array.isArray(operand) && operand.length > 0 && operand.every((one) => typeof one === "string");
  if (!isTexts) return undefined;
  if (operator === "==") return { is: "one_of", texts: operand };
  return operator === "!=" ? { is: "none_of", texts: operand } : undefined;
}

function readNumberCheck(operator: unknown, operand: unknown): Check | undefined {
  const numbers = [operand].flat().map(numberOf);
  const [first, second] = numbers;
  if (first === undefined || numbers.includes(undefined)) return undefined;
  if (numbers.length === 1 && NUMBER_OPERATORS.includes(operator as NumberOperator)) {
    return { is: "compared", operator: operator as NumberOperator, number: first };
  }
  if (second === undefined) return undefined;
  if (operator === "><") return { is: "within", from: first, to: second };
  return operator === "!><" ? { is: "outside", from: first, to: second } : undefined;
}

function readDayCheck(operator: unknown, operand: unknown): Check | undefined {
  const days = [operand].flat().map(isoDayOf);
  const [first, second] = days;
  if (first === undefined || days.includes(undefined)) return undefined;
  if (second !== undefined) return operator === "><" ? { is: "days", from: first, to: second } : undefined;
  if (operator === "<") return { is: "since", day: first };
  if (operator === ">") return { is: "before", day: first };
  return operator === "==" ? { is: "days", from: first, to: first } : undefined;
}

function numberOf(value: unknown): Amount | undefined {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) || text.includes(".") ? number : BigInt(text);
}

const americanDay = (day: string): string => `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`;

function isoDayOf(value: unknown): string | undefined {
  const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(String(value)) ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}
