/** The events and profiles that a JQL script asks for, in its form. */
import type { AnalyticsEvent } from "../../analytics/event.ts";
import type { Call } from "../call.ts";
import { storedZone } from "../ingestion/event_time.ts";
import { isObject } from "../ingestion/record.ts";
import { boundsOf } from "../query/days.ts";
import { eventFilter, profileFilter, tupleFilter } from "../query/expressions.ts";
import type { Profile } from "../store/profiles.ts";
import { ScriptError } from "./interpreter.ts";

/** As `Events()` says it. */
export interface EventsSource {
  kind: "events";
  fromDay: string;
  toDay: string;
  selectors?: unknown;
}

/** As `People()` says it. */
export interface PeopleSource {
  kind: "people";
  selectors?: unknown;
}

export interface JoinSource {
  kind: "join";
  events: EventsSource;
  people: PeopleSource;
  type: "full" | "left" | "right" | "inner";
  selectors?: unknown;
}

export type Source = EventsSource | PeopleSource | JoinSource;

/** `[{event, selector}, …]`, as all three take it; one of them must hold. */
interface Selector {
  event?: string;
  selector?: string;
}

/** An event as a script sees it. `time` is in milliseconds of the project's clock. */
export interface EventItem {
  name: string;
  distinct_id: string;
  time: number;
  sampling_factor: 1;
  properties: Record<string, unknown>;
}

export interface UserItem {
  distinct_id: string;
  /** When Mixpanel last heard of the user. */
  time?: number;
  properties: Record<string, unknown>;
}

/** The events of a range of days that match one of the selectors, in the order of time. */
export function* eventsOf(call: Call, source: EventsSource): Generator<AnalyticsEvent, void> {
  const { fromDay, toDay } = source;
  if (fromDay > toDay) throw new ScriptError("to_date cannot be before from_date");
  const selectors = selectorsOf(source.selectors, "event_selectors");
  const names = selectors?.map(({ event }) => event);
  const tests = selectors?.map(({ event, selector }) => {
    const filter = selector === undefined ? undefined : eventFilter(call, selector);
    return (one: AnalyticsEvent) => (event === undefined || one.name === event) && (filter?.evaluate(one) ?? true);
  });
  const range = {
    ...boundsOf({ fromDay, toDay }, storedZone(call.project)),
    names: names?.every((name) => name !== undefined) ? names as string[] : undefined,
  };
  for (const event of call.store.events.read(call.project.id, range)) {
    if (tests === undefined || tests.some((test) => test(event))) yield event;
  }
}

/** The profiles that match one of the selectors. */
export function* peopleOf(call: Call, source: PeopleSource): Generator<Profile, void> {
  const tests = selectorsOf(source.selectors, "user_selectors")?.map(({ selector }) =>
    selector === undefined ? () => true : profileFilter(call, selector)
  );
  for (const profile of call.store.profiles.all(call.project.id)) {
    if (tests === undefined || tests.some((test) => test(profile.properties))) yield profile;
  }
}

/** Decides about pairs of an event and a user; undefined lets all through. */
export function pairFilter(
  call: Call,
  source: JoinSource,
): ((event: AnalyticsEvent | undefined, user: Record<string, unknown> | undefined) => boolean) | undefined {
  const tests = selectorsOf(source.selectors, "selectors")?.map(({ event: name, selector }) => {
    const filter = selector === undefined ? undefined : tupleFilter(call, selector);
    return (event: AnalyticsEvent | undefined, user: Record<string, unknown> | undefined) =>
      (name === undefined || event?.name === name) && (filter?.(event, user) ?? true);
  });
  return tests && ((event, user) => tests.some((test) => test(event, user)));
}

export function eventItem({ name, timeMs, distinctId, properties }: AnalyticsEvent, clock: LocalClock): EventItem {
  const { distinct_id: _id, ...rest } = properties;
  return { name, distinct_id: distinctId, time: clock.toLocalMs(timeMs), sampling_factor: 1, properties: rest };
}

export function userItem({ distinctId, properties }: Profile): UserItem {
  const lastSeen = typeof properties.$last_seen === "string"
    ? Date.parse(`${properties.$last_seen.slice(0, 19)}Z`)
    : NaN;
  return { distinct_id: distinctId, ...(Number.isNaN(lastSeen) ? {} : { time: lastSeen }), properties };
}

/** The project's clock, counted as if it were UTC. The offset is looked up once for each quarter of an hour. */
export class LocalClock {
  readonly #offsetsByQuarter = new Map<number, number>();

  constructor(private readonly timeZone: string) {}

  toLocalMs(timeMs: number): number {
    if (this.timeZone === "UTC") return timeMs;
    const quarter = Math.floor(timeMs / 900_000);
    let offsetMs = this.#offsetsByQuarter.get(quarter);
    if (offsetMs === undefined) {
      const moment = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(this.timeZone);
      offsetMs = moment.offsetNanoseconds / 1e6;
      this.#offsetsByQuarter.set(quarter, offsetMs);
    }
    return timeMs + offsetMs;
  }
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
