/** The events and profiles that a JQL script asks for, in its form. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import { readEvents } from "../../analytics/rows/read_events.ts";
import type { ZoneClock } from "../../expressions/moment.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { boundsOf } from "../query/days.ts";
import { eventFilter, profileFilter, tupleFilter } from "../query/expressions.ts";
import type { Profile } from "../store/profiles.ts";
import { ScriptError } from "./script.ts";
import type { EventsSource, JoinSource, PeopleSource } from "./prelude/source.ts";

/** `[{event, selector}, …]`, as all three take it; one of them must hold. */
interface Selector {
  event?: string;
  selector?: string;
}

/** An event as a script sees it. `time` is in milliseconds of the project's clock. */
interface EventItem {
  name: string;
  distinct_id: string;
  time: number;
  sampling_factor: 1;
  properties: Record<string, unknown>;
}

interface UserItem {
  distinct_id: string;
  /** When Mixpanel last heard of the user. */
  time?: number;
  properties: Record<string, unknown>;
}

/** The events of a range of days that match one of the selectors, in the order of time. */
export function* eventsOf(call: SandboxCall, source: EventsSource): Generator<AnalyticsEvent, void> {
  const { fromDay, toDay } = source;
  if (fromDay > toDay) throw new ScriptError("to_date cannot be before from_date");
  const selectors = selectorsOf(source.selectors, "event_selectors");
  const names = selectors?.map(({ event }) => event);
  const tests = selectors?.map(({ event, selector }) => {
    const filter = selector === undefined ? undefined : eventFilter(call, selector);
    return (one: AnalyticsEvent) => (event === undefined || one.name === event) && (filter?.(one) ?? true);
  });
  const range = {
    ...boundsOf({ fromDay, toDay }, storedZone(call.project)),
    names: names?.every((name) => name !== undefined) ? names as string[] : undefined,
  };
  for (const event of readEvents(call.store.views.asSent(call.project.id), range)) {
    if (tests === undefined || tests.some((test) => test(event))) yield event;
  }
}

/** The profiles that match one of the selectors. */
export function* peopleOf(call: SandboxCall, source: PeopleSource): Generator<Profile, void> {
  const tests = selectorsOf(source.selectors, "user_selectors")?.map(({ selector }) =>
    selector === undefined ? () => true : profileFilter(call, selector)
  );
  for (const profile of call.store.profiles.all(call.project.id)) {
    if (tests === undefined || tests.some((test) => test(profile.properties))) yield profile;
  }
}

/** Decides about pairs of an event and a user; undefined lets all through. */
export function pairFilter(
  call: SandboxCall,
  source: JoinSource,
): ((event: AnalyticsEvent | undefined, user: Record<string, unknown> | undefined) => boolean) | undefined {
  const tests = selectorsOf(source.selectors, "selectors")?.map(({ event: name, selector }) => {
    const filter = selector === undefined ? undefined : tupleFilter(call, selector);
    return (event: AnalyticsEvent | undefined, user: Record<string, unknown> | undefined) =>
      (name === undefined || event?.name === name) && (filter?.(event, user) ?? true);
  });
  return tests && ((event, user) => tests.some((test) => test(event, user)));
}

export function eventItem({ name, timeMs, distinctId, properties }: AnalyticsEvent, clock: ZoneClock): EventItem {
  const { distinct_id: _id, ...rest } = properties;
  return { name, distinct_id: distinctId, time: clock.toLocalMs(timeMs), sampling_factor: 1, properties: rest };
}

export function userItem({ distinctId, properties }: Profile): UserItem {
  const lastSeen = typeof properties.$last_seen === "string"
    ? Date.parse(`${properties.$last_seen.slice(0, 19)}Z`)
    : NaN;
  return { distinct_id: distinctId, ...(Number.isNaN(lastSeen) ? {} : { time: lastSeen }), properties };
}

function selectorsOf(given: unknown, name: string): Selector[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (!Array.isArray(given)) throw new ScriptError(`${name} must be a list`);
  if (given.length === 0) return undefined;
  return given.map((one): Selector => {
    if (!isObject(one)) throw new ScriptError(`${name} must be a list of objects`);
    const { event, selector } = one;
    if (event !== undefined && event !== null && typeof event !== "string") {
      throw new ScriptError(`${name}: an event is named by a string`);
    }
    return {
      event: event ?? undefined,
      selector: typeof selector === "string" && selector.trim() !== "" ? selector : undefined,
    };
  });
}
