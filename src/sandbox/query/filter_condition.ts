/** Filters as bookmarks have them, `{filterType, filterOperator, filterValue}`, as conditions on a value. */
import { toMoment } from "../../expressions/casts.ts";
import { ZoneClock } from "../../expressions/moment.ts";
import { sameValue, type Value } from "../../expressions/values.ts";
import type { SandboxCall } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { Refusal } from "../refusal.ts";

type Test = (value: unknown) => boolean;

const isSet: Test = (value) => value !== undefined && value !== null;
const not = (test: Test): Test => (value) => !test(value);

const UNIT_MS: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
};

/**
 * The condition of a filter on one property. Lists fulfil it when one of their items does.
 *
 * @throws Refusal 400 for an operator that its type does not have.
 */
export function filterCondition(call: SandboxCall, filter: Readonly<Record<string, unknown>>): Test {
  const { filterType: type, filterOperator: operator, filterValue: operand } = filter;
  if (operator === "is set") return isSet;
  if (operator === "is not set") return not(isSet);
  const test = type === "string" || type === "list"
    ? onText(String(operator), operand)
    : type === "number"
    ? onNumber(String(operator), operand)
    : type === "boolean"
    ? onBoolean(String(operator))
    : type === "datetime"
    ? onDate(call, filter)
    : undefined;
  if (test === undefined) throw new Refusal(400, `Invalid filter: no operator "${operator}" for ${type}`);
  return test;
}

const anyItem = (test: Test): Test => (value) => Array.isArray(value) ? value.some(test) : test(value);
const listOf = (operand: unknown): unknown[] => Array.isArray(operand) ? operand : [operand];

function onText(operator: string, operand: unknown): Test | undefined {
  const text = (value: unknown) => typeof value === "string" ? value : isSet(value) ? String(value) : undefined;
  const equals = anyItem((value) => listOf(operand).some((one) => text(value) === text(one)));
  const wanted = text(listOf(operand)[0])?.toLowerCase() ?? "";
  const holds = (compare: (value: string) => boolean) =>
    anyItem((value) => {
      const own = text(value)?.toLowerCase();
      return own !== undefined && compare(own);
    });
  const contains = holds((value) => value.includes(wanted));
  const tests: Readonly<Record<string, Test>> = {
    "equals": equals,
    "does not equal": not(equals),
    "contains": contains,
    "does not contain": not(contains),
    "starts with": holds((value) => value.startsWith(wanted)),
    "ends with": holds((value) => value.endsWith(wanted)),
  };
  return Object.hasOwn(tests, operator) ? tests[operator] : undefined;
}

function onNumber(operator: string, operand: unknown): Test | undefined {
  const [first, last] = listOf(operand).map(Number) as [number, number];
  const holds = (compare: (value: number) => boolean) =>
    anyItem((value) => (typeof value === "number" || typeof value === "bigint") && compare(Number(value)));
  const equals = holds((value) => listOf(operand).some((one) => Number(one) === value));
  const between = holds((value) => value >= first && value <= last);
  const least = holds((value) => value >= first);
  const most = holds((value) => value <= first);
  const tests: Readonly<Record<string, Test>> = {
    "is equal to": equals,
    "equals": equals,
    "does not equal": not(equals),
    "is greater than": holds((value) => value > first),
    "is less than": holds((value) => value < first),
    "is greater than or equal to": least,
    "is at least": least,
    "is less than or equal to": most,
    "is at most": most,
    "is between": between,
    "between": between,
    "not between": not(between),
  };
  return Object.hasOwn(tests, operator) ? tests[operator] : undefined;
}

function onBoolean(operator: string): Test | undefined {
  if (operator !== "true" && operator !== "false") return undefined;
  return (value) => sameValue(value as Value, operator === "true");
}

/** Days are those of the project's clock; a day that is named is all of it. */
function onDate(call: SandboxCall, filter: Readonly<Record<string, unknown>>): Test | undefined {
  const { filterOperator: operator, filterValue: operand, filterDateUnit: unit } = filter;
  const zone = new ZoneClock(storedZone(call.project));
  const secondsOf = (value: unknown) => toMoment(value as Value, zone)?.seconds;
  const holds = (compare: (seconds: number) => boolean): Test => (value) => {
    const seconds = secondsOf(value);
    return seconds !== undefined && compare(seconds);
  };
  const nowSeconds = call.nowMs / 1000;
  const length = Number(operand) * (UNIT_MS[String(unit)] ?? UNIT_MS.day!) / 1000;
  const [first, last] = listOf(operand).map((one) => secondsOf(one) ?? NaN) as [number, number];
  const endOfDay = (start: number) => start + 86_400;
  const on = holds((value) => value >= first && value < endOfDay(first));
  const between = holds((value) => value >= first && value < endOfDay(last));
  const recent = holds((value) => value >= nowSeconds - length && value <= nowSeconds);
  const tests: Readonly<Record<string, Test>> = {
    "was on": on,
    "on": on,
    "was not on": not(on),
    "was before": holds((value) => value < first),
    "before": holds((value) => value < first),
    "was since": holds((value) => value >= first),
    "since": holds((value) => value >= first),
    "was between": between,
    "was not between": not(between),
    "was in the": recent,
    "in the last": recent,
    "was not in the": not(recent),
    "was in the next": holds((value) => value >= nowSeconds && value <= nowSeconds + length),
  };
  return Object.hasOwn(tests, String(operator)) ? tests[String(operator)] : undefined;
}
