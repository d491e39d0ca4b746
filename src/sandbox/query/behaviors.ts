/** `behaviors` of a profile query: what people did lately, to be named in `where`. */
import { isObject } from "../../streams/json/is_object.ts";
import { visitRows } from "../../analytics/rows/scan.ts";
import { spanOfTime } from "../../analytics/time_buckets.ts";
import type { RowFilter } from "../../analytics/rows/row_value.ts";
import type { SandboxCall } from "../call.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { rowFilter } from "./expressions.ts";
import { eventViewOf, reportClock } from "./report.ts";

const WINDOW_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** How often each user did each behaviour. Everyone has a number, zero included. */
type BehaviorsOf = (distinctId: string) => Record<string, number>;

/**
 * Counts the events that a request's behaviours name: `[{"window": "30d", "name": "bought", "event_selectors":
 * [{"event": "Buy"}]}]`. Undefined when the request has none.
 *
 * @throws Refusal 400 for anything else.
 */
export function behaviorsOf(call: SandboxCall, fields: Fields): BehaviorsOf | undefined {
  const behaviors = fields.json("behaviors");
  if (behaviors === undefined) return undefined;
  if (!Array.isArray(behaviors)) throw new Refusal(400, "Invalid parameter behaviors: it is not a list");
  const asOfSeconds = fields.count("as_of_timestamp");
  const nowMs = asOfSeconds === undefined ? reportClock(call).nowMs : asOfSeconds * 1000;
  const countsByName = new Map(behaviors.map((behavior) => countBehavior(call, behavior, nowMs)));
  const view = eventViewOf(call);
  return (distinctId) => {
    const person = view.personWithId(distinctId);
    return Object.fromEntries([...countsByName].map(([name, counts]) => [name, counts[person] ?? 0]));
  };
}

function countBehavior(
  call: SandboxCall,
  behavior: unknown,
  nowMs: number,
): [name: string, countsByPerson: Float64Array] {
  const { name, window, event_selectors: selectors } = isObject(behavior) ? behavior : {};
  const length = typeof window === "string" ? /^(\d+)([hdw])$/.exec(window) : null;
  if (typeof name !== "string" || length === null || !Array.isArray(selectors)) {
    throw new Refusal(400, "Invalid parameter behaviors: each needs a name, a window and event_selectors");
  }
  const fromMs = nowMs - Number(length[1]) * WINDOW_MS[length[2]];
  const view = eventViewOf(call);
  const counts = new Float64Array(view.table.people.count);
  const buckets = spanOfTime(fromMs, nowMs + 1);
  for (const { event, where } of selectors.map((selector) => readSelector(call, selector))) {
    visitRows(view, { names: [event], buckets, where }, ({ people }) => (row) => {
      counts[view.personOf(people[row]!)]!++;
    });
  }
  return [name, counts];
}

function readSelector(call: SandboxCall, selector: unknown): { event: string; where?: RowFilter } {
  const { event, selector: condition } = isObject(selector) ? selector : {};
  if (typeof event !== "string") throw new Refusal(400, "Invalid parameter behaviors: a selector needs an event");
  const hasCondition = typeof condition === "string" && condition !== "";
  return { event, where: hasCondition ? rowFilter(call, eventViewOf(call), condition) : undefined };
}
