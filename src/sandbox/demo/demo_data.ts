/**
 * The demo's data: two months in the life of a coffee shop with a web site and two apps.
 *
 * It is made up by a simulation, day by day, and the same options always give the same bytes. People come, look
 * around, sign up, buy, subscribe and stay away; business grows, weekends are quiet, mornings and evenings are not.
 */
import { inputError } from "../../errors.ts";
import type { Profile } from "../store/profiles.ts";
import { type Person, profileOf } from "./people.ts";
import { DAY_SECONDS, dayStart } from "./rhythm.ts";
import { COHORTS, FUNNELS } from "./saved_reports.ts";
import { simulate, type Simulation } from "./simulation.ts";
import type { DemoEvent } from "./visit.ts";

export interface DemoOptions {
  /** The last day, such as `2026-11-22`, in UTC. */
  endDay: string;
  /** How many days, the last included. Default: 60. */
  days?: number;
  /** About how many events: at most one visit more. Default: 200,000. */
  events?: number;
  /** Another number gives other data. Default: 1. */
  seed?: number;
  /** Up to which moment of the last day things have happened, in seconds since 1970. Default: all day long. */
  endSecond?: number;
}

interface DemoData {
  /** Ordered by time. Each iteration makes them again, holding one day at a time. */
  events: Iterable<DemoEvent>;
  /** Of everyone who has an account, as it stands after the last event. */
  profiles: Iterable<Profile>;
  funnels: typeof FUNNELS;
  cohorts: typeof COHORTS;
}

/** Makes the data set. Throws an input error for an impossible day or count. */
export function demoData(options: DemoOptions): DemoData {
  const simulation: Simulation = {
    firstSecond: dayStart(options.endDay) - (count("days", options.days ?? 60) - 1) * DAY_SECONDS,
    days: options.days ?? 60,
    events: count("events", options.events ?? 200_000),
    seed: options.seed ?? 1,
    firstCustomerNumber: 10_001,
    endSecond: options.endSecond,
  };
  let customers: Person[] | undefined;
  function* events() {
    customers = yield* simulate(simulation);
  }
  function* profiles() {
    // The last day's state is what counts.
    if (customers === undefined) { for (const _ of events()); }
    for (const person of customers!) {
      if (person.createdSeconds !== undefined) yield { distinctId: person.distinctId, properties: profileOf(person) };
    }
  }
  return {
    events: { [Symbol.iterator]: events },
    profiles: { [Symbol.iterator]: profiles },
    funnels: FUNNELS,
    cohorts: COHORTS,
  };
}

function count(what: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw inputError(`Cannot make demo data with ${value} ${what}: it must be a whole number above 0`);
}
