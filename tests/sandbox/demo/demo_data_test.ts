import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { demoData } from "../../../src/sandbox/demo/demo_data.ts";
import type { DemoEvent } from "../../../src/sandbox/demo/visit.ts";

const END_DAY = "2026-11-22";
const FIRST_SECOND = Date.parse("2026-09-24T00:00:00Z") / 1000;
const DAY_SECONDS = 86_400;

const data = demoData({ endDay: END_DAY });
const events = [...data.events];
const profiles = [...data.profiles];

const digest = (values: Iterable<unknown>) => {
  const hash = createHash("sha256");
  for (const value of values) hash.update(JSON.stringify(value) + "\n");
  return hash.digest("hex");
};
const timeOf = (event: DemoEvent) => event.properties.time as number;
const idOf = (event: DemoEvent) => event.properties.distinct_id as string;
const named = (name: string) => events.filter((event) => event.event === name);

describe("the demo's events", () => {
  it("are about as many as were asked for", () => {
    for (
      const [wanted, made] of [[200_000, events.length], [
        5000,
        [...demoData({ endDay: END_DAY, events: 5000 }).events].length,
      ]]
    ) {
      assert.ok(Math.abs(made! - wanted!) <= wanted! * 0.02, `${made} for ${wanted}`);
    }
  });

  it("lie within the days and are ordered by time", () => {
    assert.ok(timeOf(events[0]!) >= FIRST_SECOND);
    assert.ok(timeOf(events.at(-1)!) < FIRST_SECOND + 60 * DAY_SECONDS);
    assert.ok(events.every((event, index) => index === 0 || timeOf(events[index - 1]!) <= timeOf(event)));
    assert.ok(events.every((event) => Number.isInteger(timeOf(event))));
  });

  it("come on every day, also when there are few", () => {
    const few = [...demoData({ endDay: END_DAY, days: 3, events: 90 }).events];
    assert.deepEqual([...new Set(few.map((event) => Math.floor((timeOf(event) - FIRST_SECOND) / DAY_SECONDS)))], [
      57,
      58,
      59,
    ]);
    assert.equal(new Set(events.map((event) => Math.floor(timeOf(event) / DAY_SECONDS))).size, 60);
  });

  it("hold a purchase on every day, whatever the weekday, also when they are few", () => {
    for (let weekday = 0; weekday < 7; weekday++) {
      const endDay = new Date((FIRST_SECOND + weekday * DAY_SECONDS) * 1000).toISOString().slice(0, 10);
      const few = [...demoData({ endDay, events: 2500 }).events];
      const daysOf = (list: DemoEvent[]) => [...new Set(list.map((event) => Math.floor(timeOf(event) / DAY_SECONDS)))];
      assert.deepEqual(daysOf(few.filter((event) => event.event === "Purchase")), daysOf(few), endDay);
      assert.equal(daysOf(few).length, 60);
    }
  });

  it("carry ids that Mixpanel accepts, each insert id once", () => {
    const insertIds = events.map((event) => event.properties.$insert_id as string);
    assert.ok(insertIds.every((id) => /^[A-Za-z0-9-]{1,36}$/.test(id)));
    assert.equal(new Set(insertIds).size, events.length);
    assert.ok(events.every((event) => /^(customer-\d+|\$device:[0-9a-f]{16})$/.test(idOf(event))));
  });

  it("keep to the limits of Mixpanel's properties", () => {
    for (const { event, properties } of events) {
      assert.ok(event.length > 0 && Object.keys(properties).length < 255);
      for (const value of Object.values(properties)) {
        assert.ok(value !== undefined && (typeof value !== "string" || value.length <= 255));
      }
    }
  });

  it("hold Unicode, a list and a nested object", () => {
    const purchase = named("Purchase")[0]!.properties;
    assert.ok(Array.isArray(purchase.items) && purchase.items.length === purchase.item_count);
    assert.equal(typeof (purchase.order as { shipping: { days: number } }).shipping.days, "number");
    assert.ok(events.some((event) => event.properties.$city === "東京"));
    assert.ok(named("Write Review").some((event) => String(event.properties.text).includes("\n")));
  });
});

