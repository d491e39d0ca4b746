/** The simulation behind the demo's data: who comes on which day, and who stays away. */
import { FREE_PLAN } from "./catalogue.ts";
import { type Person, Population } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { dailyBudgets, DAY_SECONDS, LONGEST_VISIT_SECONDS, visitSecond } from "./rhythm.ts";
import { type DemoEvent, visit } from "./visit.ts";

/** What a run of the simulation is about. */
export interface Simulation {
  firstSecond: number;
  days: number;
  events: number;
  seed: number;
  firstCustomerNumber: number;
}

/** Plays day after day; yields the events and returns the people. */
export function* simulate(simulation: Simulation): Generator<DemoEvent, Population> {
  const { firstSecond, days, events } = simulation;
  const random = createRandom(simulation.seed);
  const population = new Population(random, simulation.firstCustomerNumber);
  const regulars: Person[] = [];
  for (let count = Math.ceil(events / 110); count > 0; count--) regulars.push(population.oldCustomer(firstSecond));

  let surplus = 0;
  for (const [index, budget] of dailyBudgets(firstSecond, days, events).entries()) {
    const appVersion = index < days * 0.55 ? "4.2.0" : "4.3.0";
    const today: DemoEvent[] = [];
    const daySecond = firstSecond + index * DAY_SECONDS;
    while (today.length < budget - surplus) {
      const at = random.chance(0.3) ? -1 : random.between(0, regulars.length - 1);
      const person = regulars[at] ?? population.newcomer(daySecond);
      const start = nextVisit(person, daySecond, random);
      if (start === undefined) continue;
      visit(person, start, appVersion, random, today);
      const place = regulars[at] === person ? at : regulars.push(person) - 1;
      if (random.chance(leaving(person))) {
        regulars[place] = regulars.at(-1)!;
        regulars.pop();
      }
    }
    surplus += today.length - budget;
    yield* today.sort((one, other) => (one.properties.time as number) - (other.properties.time as number));
  }
  return population;
}

/** When somebody comes on a day: well after the last visit; undefined when the day is over by then. */
function nextVisit(person: Person, daySecond: number, random: Random): number | undefined {
  const start = daySecond + visitSecond(random, person.place.utcOffsetHours);
  if (start > person.lastSeenSeconds + 1800 || person.lastSeenSeconds <= daySecond) return start;
  const later = person.lastSeenSeconds + random.between(1800, 14_400);
  return later <= daySecond + DAY_SECONDS - LONGEST_VISIT_SECONDS ? later : undefined;
}

/** The probability that a visit was somebody's last. */
function leaving(person: Person): number {
  if (person.createdSeconds === undefined) return 0.6;
  if (person.plan !== FREE_PLAN) return 0.015;
  return person.purchases > 0 ? 0.045 : 0.11;
}
