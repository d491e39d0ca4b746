/** Gathers, person by person, the events that a funnel looks at. */
import { stringifyJson } from "../../streams/json/json.ts";
import { dayAt, startOfDayMs } from "../calendar.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, type Place } from "../rows/row_value.ts";
import type { FunnelRules, SessionRules } from "./funnel_rules.ts";
import { Journey } from "./journey.ts";

/** Mixpanel's default, which a project may change. */
const DEFAULT_SESSIONS: SessionRules = { timeoutMs: 30 * 60_000, timeZone: "UTC" };
/** An event without one of the values that are held constant. */
const NOT_HELD = -1;

/** What an event of a name may be. */
interface Role {
  kind: "step" | "exclusion";
  index: number;
  passes?: (place: Place) => boolean;
}

/** Calls `visit` with the journey of each person who may enter; the same object each time. */
export function walkJourneys(view: EventView, rules: FunnelRules, visit: (journey: Journey) => void): void {
  const { buckets, windowMs } = rules;
  const { starts, timesMs, names, places } = view.byPerson;
  const roles = rolesByName(view, rules);
  const heldOf = holder(view, rules);
  const sessionOf = needsSessions(rules) ? sessionCounter(rules.sessions ?? DEFAULT_SESSIONS) : undefined;
  const endMs = buckets.endMs + windowMs;
  const journey = new Journey(rules);
  for (let person = 1; person + 1 < starts.length; person++) {
    journey.clear();
    let session = 0;
    const end = starts[person + 1]!;
    for (let at = starts[person]!; at < end; at++) {
      const timeMs = timesMs[at]!;
      // Each event belongs to a session, whether or not the funnel looks at it.
      if (sessionOf !== undefined) session = sessionOf(person, timeMs);
      const candidates = roles[names[at]!];
      if (candidates === undefined || timeMs < buckets.startMs || timeMs > endMs) continue;
      addEvent(journey, candidates, { timeMs, place: places[at]!, session }, heldOf);
    }
    if (journey.entries.length > 0) visit(journey);
  }
}

function addEvent(
  journey: Journey,
  candidates: readonly Role[],
  { timeMs, place, session }: { timeMs: number; place: Place; session: number },
  heldOf: (place: Place) => number,
): void {
  let position = -1;
  for (const { kind, index, passes } of candidates) {
    if (passes !== undefined && !passes(place)) continue;
    if (position < 0) position = journey.add(timeMs, place, session, heldOf(place));
    if (kind === "exclusion") journey.addExclusion(index, position);
    else if (journey.held[position] !== NOT_HELD) journey.addStep(index, position);
  }
}

function rolesByName(view: EventView, { steps, exclusions = [], where }: FunnelRules): (readonly Role[] | undefined)[] {
  const roles: Role[][] = [];
  const overall = where && acrossChunks(view.chunks, where);
  const add = (kind: Role["kind"], index: number, { event, where: own }: FunnelRules["steps"][number]) => {
    const code = view.table.names.find(event);
    if (code < 0) return;
    const passes = own && acrossChunks(view.chunks, own);
    const both = passes && overall ? (place: Place) => overall(place) && passes(place) : passes ?? overall;
    (roles[code] ??= []).push({ kind, index, passes: both });
  };
  for (const [index, step] of steps.entries()) add("step", index, step);
  for (const [index, exclusion] of exclusions.entries()) add("exclusion", index, exclusion);
  return roles;
}

/** A number for the values that an event has of what is held constant. */
function holder(view: EventView, { holding = [] }: FunnelRules): (place: Place) => number {
  if (holding.length === 0) return () => 0;
  const values = holding.map((value) => acrossChunks(view.chunks, value));
  const numbers = new Map<string, number>();
  return (place) => {
    const found = values.map((valueOf) => valueOf(place));
    if (found.includes(undefined)) return NOT_HELD;
    const key = stringifyJson(found);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, number = numbers.size);
    return number;
  };
}

function needsSessions({ counting, windowSessions }: FunnelRules): boolean {
  return counting === "sessions" || windowSessions !== undefined;
}

/** Numbers the sessions of people whose events come in the order of time. */
function sessionCounter({ timeoutMs, timeZone }: SessionRules): (person: number, timeMs: number) => number {
  let session = 0;
  let lastPerson = -1;
  let lastMs = 0;
  let [dayStartMs, dayEndMs] = [0, 0];
  return (person, timeMs) => {
    const isSameDay = timeMs >= dayStartMs && timeMs < dayEndMs;
    if (!isSameDay) {
      const day = dayAt(timeMs, timeZone);
      dayStartMs = startOfDayMs(day, timeZone);
      dayEndMs = startOfDayMs(day.add({ days: 1 }), timeZone);
    }
    if (person !== lastPerson || timeMs - lastMs > timeoutMs || !isSameDay) session++;
    lastPerson = person;
    lastMs = timeMs;
    return session;
  };
}