describe("the demo's story", () => {
  const perDay = Array.from({ length: 60 }, () => 0);
  for (const event of events) perDay[Math.floor((timeOf(event) - FIRST_SECOND) / DAY_SECONDS)]!++;
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

  it("is one of growth", () => {
    const ratio = sum(perDay.slice(46)) / sum(perDay.slice(0, 14));
    assert.ok(ratio > 1.4 && ratio < 2.2, `${ratio}`);
  });

  it("has quiet weekends", () => {
    const weekday = (index: number) => new Date((FIRST_SECOND + index * DAY_SECONDS) * 1000).getUTCDay();
    for (let index = 0; index < 53; index++) {
      if (weekday(index) === 6) assert.ok(perDay[index]! < 0.85 * perDay[index + 4]!, `day ${index}`);
    }
  });

  it("has mornings and evenings", () => {
    const hours = Array.from({ length: 24 }, () => 0);
    for (const event of events) {
      if (event.properties.$city === "London") hours[new Date(timeOf(event) * 1000).getUTCHours()]!++;
    }
    assert.ok(hours[8]! > 5 * hours[3]!);
    assert.ok(hours[20]! > hours[14]!);
  });

  it("loses people at each step of a funnel, and keeps some", () => {
    for (const funnel of data.funnels) {
      const reached = new Map<string, number>();
      for (const event of events) {
        const steps = reached.get(idOf(event)) ?? 0;
        if (event.event === funnel.steps[steps]) reached.set(idOf(event), steps + 1);
      }
      const counts = funnel.steps.map((_, index) => [...reached.values()].filter((steps) => steps > index).length);
      assert.ok(counts.every((count, index) => index === 0 || count <= counts[index - 1]!), `${counts}`);
      assert.ok(counts.at(-1)! < counts[0]! * 0.4 && counts.at(-1)! > counts[0]! * 0.02, `${counts}`);
    }
    const [viewed, carted, paid] = ["View Product", "Add to Cart", "Purchase"]
      .map((name) => new Set(named(name).map(idOf)).size);
    assert.ok(carted! / viewed! > 0.4 && carted! / viewed! < 0.65, `${carted} of ${viewed}`);
    assert.ok(paid! / viewed! > 0.12 && paid! / viewed! < 0.3, `${paid} of ${viewed}`);
  });

  it("has newsletter readers buy more readily than people from Instagram", () => {
    const rate = (source: string) => {
      const people = new Set(named("Session Start").filter((one) => one.properties.utm_source === source).map(idOf));
      const buyers = new Set(named("Purchase").map(idOf).filter((id) => people.has(id)));
      return buyers.size / people.size;
    };
    assert.ok(rate("newsletter") > 1.5 * rate("instagram"));
  });

  it("lets nobody buy without an account, and nobody have an account before signing up", () => {
    const created = new Map(profiles.map((one) => [one.distinctId, Date.parse(`${one.properties.$created}Z`) / 1000]));
    for (const event of events) {
      if (["Purchase", "Subscription Start", "Plan Change", "Write Review"].includes(event.event)) {
        assert.ok(created.get(idOf(event))! <= timeOf(event));
      }
      if (event.event === "Sign Up") assert.equal(created.get(idOf(event)), timeOf(event));
    }
  });

  it("has each person at one place at a time", () => {
    const last = new Map<string, number>();
    for (const event of events) {
      assert.notEqual(last.get(idOf(event)), timeOf(event));
      last.set(idOf(event), timeOf(event));
    }
  });
});

