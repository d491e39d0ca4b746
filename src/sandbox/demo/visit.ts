/** What somebody does during one visit to the demo's shop. */
import {
  CANCEL_REASONS,
  FREE_PLAN,
  PAGES,
  type Plan,
  PLANS,
  type Product,
  PRODUCTS,
  REVIEWS,
  SEARCHES,
} from "./catalogue.ts";
import type { Device } from "./origins.ts";
import type { Person } from "./people.ts";
import { type Random, weighted } from "./random.ts";

/** An event in Mixpanel's own form; `properties.time` is in seconds. */
export interface DemoEvent {
  event: string;
  properties: Record<string, unknown>;
}

const drawProduct = weighted(PRODUCTS);
const drawReview = weighted(REVIEWS);
const drawPlan = weighted(PLANS);

/** Most events that one visit has; with the longest pause between two it stays under an hour. */
export const MOST_EVENTS = 36;
const PAUSE_SECONDS = { shortest: 4, longest: 95 };

interface VisitOptions {
  startSeconds: number;
  appVersion: string;
  /** Whether it ends with a purchase, whatever else happens. Only for a customer. */
  isSale: boolean;
  /** Called with the time of what comes next, before it changes the person. */
  onNext(seconds: number): void;
}

/** Plays a visit, adds its events to `events`, and updates the person. */
export function visit(person: Person, options: VisitOptions, random: Random, events: DemoEvent[]): void {
  new Visit(person, options, random, events).play();
}

class Visit {
  #person: Person;
  #random: Random;
  #events: DemoEvent[];
  #nowSeconds: number;
  #device: Device;
  /** What every event of the visit says. */
  #context: Record<string, unknown>;
  #left = MOST_EVENTS;
  #options: VisitOptions;

  constructor(person: Person, options: VisitOptions, random: Random, events: DemoEvent[]) {
    this.#person = person;
    this.#random = random;
    this.#events = events;
    this.#options = options;
    this.#nowSeconds = options.startSeconds;
    this.#device = person.devices.length === 1 ? person.devices[0]! : random.pick(person.devices);
    this.#context = {
      $city: person.place.city,
      $region: person.place.region,
      mp_country_code: person.place.country,
      platform: this.#device.platform,
      ...this.#device.properties,
      ...(this.#device.platform === "web" ? {} : { $app_version_string: options.appVersion }),
    };
  }

  play(): void {
    const person = this.#person;
    const isFirst = person.visits === 0 && person.createdSeconds === undefined;
    this.#options.onNext(this.#nowSeconds);
    person.visits++;
    const source = isFirst || this.#random.chance(0.5) ? person.source.properties : {};
    this.#emit("Session Start", { ...source, visit: person.visits });
    this.#look();
    if (isFirst) {
      // Three in ten of those who come for the first time see one page and leave.
      if (!person.isCustomer && this.#random.chance(0.3)) return;
      this.#look();
      if (person.isCustomer) this.#signUp();
    }
    if (this.#random.chance(0.28)) this.#search();
    this.#shop();
    if (person.createdSeconds !== undefined) this.#manageAccount();
    if (this.#random.chance(0.5)) this.#look();
  }

  #emit(event: string, details: Record<string, unknown>): void {
    if (this.#left-- <= 0) return;
    this.#events.push({
      event,
      properties: {
        time: this.#nowSeconds,
        distinct_id: this.#person.distinctId,
        $insert_id: this.#random.hex16(),
        ...this.#context,
        plan: this.#person.plan,
        ...details,
      },
    });
    this.#person.lastSeenSeconds = this.#nowSeconds;
    this.#nowSeconds += this.#random.between(PAUSE_SECONDS.shortest, PAUSE_SECONDS.longest);
    this.#options.onNext(this.#nowSeconds);
  }

  #look(): void {
    for (let pages = this.#random.between(1, 3); pages > 0; pages--) {
      this.#emit("Page View", { page: this.#random.pick(PAGES) });
    }
  }

