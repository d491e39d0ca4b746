/** Events as a table has them, and the same as a plain list, for computing a report in two ways. */
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { ColumnExpression, ColumnFilter } from "../../src/analytics/rows/column_expression.ts";
import { EventView } from "../../src/analytics/rows/event_view.ts";
import { codeOf, EventTable } from "../../src/analytics/table/event_table.ts";
import { compileExpression } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { stringifyJson } from "../../src/streams/json/json.ts";

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
/** 2026-08-01 was a Saturday. */
export const AUGUST_MS = Date.UTC(2026, 7, 1);

const environment = { nowMs: Date.UTC(2026, 10, 1), timeZone: "Europe/Berlin" };
const profiles: Record<string, Record<string, unknown>> = { ann: { plan: "pro" }, bob: { plan: "free", age: 30 } };

/** What happened: events in the order in which they came, some of them deleted, some ids joined to another. */
export interface History {
  events: AnalyticsEvent[];
  /** Indexes of events that are deleted, or in whose place a copy has come. */
  hidden?: readonly number[];
  /** Ids, and the ids that their people are known by. */
  joined?: ReadonlyMap<string, string>;
}

/** An event at a time such as `2026-08-01T10:00:00Z`. */
export function eventAt(
  time: string,
  name = "Open",
  distinctId = "ann",
  properties: Record<string, unknown> = {},
): AnalyticsEvent {
  return { name, timeMs: Date.parse(time), distinctId, properties };
}

/** What happened, as reports look at it. */
export class EventLab {
  readonly view: EventView;
  /** The same as a list: what is not deleted, under the ids that people are known by, in the order of time. */
  readonly events: readonly AnalyticsEvent[];

  constructor(history: History | AnalyticsEvent[]) {
    const { events, hidden = [], joined } = Array.isArray(history) ? { events: history } as History : history;
    this.view = viewOf(events, hidden, joined);
    this.events = events.filter((_, index) => !hidden.includes(index))
      .map((event) => ({ ...event, distinctId: joined?.get(event.distinctId) ?? event.distinctId }))
      .sort((a, b) => a.timeMs - b.timeMs);
  }

  /** An expression, for the table. */
  on(text: string): ColumnExpression {
    return new ColumnExpression(this.view, parseExpression(text), environment, (id) => profiles[id]);
  }

  where(text: string): ColumnFilter {
    return new ColumnFilter(this.on(text));
  }

  /** The same, for a plain event. */
  static slowOn(text: string): (event: AnalyticsEvent) => unknown {
    const evaluate = compileExpression(parseExpression(text), environment);
    return (event) => evaluate({ properties: event.properties, event, user: profiles[event.distinctId] });
  }

  static slowWhere(text: string): (event: AnalyticsEvent) => boolean {
    const evaluate = EventLab.slowOn(text);
    return (event) => evaluate(event) === true;
  }
}

function viewOf(
  events: readonly AnalyticsEvent[],
  hidden: readonly number[],
  joined: ReadonlyMap<string, string> | undefined,
): EventView {
  const table = new EventTable();
  for (const { properties, ...event } of events) table.append({ ...event, properties: stringifyJson(properties) });
  for (const index of hidden) table.hide(index);
  if (joined === undefined) return new EventView(table);
  const pairs = [...joined].map(([id, canonical]) => [codeOf(table.people, id), codeOf(table.people, canonical)]);
  const codes = Uint32Array.from({ length: table.people.count }, (_, code) => code);
  for (const [code, canonical] of pairs) codes[code!] = canonical!;
  return new EventView(table, codes);
}

const value = fc.oneof(
  fc.constantFrom<unknown>("US", "DE", "__proto__", "constructor", "undefined", "", 1, "1", 2.5, -1.5e-7, true, null),
  fc.constantFrom<unknown>(9007199254740993n, { a: 1 }, { a: [null] }, 1e300, "é", [["a"]], [], "2026-08-02"),
  fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
);

/** A few hours, minutes or seconds apart: some moments are shared, others are nearly the same. */
const timeMs = fc.oneof(
  fc.integer({ min: -24, max: 24 * 12 }).map((hours) => AUGUST_MS + hours * HOUR_MS),
  fc.integer({ min: 0, max: 40 }).map((seconds) => AUGUST_MS + DAY_MS + seconds * 500),
  // The clock of Berlin goes back on 2026-10-25, and forward on 2026-03-29.
  fc.integer({ min: -4, max: 30 }).map((hours) => Date.UTC(2026, 9, 24, 22) + hours * HOUR_MS / 2),
  fc.integer({ min: -4, max: 30 }).map((hours) => Date.UTC(2026, 2, 28, 23) + hours * HOUR_MS / 2),
);

const event: fc.Arbitrary<AnalyticsEvent> = fc.record({
  name: fc.constantFrom("Open", "View", "Buy"),
  timeMs,
  distinctId: fc.constantFrom("ann", "bob", "cat", "device", ""),
  properties: fc.record({
    value,
    amount: fc.oneof(fc.integer({ min: -50, max: 500 }), value),
    ok: fc.boolean(),
    __proto__: value,
  }, { requiredKeys: [] }).map((properties) => ({ ...properties })),
});

/** A few people doing a few things: few enough of each that they meet; late, deleted and joined ones among them. */
export const arbitraryHistory: fc.Arbitrary<History> = fc.record({
  events: fc.array(event, { maxLength: 60 }),
  hidden: fc.array(fc.nat(59), { maxLength: 5 }),
  joined: fc.constantFrom(
    undefined,
    new Map([["device", "ann"]]),
    new Map([["bob", "ann"], ["device", "nowhere"]]),
  ),
}).map(({ events, hidden, joined }) => ({ events, hidden: hidden.filter((index) => index < events.length), joined }));

/** Conditions of all kinds: on one property, on two, on whom and when, and on nothing. */
export const CONDITIONS = [
  `true`,
  `properties["value"] == "US" or properties["value"] == 1`,
  `not "a" in properties["value"]`,
  `defined(properties["amount"]) and properties["amount"] > 100`,
  `properties["amount"] == properties["value"]`,
  `user["plan"] == "pro" or user["age"] > 20`,
  `event["$time"] >= datetime("2026-08-03") and properties["ok"]`,
  `event["name"] != "View"`,
  `properties["$distinct_id"] in ["ann", "cat"]`,
  `properties["missing"] == 1`,
  `not defined(properties["missing"])`,
] as const;

/** Values of all kinds. */
export const VALUES = [
  `properties["value"]`,
  `properties["amount"]`,
  `properties["constructor"]`,
  `number(properties["value"]) + 1`,
  `string(properties["amount"])`,
  `properties["value"] == properties["amount"]`,
  `datetime(properties["value"])`,
  `user["plan"]`,
  `properties["distinct_id"]`,
  `event["name"]`,
  `floor(properties["time"] / 86400)`,
  `properties["missing"]`,
] as const;
