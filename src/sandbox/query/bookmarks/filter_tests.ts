/** What a filter's operator asks of a value. (facts 2.9) */
import { startOfDayMs } from "../../../analytics/calendar.ts";
import { toMoment } from "../../../expressions/casts.ts";
import { ZoneClock } from "../../../expressions/moment.ts";
import { sameValue, type Value } from "../../../expressions/values.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, listOf, numberIn, textAt, wordOf } from "./clause.ts";
import { times, WINDOW_UNITS } from "./time.ts";

export type FilterTest = (value: unknown) => boolean;

/** Now, and the zone of days. */
export interface FilterClock {
  nowMs: number;
  timeZone: string;
}

const TYPES = [
  "string",
  "number",
  "boolean",
  "datetime",
  "list",
  "object",
  "dimension",
  "other",
  "unknown",
  "undefined",
] as const;

/**
 * The test of a filter. A list meets one when one of its elements does, and one with "not" when none does. What is missing
 * is not equal to anything, and contains nothing. Upper and lower case differ.
 *
 * @throws Refusal 400 for an operator that its type has not, and a value of another form.
 */
export function filterTest(clock: FilterClock, filter: Clause, path: string): FilterTest {
  const type = wordOf(filter.filterType, TYPES, `${path}.filterType`) ?? "string";
  const operator = textAt(filter.filterOperator, `${path}.filterOperator`);
  if (operator === undefined) throw new Refusal(400, `Invalid params: ${path} has no filterOperator`);
  if (operator === "is set") return (value) => value !== undefined;
  if (operator === "is not set") return (value) => value === undefined;
  const test = testOf(clock, type, operator, filter, path);
  if (test !== undefined) return test;
  throw new Refusal(400, `Invalid params: ${path}.filterOperator is "${operator}", which is none of the type ${type}`);
}

function testOf(
  clock: FilterClock,
  type: typeof TYPES[number],
  operator: string,
  filter: Clause,
  path: string,
): FilterTest | undefined {
  switch (type) {
    case "number":
      return numberTest(operator, filter.filterValue, `${path}.filterValue`);
    case "boolean":
      return booleanTest(operator);
    case "datetime":
      return dateTest(clock, operator, filter, path);
    default:
      return textTest(operator, filter.filterValue, `${path}.filterValue`);
  }
}

const some = (test: FilterTest): FilterTest => (value) => Array.isArray(value) ? value.some(test) : test(value);
const none = (test: FilterTest): FilterTest => {
  const meets = some(test);
  return (value) => !meets(value);
};

function textTest(operator: string, operand: unknown, path: string): FilterTest | undefined {
  const wanted = (Array.isArray(operand) ? operand : [operand]).map((item) => {
    if (item === undefined || item === null || typeof item === "object") {
      throw new Refusal(400, `Invalid params: ${path} must be a string or a list of strings`);
    }
    return String(item);
  });
  const among = (meets: (text: string, wanted: string) => boolean): FilterTest => (value) => {
    if (value === undefined || value === null || typeof value === "object") return false;
    const text = String(value);
    return wanted.some((one) => meets(text, one));
  };
  switch (operator) {
    case "equals":
      return some(among((text, one) => text === one));
    case "does not equal":
      return none(among((text, one) => text === one));
    case "contains":
      return some(among((text, one) => text.includes(one)));
    case "does not contain":
      return none(among((text, one) => text.includes(one)));
    case "starts with":
      return some(among((text, one) => text.startsWith(one)));
    case "ends with":
      return some(among((text, one) => text.endsWith(one)));
  }
  return undefined;
}

