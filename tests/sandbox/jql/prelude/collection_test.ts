import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DAYS, JqlLab } from "../jql_lab.ts";

const lab = new JqlLab();

describe("Events() of a script", () => {
  it("are in the order of time, with names, users, times and properties", async () => {
    const events = await lab.main(`Events({ from_date: "2026-11-22", to_date: "2026-11-22" })`);
    assert.deepEqual(events, [
      {
        name: "Signup",
        distinct_id: "b",
        time: Date.parse("2026-11-22T10:00:00Z"),
        sampling_factor: 1,
        properties: { $insert_id: "2026-11-22T10:00:00b", country: "US", age: 35, tags: ["x", "y"] },
      },
      {
        name: "Purchase",
        distinct_id: "b",
        time: Date.parse("2026-11-22T11:00:00Z"),
        sampling_factor: 1,
        properties: { $insert_id: "p1", amount: 10 },
      },
    ]);
  });

  it("are chosen by selectors", async () => {
    const count = (selectors: string) =>
      lab.main(`Events(Object.assign(${DAYS}, { event_selectors: ${selectors} })).reduce(mixpanel.reducer.count())`);
    assert.deepEqual(await count(`[{ event: "Purchase" }]`), [2]);
    assert.deepEqual(await count(`[{ event: "Purchase", selector: 'properties["amount"] > 5' }]`), [1]);
    assert.deepEqual(await count(`[{ selector: 'properties["age"] == 50' }, { event: "Purchase" }]`), [4]);
    assert.deepEqual(await count("[]"), [7]);
    const wrong = await lab.jql(`function main() { return Events({ from_date: "2026-11-21", to_date: "2026-11-23",
      event_selectors: [{ event: "Purchase", selector: "amount = 3" }] }) }`);
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.error, /^invalid expression at character/);
  });

  it("have the days that parameters name, as text or as dates", async () => {
    const params = { from_date: "2026-11-23T00:00:00.000Z", to_date: "2026-11-23" };
    assert.deepEqual(await lab.main("Events(params).reduce(mixpanel.reducer.count())", params), [3]);
    assert.deepEqual(
      await lab.main(
        `Events({ from_date: new Date(2026, 10, 23), to_date: new Date() }).reduce(mixpanel.reducer.count())`,
      ),
      [3],
    );
    assert.match(await lab.fails("function main() { return Events({}) }"), /needs from_date as YYYY-MM-DD/);
    assert.match(
      await lab.fails(`function main() { return Events({ from_date: "2026-11-23", to_date: "2026-11-21" }) }`),
      /to_date cannot be before from_date/,
    );
  });
});

describe("People() and join() of a script", () => {
  it("give profiles, chosen by selectors", async () => {
    assert.deepEqual(await lab.main(`People({ user_selectors: [{ selector: 'user["plan"] == "pro"' }] })`), [
      {
        distinct_id: "a",
        time: Date.parse("2026-11-21T09:00:00Z"),
        properties: { plan: "pro", age: 20, $last_seen: "2026-11-21T09:00:00" },
      },
    ]);
    assert.deepEqual(await lab.main("People().reduce(mixpanel.reducer.count())"), [3]);
  });

  it("join by type", async () => {
    const pairs = (options: string) =>
      lab.main(
        `join(Events(${DAYS}), People(), ${options})` +
          `.map(function (pair) { return pair.distinct_id + (pair.event ? "e" : "") + (pair.user ? "u" : "") })`,
      );
    const events = ["aeu", "aeu", "beu", "beu", "ce", "ce", "ce"];
    assert.deepEqual(await pairs("{}"), [...events, "zu"]);
    assert.deepEqual(await pairs(`{ type: "left" }`), events);
    assert.deepEqual(await pairs(`{ type: "inner" }`), events.slice(0, 4));
    assert.deepEqual(await pairs(`{ type: "right" }`), [...events.slice(0, 4), "zu"]);
    assert.deepEqual(
      await pairs(
        `{ selectors: [{ event: "Signup", selector: 'user["plan"] == "pro" and properties["age"] == 20' }] }`,
      ),
      ["aeu", "aeu"],
    );
    assert.match(
      await lab.fails(`function main() { return join(Events(${DAYS}).map(_.identity), People()) }`),
      /Nothing can be applied to a collection inside join/,
    );
    assert.match(
      await lab.fails(`function main() { return join(Events(${DAYS}), People(), { type: "outer" }) }`),
      /no join of the type outer/,
    );
  });
});

