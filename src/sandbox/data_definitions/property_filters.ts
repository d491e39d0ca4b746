/** Conditions on an event's properties in the form of the web page's filters: what drop filters and deletions have. */
import { isObject } from "../../streams/json/is_object.ts";
import { Refusal } from "../refusal.ts";

/** The value of a property; undefined where it is absent. */
export type ValueOf = (property: string) => unknown;

/** Whether an event is meant. */
export type EventFilter = (valueOf: ValueOf) => boolean;

type Test = (value: unknown) => boolean;

/**
 * The condition that all of the filters hold.
 *
 * @throws Refusal 400 for what the form does not have, and for filters on anything else than properties of events.
 */
export function eventFilterOf(filters: unknown): EventFilter {
  const list = Array.isArray(filters) ? filters : [filters];
  const tests = list.map((one, index) => testOf(one, `filters.${index}`));
  return (valueOf) => tests.every(({ property, test }) => test(valueOf(property)));
}

function testOf(filter: unknown, place: string): { property: string; test: Test } {
  if (!isObject(filter)) throw new Refusal(400, `${place}: must be an object`);
  const { resourceType, value, filterType, filterOperator, filterValue } = filter;
  if (resourceType !== undefined && resourceType !== "events" && resourceType !== "event") {
    throw new Refusal(400, `${place}.resourceType: only properties of events can be filtered here`);
  }
  if (typeof value !== "string" || value === "") throw new Refusal(400, `${place}.value: this field is required`);
  if (filterOperator === "is set") return { property: value, test: isSet };
  if (filterOperator === "is not set") return { property: value, test: (one) => !isSet(one) };
  const test = TESTS[String(filterType)]?.[String(filterOperator)]?.(filterValue);
  if (test !== undefined) return { property: value, test };
  throw new Refusal(400, `${place}: no filter on ${String(filterType)} has the operator '${String(filterOperator)}'`);
}

const isSet: Test = (value) => value !== undefined && value !== null && value !== "";

type Operators = Readonly<Record<string, (wanted: unknown) => Test>>;

const textsOf = (wanted: unknown): string[] => [wanted].flat().map(String);
const lower = (value: unknown): string => String(value).toLowerCase();
const holds = (check: (value: string, wanted: string) => boolean) => (wanted: unknown): Test => (value) =>
  isSet(value) && textsOf(wanted).some((one) => check(lower(value), one.toLowerCase()));
const not = (make: (wanted: unknown) => Test) => (wanted: unknown): Test => {
  const test = make(wanted);
  return (value) => !test(value);
};

const equalsText = (wanted: unknown): Test => {
  const texts = new Set(textsOf(wanted));
  return (value) => value !== undefined && value !== null && [value].flat().some((one) => texts.has(String(one)));
};
const containsText = holds((value, wanted) => value.includes(wanted));

const compares = (check: (value: number, wanted: number, last: number) => boolean) => (wanted: unknown): Test => {
  const [first = NaN, last = NaN] = [wanted].flat().map(Number);
  return (value) => (typeof value === "number" || typeof value === "bigint") && check(Number(value), first, last);
};
const equalsNumber = compares((value, wanted) => value === wanted);
const isBetween = compares((value, first, last) => value >= first && value <= last);

/** The day of a value: of a text that begins with one, or of a number of seconds. */
function dayOf(value: unknown): string {
  if (typeof value === "number") return new Date(value * 1000).toISOString().slice(0, 10);
  return String(value ?? "").slice(0, 10);
}
const onDays = (check: (day: string, first: string, last: string) => boolean) => (wanted: unknown): Test => {
  const [first = "", last = ""] = [wanted].flat().map(dayOf);
  return (value) => isSet(value) && check(dayOf(value), first, last);
};
const wasOn = onDays((day, wanted) => day === wanted);
const wasBetween = onDays((day, first, last) => day >= first && day <= last);

const TESTS: Readonly<Record<string, Operators>> = {
  string: {
    equals: equalsText,
    "does not equal": not(equalsText),
    contains: containsText,
    "does not contain": not(containsText),
    "starts with": holds((value, wanted) => value.startsWith(wanted)),
    "ends with": holds((value, wanted) => value.endsWith(wanted)),
  },
  number: {
    "is equal to": equalsNumber,
    "does not equal": not(equalsNumber),
    "is greater than": compares((value, wanted) => value > wanted),
    "is less than": compares((value, wanted) => value < wanted),
    "is greater than or equal to": compares((value, wanted) => value >= wanted),
    "is less than or equal to": compares((value, wanted) => value <= wanted),
    "is at least": compares((value, wanted) => value >= wanted),
    "is at most": compares((value, wanted) => value <= wanted),
    "is between": isBetween,
    between: isBetween,
    "not between": not(isBetween),
  },
  boolean: {
    true: () => (value) => value === true,
    false: () => (value) => value === false,
  },
  datetime: {
    "was on": wasOn,
    "was not on": not(wasOn),
    "was before": onDays((day, wanted) => day < wanted),
    "was since": onDays((day, wanted) => day >= wanted),
    "was between": wasBetween,
    "was not between": not(wasBetween),
  },
};