  #search(): void {
    this.#emit("Search", { query: this.#random.pick(SEARCHES), results: this.#random.between(0, 24) });
  }

  #signUp(): void {
    this.#person.createdSeconds = this.#nowSeconds;
    const method = this.#device.platform === "ios" ? "apple" : this.#random.chance(0.45) ? "google" : "email";
    this.#emit("Sign Up", { method, newsletter: this.#person.newsletter, ...this.#person.source.properties });
  }

  /** From looking at products to paying, each step by fewer. */
  #shop(): void {
    const random = this.#random;
    const person = this.#person;
    if (!this.#goesOn(0.78)) return;
    const viewed: Product[] = [];
    for (let count = random.between(1, 4); count > 0; count--) viewed.push(this.#viewProduct());
    const isSubscriber = person.plan !== FREE_PLAN;
    const readiness = this.#device.buying * person.source.buying * (isSubscriber ? 1.25 : person.isCustomer ? 1 : 0.85);
    if (!this.#goesOn(Math.min(0.8, 0.3 * readiness))) return;
    const cart = random.chance(0.3) ? viewed.slice(0, 3) : [random.pick(viewed)];
    for (const product of cart) this.#emit("Add to Cart", { product: product.name, category: product.category });
    if (!this.#goesOn(Math.min(0.9, 0.62 * Math.sqrt(readiness)))) return;
    const cents = cart.reduce((sum, product) => sum + product.priceCents, 0);
    this.#emit("Begin Checkout", { item_count: cart.length, cart_value: cents / 100 });
    // Buying needs an account; those without one leave at this point.
    if (person.createdSeconds === undefined || !this.#goesOn(0.76)) return;
    this.#purchase(cart, cents);
  }

  #goesOn(probability: number): boolean {
    return this.#random.chance(probability) || this.#options.isSale;
  }

  #viewProduct(): Product {
    const product = drawProduct(this.#random);
    this.#emit("View Product", {
      product: product.name,
      category: product.category,
      price: product.priceCents / 100,
    });
    return product;
  }

  #purchase(cart: Product[], cents: number): void {
    const random = this.#random;
    const person = this.#person;
    if (this.#left <= 0) return;
    const coupon = random.chance(0.14) ? "WELCOME10" : undefined;
    const paidCents = coupon === undefined ? cents : Math.round(cents * 0.9);
    person.purchases++;
    person.revenueCents += paidCents;
    person.lastPurchaseSeconds = this.#nowSeconds;
    for (const product of cart) {
      if (!person.categories.includes(product.category)) person.categories.push(product.category);
    }
    person.bought = cart.map((product) => product.name);
    this.#emit("Purchase", {
      amount: paidCents / 100,
      currency: "USD",
      items: person.bought,
      item_count: cart.length,
      payment: random.pick(["card", "paypal", this.#device.platform === "ios" ? "apple_pay" : "google_pay"]),
      ...(coupon === undefined ? {} : { coupon }),
      first_purchase: person.purchases === 1,
      order: {
        number: 100_000 + (random.uint32() % 900_000),
        gift: random.chance(0.08),
        shipping: { method: random.chance(0.2) ? "express" : "standard", days: random.between(1, 6) },
      },
    });
  }

  #manageAccount(): void {
    const random = this.#random;
    const person = this.#person;
    if (person.bought.length > 0 && random.chance(0.12)) {
      const review = drawReview(random);
      this.#emit("Write Review", { product: random.pick(person.bought), rating: review.rating, text: review.text });
    }
    if (this.#left <= 0) return;
    if (person.plan === FREE_PLAN) {
      if (random.chance(person.purchases > 0 ? 0.05 : 0.012)) this.#subscribe(drawPlan(random));
    } else if (random.chance(0.012)) {
      const reason = random.pick(CANCEL_REASONS);
      const cancelled = person.plan;
      person.plan = FREE_PLAN;
      this.#emit("Subscription Cancel", { cancelled_plan: cancelled, reason });
    } else if (random.chance(0.015)) {
      const others = PLANS.filter((plan) => plan.name !== person.plan);
      const from = person.plan;
      const plan = random.pick(others);
      person.plan = plan.name;
      this.#emit("Plan Change", { from, to: plan.name, price: plan.priceCents / 100 });
    }
  }

  #subscribe(plan: Plan): void {
    this.#person.plan = plan.name;
    this.#emit("Subscription Start", { price: plan.priceCents / 100, billing: "monthly" });
  }
}
