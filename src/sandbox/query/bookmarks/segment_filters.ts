/** The old grammar of filters, which steps of flows and custom events have. (facts 3.2) */
import { everyOf, someOf, ValueFilter } from "../../../analytics/rows/row_filters.ts";
import type { RowFilter } from "../../../analytics/rows/row_value.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, textAt, wordOf } from "./clause.ts";
import { filterTest } from "./filter_tests.ts";
import { referencedValue } from "./properties.ts";
import type { Question } from "./question.ts";

const OPERATORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  string: {
    "==": "equals",
    "!=": "does not equal",
    in: "contains",
    "not in": "does not contain",
    set: "is set",
    "not set": "is not set",
  },
  number: {
    ">": "is greater than",
    "<": "is less than",
    "==": "is equal to",
    "!=": "does not equal",
    ">=": "is at least",
    "<=": "is at most",
    "><": "is between",
    "!><": "not between",
    "is set": "is set",
    "is not set": "is not set",
  },
  // The signs say how the operand stands to the value, but with a number of units: there `>` is "in the last".
  datetime: {
    "==": "was on",
    "!=": "was not on",
    ">": "was before",
    "<": "was since",
    "><": "was between",
    "!><": "was not between",
  },
};

/** A filter or a list of them, joined by `and` or `or`; undefined for none. */
export function segmentFilters(
  question: Question,
  value: unknown,
  join: "and" | "or",
  path: string,
): RowFilter | undefined {
  if (value === undefined || value === null) return undefined;
  const filters = (Array.isArray(value) ? value : [value]).map((filter, index) => {
    return segmentFilter(question, clauseOf(filter, `${path}[${index}]`), `${path}[${index}]`);
  });
  if (filters.length === 0) return undefined;
  return join === "or" ? someOf(filters) : everyOf(filters);
}

function segmentFilter(question: Question, clause: Clause, path: string): RowFilter {
  const property = clauseOf(clause.property, `${path}.property`);
  const type = wordOf(clause.type ?? property.type, ["string", "number", "boolean", "datetime"], `${path}.type`) ??
    "string";
  const filter = clauseOf(clause.filter, `${path}.filter`);
  const source = textAt(property.source, `${path}.property.source`);
  const reference = { value: property.name, resourceType: source === "user" ? "people" : "events" };
  const value = referencedValue(question, reference, "value", path);
  return new ValueFilter(
    value,
    filterTest(question.range, { filterType: type, ...asFilter(type, filter, path) }, path),
  );
}

/** The filter in today's grammar. */
function asFilter(type: string, filter: Clause, path: string): Clause {
  if (type === "boolean") return { filterOperator: String(filter.operand) };
  const operator = textAt(filter.operator, `${path}.filter.operator`) ?? "";
  const table = OPERATORS[type]!;
  if (!Object.hasOwn(table, operator)) {
    throw new Refusal(
      400,
      `Invalid params: ${path}.filter.operator is "${operator}", which is none of the type ${type}`,
    );
  }
  const filterOperator = table[operator]!;
  if (type === "number") return { filterOperator, filterValue: numbersOf(filter.operand) };
  const unit = textAt(filter.unit, `${path}.filter.unit`)?.replace(/s$/, "");
  if (type === "datetime" && unit !== undefined) {
    const word = { ">": "was in the", "<": "was not in the" }[operator] ?? filterOperator;
    return { filterOperator: word, filterValue: Number(filter.operand), filterDateUnit: unit };
  }
  return { filterOperator, filterValue: filter.operand };
}

/** Numbers are sent as their digits. */
function numbersOf(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(numbersOf);
  return operand === "" || operand === undefined || isObject(operand) ? null : Number(operand);
}
