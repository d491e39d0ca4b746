/** How often people did what a cohort's definition names, or what it added up to. */
import type { RowFilter } from "../../analytics/rows/row_value.ts";
import { visitRows } from "../../analytics/rows/scan.ts";
import { spanOfTime } from "../../analytics/time_buckets.ts";
import { quote } from "../../expressions/print.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { computedProperty, savedCustomProperty } from "../app/custom_properties.ts";
import { customEventAlternatives } from "../app/custom_events.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { customPropertyValue } from "./custom_property_value.ts";
import { boundsOf } from "./days.ts";
import { rowValue } from "./expressions.ts";
import { filterTest } from "./bookmarks/filter_tests.ts";
import { eventViewOf, reportClock } from "./report.ts";

/** A behavior's number for a person of the event view, by code; undefined where there is none to tell. */
export type BehaviorNumber = (person: number) => number | undefined;

type Clause = Readonly<Record<string, unknown>>;

const CUSTOM_EVENT_NAME = /^\$custom_event:(\d+)$/;
const ALL_EVENTS: ReadonlySet<string> = new Set(["$all_events", "$mp_anything_event"]);
const WINDOW_UNITS = ["day", "week", "month"] as const;

/**
 * Computes `{window | from_date + to_date, count: {event_selector, aggregationOperator?, property?}}`.
 *
 * @throws Refusal 400 for a definition of another form, and 500 where the real server crashes.
 */
export function behaviorNumber(call: SandboxCall, behavior: unknown): BehaviorNumber {
  const { count } = isObject(behavior) ? behavior : {};
  const { event_selector: selector, aggregationOperator: operator, property } = isObject(count) ? count : {};
  if (!isObject(behavior) || !isObject(count) || !isObject(selector)) throw refusal("a behavior needs a count");
  const view = eventViewOf(call);
  const choice = { ...eventsOf(call, selector), buckets: spanOfTime(...rangeOf(call, behavior)) };
  const numbers = new Map<number, unknown[]>();
  const counts = new Float64Array(view.table.people.count);
  const value = typeof property === "string" ? rowValue(call, view, `properties[${quote(property)}]`) : undefined;
  if (operator !== undefined && value === undefined) throw refusal("aggregationOperator needs a property");
  visitRows(view, choice, (chunk) => {
    const read = value?.bind(chunk);
    return (row) => {
      const person = view.personOf(chunk.people[row]!);
      counts[person]!++;
      if (read === undefined) return;
      const own = numbers.get(person);
      if (own === undefined) numbers.set(person, [read(row)]);
      else own.push(read(row));
    };
  });
  if (operator === undefined) return (person) => counts[person] ?? 0;
  const aggregate = AGGREGATES[String(operator)];
  if (aggregate === undefined) throw refusal(`unknown aggregationOperator "${operator}"`);
  return (person) => aggregate(numbers.get(person) ?? []);
}

const onlyNumbers = (values: readonly unknown[]) =>
  values.filter((value) => typeof value === "number" || typeof value === "bigint").map(Number);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const AGGREGATES: Readonly<Record<string, (values: readonly unknown[]) => number | undefined>> = {
  total: (values) => sum(onlyNumbers(values)),
  unique: (values) => new Set(values.filter((value) => value !== undefined).map(String)).size,
  average: (values) => ofSome(values, (numbers) => sum(numbers) / numbers.length),
  min: (values) => ofSome(values, (numbers) => Math.min(...numbers)),
  max: (values) => ofSome(values, (numbers) => Math.max(...numbers)),
  median: (values) => ofSome(values, median),
};

function ofSome(values: readonly unknown[], compute: (numbers: number[]) => number): number | undefined {
  const numbers = onlyNumbers(values);
  return numbers.length === 0 ? undefined : compute(numbers);
}

function median(numbers: number[]): number {
  const sorted = numbers.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** From the first moment up to the one after the last. */
function rangeOf(call: SandboxCall, { window, from_date: from, to_date: to }: Clause): [fromMs: number, toMs: number] {
  const { nowMs, timeZone } = reportClock(call);
  if (isObject(window)) {
    const { unit, value } = window;
    const word = WINDOW_UNITS.find((one) => one === unit);
    if (word === undefined || typeof value !== "number" || value <= 0) throw refusal("a window has a unit and a value");
    const now = Temporal.Instant.fromEpochMilliseconds(Math.floor(nowMs)).toZonedDateTimeISO(timeZone);
    return [now.subtract({ [`${word}s`]: value }).epochMilliseconds, nowMs + 1];
  }
  if (typeof from !== "string" || typeof to !== "string") throw refusal("a behavior needs a window, or two dates");
  const { fromMs, toMs } = boundsOf({ fromDay: from.slice(0, 10), toDay: to.slice(0, 10) }, timeZone);
  return [fromMs, toMs];
}

function eventsOf(call: SandboxCall, selector: Clause): { names?: readonly string[]; where?: RowFilter } {
  const { event } = selector;
  if (typeof event !== "string") throw refusal("an event_selector needs an event");
  const where = selector.selector === undefined ? undefined : conditionsOf(call, selector.selector);
  if (ALL_EVENTS.has(event)) return { where };
  const custom = CUSTOM_EVENT_NAME.exec(event)?.[1];
  if (custom === undefined) return { names: [event], where };
  return { names: (customEventAlternatives(call, Number(custom)) ?? []).map((one) => one.event), where };
}

/** A node `{operator, children}`, or a filter. */
function conditionsOf(call: SandboxCall, node: unknown): RowFilter {
  if (!isObject(node)) throw refusal("a selector of events is an object");
  if (!Array.isArray(node.children)) return rowCondition(call, node);
  const filters = node.children.map((child) => conditionsOf(call, child));
  const isOr = node.operator === "or";
  return {
    bind(chunk) {
      const tests = filters.map((filter) => filter.bind(chunk));
      return isOr ? (row) => tests.some((test) => test(row)) : (row) => tests.every((test) => test(row));
    },
  };
}

function rowCondition(call: SandboxCall, filter: Clause): RowFilter {
  const view = eventViewOf(call);
  const test = filterTest(reportClock(call), filter, "event_selector.selector");
  const custom = customPropertyOf(call, filter);
  const source = filter.resourceType === "people" ? "user" : "properties";
  if (custom === undefined && typeof filter.value !== "string") throw refusal("a filter names a property");
  const value = custom === undefined
    ? rowValue(call, view, `${source}[${quote(filter.value as string)}]`)
    : customPropertyValue(call, view, custom);
  return {
    bind(chunk) {
      const read = value.bind(chunk);
      return (row) => test(read(row));
    },
  };
}

function customPropertyOf(call: SandboxCall, { customPropertyId: id, customProperty: inline }: Clause) {
  if (isObject(inline)) return computedProperty(call, inline);
  if (id === undefined) return undefined;
  const saved = savedCustomProperty(call, Number(id));
  if (saved === undefined) throw refusal(`custom property ${String(id)} not found`);
  return saved;
}

const refusal = (words: string): Refusal => new Refusal(400, `Invalid cohort definition: ${words}`);
