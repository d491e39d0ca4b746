/** The simulation behind the demo's data: who comes on which day, and who stays away. */
import { FREE_PLAN } from "./catalogue.ts";
import { type Person, Population } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { dailyBudgets, DAY_SECONDS, LONGEST_VISIT_SECONDS, visitSecond } from "./rhythm.ts";
import { type DemoEvent, MOST_EVENTS, visit } from "./visit.ts";

/** What a run of the simulation is about. */
export interface Simulation {
  firstSecond: number;
  days: number;
  events: number;
  seed: number;
  firstCustomerNumber: number;
  /** What comes later than this second has not happened yet. Default: the last day is over. */
  endSecond?: number;
}

/** Plays day after day; yields the events and returns everybody who is or will be a customer, as they are at the end. */
export function* simulate(simulation: Simulation): Generator<DemoEvent, Person[]> {
  const { firstSecond, days, events, endSecond = Infinity } = simulation;
  const random = createRandom(simulation.seed);
  const population = new Population(random, simulation.firstCustomerNumber);
  const regulars: Person[] = [];
  for (let count = Math.ceil(events / 110); count > 0; count--) regulars.push(population.oldCustomer(firstSecond));

  // Visits of a day are played in no order of time: of whoever is changed by a later one, the state before it counts.
  const atEnd = new Map<Person, Person>();
  let surplus = 0;
  for (const [index, budget] of dailyBudgets(firstSecond, days, events).entries()) {
    const appVersion = index < days * 0.55 ? "4.2.0" : "4.3.0";
    const today: DemoEvent[] = [];
    const daySecond = firstSecond + index * DAY_SECONDS;
    while (today.length < budget - surplus) {
      // The shop sells something on every day that anybody comes, if need be during what may be the last visit.
      const mayBeLast = budget - surplus - today.length <= MOST_EVENTS;
      const isSale = mayBeLast && !today.some(({ event }) => event === "Purchase");
      const at = random.chance(0.3) ? -1 : random.between(0, regulars.length - 1);
      const person = regulars[at] ?? population.newcomer(daySecond);
      if (isSale && !person.isCustomer) continue;
      const start = nextVisit(person, daySecond, random);
      if (start === undefined) continue;
      const onNext = (seconds: number) => {
        if (seconds > endSecond && !atEnd.has(person)) atEnd.set(person, copyOf(person));
      };
      visit(person, { startSeconds: start, appVersion, isSale, onNext }, random, today);
      const place = regulars[at] === person ? at : regulars.push(person) - 1;
      if (random.chance(leaving(person))) {
        regulars[place] = regulars.at(-1)!;
        regulars.pop();
      }
    }
    surplus += today.length - budget;
    const timeOf = ({ properties }: DemoEvent) => properties.time as number;
    yield* today.filter((event) => timeOf(event) <= endSecond).sort((one, other) => timeOf(one) - timeOf(other));
  }
  return population.customers.map((person) => atEnd.get(person) ?? person);
}

/** A person whose later changes are not seen. */
function copyOf(person: Person): Person {
  return { ...person, categories: [...person.categories] };
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