function numberTest(operator: string, operand: unknown, path: string): FilterTest | undefined {
  const given = Array.isArray(operand) ? operand : [operand];
  const numbers = given.map((item) => {
    const number = numberIn(item, path);
    if (number === undefined) throw new Refusal(400, `Invalid params: ${path} must be a number`);
    return number;
  });
  const [first, second] = numbers as [number, number];
  const compare = (meets: (number: number | bigint) => boolean): FilterTest =>
    some((value) => (typeof value === "number" || typeof value === "bigint") && meets(value));
  const pair = () => {
    if (numbers.length !== 2) throw new Refusal(400, `Invalid params: ${path} must be a list of two numbers`);
  };
  switch (operator) {
    case "is equal to":
    case "equals":
      return some((value) => numbers.some((number) => sameValue(value as Value, number)));
    case "does not equal":
    case "is not equal to":
      return none((value) => numbers.some((number) => sameValue(value as Value, number)));
    case "is greater than":
      return compare((number) => number > first);
    case "is less than":
      return compare((number) => number < first);
    case "is greater than or equal to":
    case "is at least":
      return compare((number) => number >= first);
    case "is less than or equal to":
    case "is at most":
      return compare((number) => number <= first);
    case "is between":
    case "between":
      pair();
      return compare((number) => number >= first && number <= second);
    case "not between":
    case "is not between":
      pair();
      return compare((number) => number < first || number > second);
  }
  return undefined;
}

function booleanTest(operator: string): FilterTest | undefined {
  if (operator !== "true" && operator !== "false") return undefined;
  return some((value) => value === (operator === "true"));
}

/** A stretch of time, from a moment up to another. */
interface Stretch {
  fromMs: number;
  toMs: number;
}

function dateTest(clock: FilterClock, operator: string, filter: Clause, path: string): FilterTest | undefined {
  const zone = new ZoneClock(clock.timeZone);
  const within = ({ fromMs, toMs }: Stretch): FilterTest => (value) => {
    const moment = toMoment(value as Value, zone);
    return moment !== undefined && moment.seconds * 1000 >= fromMs && moment.seconds * 1000 < toMs;
  };
  const notWithin = (stretch: Stretch): FilterTest => {
    const isWithin = within(stretch);
    return (value) => toMoment(value as Value, zone) !== undefined && !isWithin(value);
  };
  const day = (index = 0) => dayStretch(filter.filterValue, index, clock.timeZone, `${path}.filterValue`);
  switch (operator.replace(/^was /, "")) {
    case "on":
      return within(day());
    case "not on":
      return notWithin(day());
    case "before":
      return within({ fromMs: -Infinity, toMs: day().fromMs });
    case "since":
      return within({ fromMs: day().fromMs, toMs: Infinity });
    case "between":
      return within({ fromMs: day(0).fromMs, toMs: day(1).toMs });
    case "not between":
      return notWithin({ fromMs: day(0).fromMs, toMs: day(1).toMs });
    case "in the":
    case "in the last":
      return within(relativeStretch(clock, filter, path, "last"));
    case "not in the":
    case "not in the last":
      return notWithin(relativeStretch(clock, filter, path, "last"));
    case "in the next":
      return within(relativeStretch(clock, filter, path, "next"));
  }
  return undefined;
}

/** A day as `2026-04-01`, `2026-04-01T…` or `04/01/2026`. */
function dayStretch(operand: unknown, index: number, timeZone: string, path: string): Stretch {
  const given = Array.isArray(operand) ? listOf(operand, path)[index] : operand;
  const text = textAt(given, path) ?? "";
  const american = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  const iso = american === null ? text.slice(0, 10) : `${american[3]}-${american[1]}-${american[2]}`;
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(iso)) {
    throw new Refusal(400, `Invalid params: ${path} is "${text}", which is no date`);
  }
  const day = Temporal.PlainDate.from(iso);
  return { fromMs: startOfDayMs(day, timeZone), toMs: startOfDayMs(day.add({ days: 1 }), timeZone) };
}

function relativeStretch(
  { nowMs, timeZone }: FilterClock,
  filter: Clause,
  path: string,
  direction: "last" | "next",
): Stretch {
  const unit = wordOf(filter.filterDateUnit, WINDOW_UNITS, `${path}.filterDateUnit`) ?? "day";
  const count = numberIn(Array.isArray(filter.filterValue) ? filter.filterValue[0] : filter.filterValue, path);
  if (count === undefined) throw new Refusal(400, `Invalid params: ${path}.filterValue must be a number`);
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  if (direction === "next") return { fromMs: nowMs, toMs: now.add(times(unit, count)).epochMilliseconds };
  return { fromMs: now.subtract(times(unit, count)).epochMilliseconds, toMs: nowMs + 1 };
}
