/** The demo's visitors and customers. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { FREE_PLAN, PLANS } from "./catalogue.ts";
import { DEMO_SOURCES, type DemoSource, type Device, DEVICES, type Place, PLACES } from "./origins.ts";
import { type Random, weighted } from "./random.ts";

/** Somebody who visits the shop, as far as the days have gone. */
export interface Person {
  distinctId: string;
  place: Place;
  devices: Device[];
  source: DemoSource;
  /** Whether this person has, or will have at the first visit, an account. Others stay anonymous visitors. */
  isCustomer: boolean;
  /** When the account was made, in seconds; undefined before that, and for anonymous visitors always. */
  createdSeconds?: number;
  name: string;
  email: string;
  newsletter: boolean;
  plan: string;
  purchases: number;
  revenueCents: number;
  lastPurchaseSeconds?: number;
  /** Names of products bought, the last ones, for reviews. */
  bought: string[];
  categories: string[];
  visits: number;
  lastSeenSeconds: number;
}

const drawPlace = weighted(PLACES);
const drawDevice = weighted(DEVICES);
const drawSource = weighted(DEMO_SOURCES);
const drawPlan = weighted(PLANS);

// deno-fmt-ignore
const FIRST_NAMES = [
  "Ana", "Ben", "Chloé", "Dev", "Eva", "Felix", "Grace", "Hiro", "Inês", "Jürgen", "Kasia", "Liam", "Mia", "Nils",
  "Olga", "Priya", "Quinn", "Rosa", "Søren", "Tom", "Uma", "Vera", "Will", "Ximena", "Yuki", "Zoë", "Łukasz", "Noor",
];
// deno-fmt-ignore
const LAST_NAMES = [
  "Almeida", "Brown", "Chen", "Dubois", "Eriksen", "Fischer", "García", "Hughes", "Iyer", "Jensen", "Kowalska", "Lopez",
  "Müller", "Nakamura", "O'Brien", "Patel", "Quiroga", "Rossi", "Schmidt", "Tanaka", "Uddin", "Varga", "Weber", "Young",
];

/** Makes people, one after another, with customer numbers from `firstNumber` on. */
export class Population {
  #random: Random;
  #number: number;
  /** Every customer so far, also those who no longer come. */
  readonly customers: Person[] = [];

  constructor(random: Random, firstNumber: number) {
    this.#random = random;
    this.#number = firstNumber;
  }

  /** Somebody who comes for the first time. */
  newcomer(nowSeconds: number): Person {
    const random = this.#random;
    const source = drawSource(random);
    const person = this.#create(random.chance(0.24 * source.buying), source, nowSeconds);
    if (person.isCustomer) this.customers.push(person);
    return person;
  }

  /** Somebody who had an account before the first day. */
  oldCustomer(firstSecond: number): Person {
    const random = this.#random;
    const person = this.#create(true, drawSource(random), 0);
    person.createdSeconds = firstSecond - random.between(3600, 400 * 86_400);
    person.lastSeenSeconds = Math.max(person.createdSeconds, firstSecond - random.between(60, 30 * 86_400));
    if (random.chance(0.22)) person.plan = drawPlan(random).name;
    this.customers.push(person);
    return person;
  }

  #create(isCustomer: boolean, source: DemoSource, nowSeconds: number): Person {
    const random = this.#random;
    const devices = [drawDevice(random)];
    if (random.chance(0.15)) devices.push(drawDevice(random));
    const first = random.pick(FIRST_NAMES);
    const last = random.pick(LAST_NAMES);
    const number = isCustomer ? this.#number++ : 0;
    return {
      distinctId: isCustomer ? `customer-${number}` : `$device:${random.hex16()}`,
      place: drawPlace(random),
      devices,
      source,
      isCustomer,
      name: `${first} ${last}`,
      email: `${asciiOnly(first)}.${asciiOnly(last)}.${number}@example.com`,
      newsletter: random.chance(0.4),
      plan: FREE_PLAN,
      purchases: 0,
      revenueCents: 0,
      bought: [],
      categories: [],
      visits: 0,
      lastSeenSeconds: nowSeconds,
    };
  }
}

/** The profile of a customer, as Mixpanel would hold it after what has happened so far. */
export function profileOf(person: Person): Record<string, unknown> {
  return {
    $name: person.name,
    $email: person.email,
    $created: isoSeconds(person.createdSeconds! * 1000),
    $last_seen: isoSeconds(person.lastSeenSeconds * 1000),
    $city: person.place.city,
    $region: person.place.region,
    $country_code: person.place.country,
    plan: person.plan,
    lifetime_revenue: person.revenueCents / 100,
    purchases: person.purchases,
    ...(person.lastPurchaseSeconds === undefined
      ? {}
      : { last_purchase: isoSeconds(person.lastPurchaseSeconds * 1000) }),
    ...(person.source.properties.utm_source === undefined ? {} : {
      initial_utm_source: person.source.properties.utm_source,
    }),
    favourite_categories: person.categories,
    newsletter: person.newsletter,
    preferences: {
      platform: person.devices[0]!.platform,
      notifications: { email: person.newsletter, push: person.devices[0]!.platform !== "web" },
    },
  };
}

/** Letters without their accents and in lower case; what has no such form is left out. */
function asciiOnly(name: string): string {
  return name.toLowerCase().replaceAll("ø", "o").replaceAll("ł", "l").normalize("NFD").replace(/[^a-z]/g, "");
}
