/** Expressions of a request, compiled for its project. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import { ColumnExpression, ColumnFilter } from "../../analytics/rows/column_expression.ts";
import type { EventView } from "../../analytics/rows/event_view.ts";
import type { RowFilter, RowValue } from "../../analytics/rows/row_value.ts";
import { compileExpression, compileFilter } from "../../expressions/evaluate.ts";
import { parseExpression } from "../../expressions/parse.ts";
import { type Expression, partsOf } from "../../expressions/syntax.ts";
import type { SandboxCall } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { USER_GROUP_KEY } from "../store/profiles.ts";

/**
 * A `where` of a report on events.
 *
 * @throws ExpressionError, which the pipeline answers with 400.
 */
export function rowFilter(call: SandboxCall, view: EventView, text: string): RowFilter {
  return new ColumnFilter(rowValue(call, view, text));
}

/** An `on` of a report on events. */
export function rowValue(call: SandboxCall, view: EventView, text: string): ColumnExpression {
  return columnsOf(call, view, parseExpression(text));
}

/** What one property has. `event` is for fields of the event itself, such as its name. */
export function propertyValueOf(
  call: SandboxCall,
  view: EventView,
  source: "properties" | "user" | "event",
  name: string,
): RowValue {
  return columnsOf(call, view, { kind: "reference", source, name, start: 0, end: 0 });
}

function columnsOf(call: SandboxCall, view: EventView, expression: Expression): ColumnExpression {
  const { store: { profiles }, project } = call;
  const profileOf = (distinctId: string) => profiles.get(project.id, USER_GROUP_KEY, distinctId);
  return new ColumnExpression(view, expression, environmentOf(call), profileOf);
}

/** A `where` on whole events, one by one. */
export function eventFilter(call: SandboxCall, text: string): (event: AnalyticsEvent) => boolean {
  const expression = parseExpression(text);
  const matches = compileFilter(expression, environmentOf(call));
  const scopeOf = scopeBuilder(call, expression);
  return (event) => matches(scopeOf(event));
}

/** A `where` on profiles. `behaviors` has how often each user did what the request asks about. */
export function profileFilter(
  call: SandboxCall,
  text: string,
): (properties: Record<string, unknown>, behaviors?: Record<string, number>) => boolean {
  const matches = compileFilter(parseExpression(text), environmentOf(call));
  return (properties, behaviors) => matches({ properties, user: properties, behaviors });
}

/** The value of an expression on profiles, such as what they are sorted by. */
export function profileValue(call: SandboxCall, text: string): (properties: Record<string, unknown>) => unknown {
  const valueOf = compileExpression(parseExpression(text), environmentOf(call));
  return (properties) => valueOf({ properties, user: properties });
}

/** A `selector` on pairs of an event and a user, either of which may be missing. */
export function tupleFilter(
  call: SandboxCall,
  text: string,
): (event: AnalyticsEvent | undefined, user: Record<string, unknown> | undefined) => boolean {
  const matches = compileFilter(parseExpression(text), environmentOf(call));
  return (event, user) => matches({ properties: event?.properties ?? {}, event, user });
}

function environmentOf({ nowMs, project }: SandboxCall): { nowMs: number; timeZone: string } {
  return { nowMs, timeZone: storedZone(project) };
}

interface EventScope {
  properties: Record<string, unknown>;
  event: AnalyticsEvent;
  user?: Record<string, unknown>;
}

/** Profiles are only looked up for expressions that ask for them, and once each. */
function scopeBuilder(call: SandboxCall, expression: Expression): (event: AnalyticsEvent) => EventScope {
  if (!readsUsers(expression)) return (event) => ({ properties: event.properties, event });
  const users = new Map<string, Record<string, unknown> | undefined>();
  const { store: { profiles }, project } = call;
  return (event) => {
    if (!users.has(event.distinctId)) {
      users.set(event.distinctId, profiles.get(project.id, USER_GROUP_KEY, event.distinctId));
    }
    return { properties: event.properties, event, user: users.get(event.distinctId) };
  };
}

function readsUsers(expression: Expression): boolean {
  if (expression.kind === "reference") return expression.source === "user";
  return partsOf(expression).some(readsUsers);
}
