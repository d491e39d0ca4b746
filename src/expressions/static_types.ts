import { functionsFor, momentOfValues } from "./casts.ts";
import { ZoneClock } from "./moment.ts";
import { printExpression, quote } from "./print.ts";
import {
  type Binary,
  chainOf,
  type Expression,
  type FunctionCall,
  isComparison,
  isLogical,
  type Problem,
  walk,
} from "./syntax.ts";

/** What an expression gives whatever the event, unless it gives nothing. */
export type StaticType = "text" | "number" | "boolean" | "list" | "moment";

const NAMES: Record<StaticType, string> = {
  text: "text",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  moment: "a time",
};

export function describeType(type: StaticType): string {
  return NAMES[type];
}

/** The type that can be told from the text alone; undefined where it depends on the data. */
export function staticType(expression: Expression): StaticType | undefined {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string"
        ? "text"
        : typeof expression.value === "boolean"
        ? "boolean"
        : "number";
    case "now":
      return "number";
    case "list":
      return "list";
    case "reference":
      return expression.source === "behaviors" ? "number" : undefined;
    case "unary":
      return expression.operator === "not" ? "boolean" : "number";
    case "call":
      return callType(expression);
    case "binary":
      if (isLogical(expression.operator) || isComparison(expression.operator)) return "boolean";
      return expression.operator === "+" ? sumType(expression) : "number";
  }
}

/** Finds operands of types with which an operator cannot succeed, whatever the data. */
export function checkTypes(expression: Expression): Problem[] {
  const problems: Problem[] = [];
  for (const part of walk(expression)) problems.push(...problemsOf(part));
  return problems;
}

function callType({ name }: FunctionCall): StaticType {
  switch (name) {
    case "boolean":
    case "defined":
      return "boolean";
    case "string":
      return "text";
    case "list":
      return "list";
    case "datetime":
      return "moment";
    default:
      return "number";
  }
}

/** `+` adds numbers and joins text: with one operand known, the other must be the same. */
function sumType({ left, right }: Binary): StaticType | undefined {
  return staticType(left) ?? staticType(right);
}

function problemsOf(expression: Expression): Problem[] {
  if (expression.kind === "call") return checkMoment(expression);
  if (expression.kind === "unary") {
    const wanted = expression.operator === "not" ? "boolean" : "number";
    return expectType(expression.operand, wanted, expression.operator);
  }
  if (expression.kind !== "binary") return [];
  if (isLogical(expression.operator)) return checkConditions(expression);
  if (isComparison(expression.operator)) return checkComparison(expression);
  return checkArithmetic(expression);
}

function expectType(operand: Expression, wanted: StaticType, operator: string): Problem[] {
  const type = staticType(operand);
  if (type === undefined || type === wanted) return [];
  const { start, end } = operand;
  const takes = wanted === "boolean" ? "a condition" : NAMES[wanted];
  return [{ message: `"${operator}" takes ${takes}, but this is ${NAMES[type]}`, start, end }];
}

/** `p == "a" or "b"` is meant as `p == "a" or p == "b"`. */
function checkConditions(expression: Binary): Problem[] {
  const { operator } = expression;
  return chainOf(expression).flatMap((part, index, parts) => {
    const type = staticType(part);
    if (type === undefined || type === "boolean") return [];
    const { start, end } = part;
    const message = `"${operator}" joins conditions, but this is ${NAMES[type]}`;
    const model = parts.slice(0, index).findLast((each) => each.kind === "binary");
    if (part.kind !== "literal" || model?.kind !== "binary" || !isComparison(model.operator)) {
      return [{ message, start, end }];
    }
    return [{ message, start, end, suggestion: printExpression({ ...model, right: part }) }];
  });
}

function checkComparison({ operator, left, right, start, end }: Binary): Problem[] {
  if (operator === "in") return checkMembership(left, right, start, end);
  if (operator === "contains") return checkMembership(right, left, start, end);
  const [a, b] = [staticType(left), staticType(right)];
  const isOrder = operator !== "==" && operator !== "!=";
  if (isOrder) {
    const unordered = [left, right].find((each) => ["boolean", "list"].includes(staticType(each) ?? ""));
    if (unordered) {
      const message = `"${operator}" compares numbers, times or text, but this is ${NAMES[staticType(unordered)!]}`;
      return [{ message, start: unordered.start, end: unordered.end }];
    }
  }
  if (a === undefined || b === undefined || a === b) return [];
  // Numbers and text are read as times where they meet one.
  if ([a, b].includes("moment") && !["boolean", "list"].some((type) => [a, b].includes(type as StaticType))) return [];
  return [{ message: `This compares ${NAMES[a]} with ${NAMES[b]}: the result is always the same`, start, end }];
}

function checkMembership(item: Expression, container: Expression, start: number, end: number): Problem[] {
  const [itemType, containerType] = [staticType(item), staticType(container)];
  if (itemType === "list") return [{ message: "A list is looked up in nothing", start: item.start, end: item.end }];
  if (containerType === undefined || containerType === "list") return [];
  if (containerType === "text" && (itemType === undefined || itemType === "text")) return [];
  const message = containerType === "text"
    ? `Only text is found in text, but this is ${NAMES[itemType!]}`
    : `Nothing is found in ${NAMES[containerType]}, only in text and in lists`;
  return [{ message, start, end }];
}

function checkArithmetic({ operator, left, right, start, end }: Binary): Problem[] {
  if (operator !== "+") return [...expectType(left, "number", operator), ...expectType(right, "number", operator)];
  const [a, b] = [staticType(left), staticType(right)];
  const wrong = [a, b].find((type) => type !== undefined && type !== "number" && type !== "text");
  if (wrong) return [{ message: `"+" takes numbers or text, but not ${NAMES[wrong]}`, start, end }];
  if (a === undefined || b === undefined || a === b) return [];
  return [{ message: `"+" takes two numbers or two texts`, start, end, suggestion: joined(left, right) }];
}

/** Text and a number can only be meant to be joined. */
function joined(left: Expression, right: Expression): string {
  const text = (operand: Expression): Expression => {
    if (staticType(operand) === "text") return operand;
    const { start, end } = operand;
    return { kind: "call", name: "string", args: [operand], start, end };
  };
  const { start, end } = left;
  return printExpression({ kind: "binary", operator: "+", left: text(left), right: text(right), start, end });
}

/** A date that is written out must exist. */
function checkMoment({ name, args, start, end }: FunctionCall): Problem[] {
  if (name !== "datetime" || !args.every((arg) => arg.kind === "literal")) return [];
  const values = args.map(({ value }) => value);
  const zone = new ZoneClock("UTC");
  const moment = values.length > 1 ? momentOfValues(values, zone) : functionsFor(zone).datetime(values[0]);
  if (moment !== undefined) return [];
  const shown = values.map((value) => typeof value === "string" ? quote(value) : String(value)).join(", ");
  return [{ message: `There is no time ${shown}: write "2026-08-01" or "2026-08-01T13:00:00"`, start, end }];
}