describe("the demo's profiles", () => {
  const byId = new Map(profiles.map((profile) => [profile.distinctId, profile.properties]));

  it("are those of everyone with an account, once each", () => {
    assert.equal(byId.size, profiles.length);
    for (const event of events) assert.equal(byId.has(idOf(event)), idOf(event).startsWith("customer-"));
    assert.ok(profiles.every(({ properties }) => /^[a-z]+\.[a-z]+\.\d+@example\.com$/.test(String(properties.$email))));
  });

  it("agree with the events on purchases and revenue", () => {
    const cents = new Map<string, number>();
    const purchases = new Map<string, number>();
    for (const event of named("Purchase")) {
      const id = idOf(event);
      cents.set(id, (cents.get(id) ?? 0) + Math.round(event.properties.amount as number * 100));
      purchases.set(id, (purchases.get(id) ?? 0) + 1);
      assert.equal(event.properties.first_purchase, purchases.get(id) === 1);
    }
    assert.ok(cents.size > 500);
    for (const [id, properties] of byId) {
      assert.equal(Math.round(properties.lifetime_revenue as number * 100), cents.get(id) ?? 0);
      assert.equal(properties.purchases, purchases.get(id) ?? 0);
      assert.equal("last_purchase" in properties, purchases.has(id));
    }
  });

  it("agree with the events on plan, place and last visit", () => {
    const last = new Map(events.map((event) => [idOf(event), event]));
    const plans = new Map<string, string>();
    for (const event of events) {
      const { from, to, cancelled_plan, plan } = event.properties;
      if (event.event === "Plan Change") assert.deepEqual([from, to], [plans.get(idOf(event)), plan]);
      else if (event.event === "Subscription Cancel") {
        assert.deepEqual([cancelled_plan, "Free"], [plans.get(idOf(event)), plan]);
      } else if (event.event !== "Subscription Start") assert.equal(plan, plans.get(idOf(event)) ?? plan);
      plans.set(idOf(event), plan as string);
    }
    for (const [id, event] of last) {
      const properties = byId.get(id);
      if (properties === undefined) continue;
      assert.equal(properties.plan, event.properties.plan);
      assert.equal(properties.$city, event.properties.$city);
      assert.equal(Date.parse(`${properties.$last_seen}Z`) / 1000, timeOf(event));
    }
  });

  it("can be had without the events, and are the same", () => {
    const options = { endDay: END_DAY, events: 3000 };
    const after = demoData(options);
    assert.ok([...after.events].length > 0);
    assert.equal(digest(demoData(options).profiles), digest(after.profiles));
  });
});

describe("making the demo's data", () => {
  it("gives the same bytes for the same options, on every runtime", () => {
    const small = demoData({ endDay: END_DAY, events: 2000 });
    assert.equal(digest(small.events), digest(small.events));
    assert.equal(digest(small.events), "2f2474df46d8a2473a6dce5ed78ce01b0ea3c3597bda4f8170fec4c3e5f27169");
    assert.equal(digest(small.profiles), "2f7d5b37eae17ec6ef642727d01d69b3a7e20c18b6c5999b4159cdb74eb05739");
  });

  it("gives other data for another seed and for another day", () => {
    const one = digest(demoData({ endDay: END_DAY, events: 500 }).events);
    assert.notEqual(digest(demoData({ endDay: END_DAY, events: 500, seed: 2 }).events), one);
    assert.notEqual(digest(demoData({ endDay: "2026-11-23", events: 500 }).events), one);
  });

  it("refuses days that do not exist, and counts that make no sense", () => {
    assert.throws(() => demoData({ endDay: "2026-02-30" }), /Cannot make demo data up to 2026-02-30: no such day/);
    assert.throws(() => demoData({ endDay: "yesterday" }), /no such day/);
    assert.throws(() => demoData({ endDay: END_DAY, days: 0 }), /with 0 days/);
    assert.throws(() => demoData({ endDay: END_DAY, events: 1.5 }), /with 1.5 events/);
  });
});