describe("transformations of a script", () => {
  it("filter, map, flatten and sort", async () => {
    const ages = `Events(${DAYS}).filter(function (e) { return e.name == "Signup" })`;
    assert.deepEqual(await lab.main(`${ages}.map(function (e) { return e.properties.age })`), [20, 20, 35, 50, 50]);
    assert.deepEqual(await lab.main("People().map(function (u) { return u.properties.tags || 1 }).flatten()"), [
      1,
      "x",
      "y",
      "x",
    ]);
    const ids = (sort: string) => lab.main(`People().${sort}.map(function (u) { return u.distinct_id })`);
    assert.deepEqual(await ids(`sortDesc("properties.age")`), ["z", "b", "a"]);
    assert.deepEqual(await ids(`sortAsc(function (u) { return -u.properties.age })`), ["z", "b", "a"]);
  });

  it("group by paths, functions and lists", async () => {
    assert.deepEqual(
      await lab.main(`Events(${DAYS}).groupBy(["name", "properties.country"], mixpanel.reducer.count())`),
      [
        { key: ["Signup", "DE"], value: 3 },
        { key: ["Signup", "US"], value: 1 },
        { key: ["Purchase", null], value: 2 },
        { key: ["Signup", null], value: 1 },
      ],
    );
    const tagged = `People({ user_selectors: [{ selector: 'defined(user["tags"])' }] })`;
    const byTags = (keys: string) => lab.main(`${tagged}.groupBy(${keys}, mixpanel.reducer.count())`);
    assert.deepEqual(await byTags(`["properties.tags"]`), [{ key: ["x", "y"], value: 1 }, { key: ["x"], value: 1 }]);
    const single = [{ key: ["x"], value: 2 }, { key: ["y"], value: 1 }];
    assert.deepEqual(await byTags(`mixpanel.multiple_keys(["properties.tags"])`), single);
    assert.deepEqual(await byTags(`[mixpanel.multiple_keys("properties.tags")]`), single);
    assert.deepEqual(await byTags(`[mixpanel.multiple_keys("properties.tags"), "properties.plan"]`), [
      { key: ["x", "free"], value: 2 },
      { key: ["y", "free"], value: 1 },
    ]);
    assert.match(
      await lab.fails(`function main() { return People().groupBy(["properties"], mixpanel.reducer.count()) }`),
      /can only consist of strings/,
    );
  });

  it("apply a script's own reducers to results and items", async () => {
    const sum =
      `function (earlier, items) { return _.reduce(earlier, function (a, b) { return a + b }, items.length) }`;
    assert.deepEqual(await lab.main(`Events(${DAYS}).reduce(${sum})`), [7]);
    assert.deepEqual(await lab.main(`Events(${DAYS}).groupBy(["name"], [${sum}, mixpanel.reducer.count()])`), [
      { key: ["Signup"], value: [5, 5] },
      { key: ["Purchase"], value: [2, 2] },
    ]);
  });

  it("reduce nothing to a value too", async () => {
    const none = `Events(${DAYS}).filter(function () { return false })`;
    assert.deepEqual(await lab.main(`${none}.reduce(mixpanel.reducer.count())`), [0]);
    assert.deepEqual(await lab.main(`${none}.reduce(function (earlier, items) { return items.length })`), [0]);
    assert.deepEqual(await lab.main(`${none}.groupBy(["name"], mixpanel.reducer.count())`), []);
  });

  it("follow each user's events in the order of time", async () => {
    const path = `function (state, events) {
      state = state || "";
      _.each(events, function (e) { state += e.name[0] });
      return state;
    }`;
    assert.deepEqual(await lab.main(`Events(${DAYS}).groupByUser(${path})`), [
      { key: ["a"], value: "SS" },
      { key: ["b"], value: "SP" },
      { key: ["c"], value: "SSP" },
    ]);
    assert.deepEqual(
      await lab.main(
        `Events(${DAYS}).groupByUser(["name"], mixpanel.reducer.null())` +
          `.groupBy([mixpanel.slice("key", 1)], mixpanel.reducer.count())`,
      ),
      [{ key: ["Signup"], value: 3 }, { key: ["Purchase"], value: 2 }],
    );
    assert.match(
      await lab.fails(
        `function main() { return Events(${DAYS}).map(_.identity).groupByUser(mixpanel.reducer.count()) }`,
      ),
      /groupByUser\(\) can only be applied to/,
    );
  });

  it("hold few items of many groups at a time", async () => {
    const many = new JqlLab();
    const start = Date.parse("2026-11-22T00:00:00Z") / 1000;
    many.load(Array.from({ length: 25_000 }, (_, index) => ({
      event: "Many",
      properties: { time: start + index, distinct_id: `u-${index % 9000}`, $insert_id: `m-${index}` },
    })));
    const script = `Events({ from_date: "2026-11-22", to_date: "2026-11-22", event_selectors: [{ event: "Many" }] })
      .groupByUser(function (last, events) {
        var times = _.pluck(events, "time");
        if (last && last > times[0]) throw new Error("out of order");
        return times[times.length - 1];
      }).reduce(mixpanel.reducer.count())`;
    assert.deepEqual(await many.main(script), [9000]);
  });

  it("limit groups at each level of their keys", async () => {
    const groups = `Events(${DAYS}).groupBy(["distinct_id", "name"], mixpanel.reducer.count()).sortDesc("value")`;
    const keys = async (limits: string) =>
      (await lab.main(`${groups}.applyGroupLimits(${limits})`) as { key: string[] }[]).map(({ key }) => key.join());
    assert.deepEqual(await keys("[2, 1]"), ["a,Signup", "c,Signup"]);
    assert.deepEqual(await keys("[3, 2], 3"), ["a,Signup", "c,Signup", "b,Signup"]);
  });

  it("take at most eight reducers", async () => {
    const nine = "[" + "mixpanel.reducer.count(),".repeat(9) + "]";
    assert.match(await lab.fails(`function main() { return People().reduce(${nine}) }`), /At most 8 reducers/);
  });
});
