import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { compileFilter } from "../../../src/expressions/evaluate.ts";
import { parseExpression } from "../../../src/expressions/parse.ts";
import { profileSelector } from "../../../src/reports/cohorts/profile_selector.ts";
import { createRandom } from "../../../src/sandbox/demo/random.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";
import { randomProfileExpression } from "../../helpers/random_profile_expression.ts";

const P = `/api/app/projects/${SANDBOX.projectId}`;
const DAY = 86_400;

const send = (lab: Lab, method: string, path: string, body?: unknown) =>
  lab.send(`${P}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });

const all = (...children: object[]) => ({ operator: "and", children });
const user = (value: string, operator: string, operand: unknown, type = "string") => ({
  ...{ property: "user", value, operator, operand, type },
});
const did = (operator: string, operand: number, name = "bhvr_0") => ({
  ...{ property: "behaviors", value: name, operator, operand },
});
const behavior = (event: string, more: object = { window: { unit: "day", value: 30 } }, selector?: object) => ({
  ...more,
  count: { type: "absolute", event_selector: { event, ...(selector && { selector }) } },
});

/** Profiles of a and b; a bought 3 times for 10, 20 and 60, b once 40 days ago, and c, who has no profile, once. */
function shop(): Lab {
  const lab = new Lab();
  lab.store.profiles.put(SANDBOX.projectId, "", "a", { plan: "pro", age: 30, vip: true, tags: ["x", "y"] });
  lab.store.profiles.put(SANDBOX.projectId, "", "b", { plan: "free", age: 20 });
  const buy = (id: string, daysAgo: number, amount: number) =>
    record({ distinct_id: id, time: NOW_SECONDS - daysAgo * DAY, amount, $insert_id: `${id}${daysAgo}` }, "Buy");
  lab.load([buy("a", 1, 10), buy("a", 2, 20), buy("a", 3, 60), buy("b", 40, 5), buy("c", 2, 7)]);
  return lab;
}

/** The ids of a definition's members, in their order. */
async function members(lab: Lab, definition: object): Promise<string[]> {
  const { json, text, status } = await lab.query("/engage", {
    filter_by_cohort: JSON.stringify({ raw_cohort: definition }),
  });
  assert.equal(status, 200, text);
  return json.results.map(({ $distinct_id }: { $distinct_id: string }) => $distinct_id).sort();
}

describe("cohorts of the App API", () => {
  it("are made, shown, changed and deleted, one by one and together", async () => {
    const lab = shop();
    const made = await send(lab, "POST", "/cohorts", {
      name: "Pro",
      description: "They pay",
      selector: all(user("plan", "==", "pro")),
    });
    assert.equal(made.status, 200);
    const { id, name, count, is_visible, is_locked, selector, created_by } = made.json.results;
    assert.deepEqual([name, count, is_visible, is_locked], ["Pro", 1, true, false]);
    assert.deepEqual(selector, all(user("plan", "==", "pro")));
    assert.equal(created_by.name, SANDBOX.username);
    const free = (await send(lab, "POST", "/cohorts", { name: "Free", selector: user("plan", "==", "free") })).json;
    assert.deepEqual((await send(lab, "GET", "/cohorts")).json.results.map((one: { name: string }) => one.name), [
      "Pro",
      "Free",
    ]);
    assert.deepEqual((await send(lab, "GET", `/cohorts?ids=${id}`)).json.results.length, 1);
    // The query API lists the same cohorts.
    assert.deepEqual((await lab.query("/cohorts/list")).json.map((one: { count: number }) => one.count), [1, 1]);

    const renamed = await send(lab, "PATCH", `/cohorts/${id}`, { name: "Payers", is_visible: false });
    assert.deepEqual([renamed.json.results.name, renamed.json.results.count], ["Payers", 1]);
    const other = await send(lab, "PATCH", `/cohorts/${id}`, { selector: user("age", ">", 10, "number") });
    assert.equal(other.json.results.count, 2);
    assert.equal((await send(lab, "GET", `/cohorts/${id}`)).json.results.is_visible, false);

    const ids = [id, free.results.id];
    await send(lab, "POST", "/cohorts/bulk-update", { cohorts: ids.map((one) => ({ id: one, is_locked: true })) });
    const locked = (await send(lab, "GET", "/cohorts")).json.results;
    assert.deepEqual(locked.map((one: { is_locked: boolean }) => one.is_locked), [true, true]);
    await send(lab, "DELETE", `/cohorts/${id}`);
    assert.equal((await send(lab, "GET", `/cohorts/${id}`)).status, 404);
    await send(lab, "POST", "/cohorts/bulk-delete", { cohort_ids: [free.results.id] });
    assert.deepEqual((await send(lab, "GET", "/cohorts")).json.results, []);
  });

  it("look for the definition at the top level alone", async () => {
    const lab = shop();
    const made = await send(lab, "POST", "/cohorts", {
      name: "X",
      definition: { selector: user("plan", "==", "pro") },
    });
    assert.equal(made.json.results.count, 0);
    assert.equal((await send(lab, "POST", "/cohorts", { selector: all() })).status, 400);
  });

  it("are below a workspace as well", async () => {
    const lab = shop();
    await send(lab, "POST", "/cohorts", { name: "X", selector: all() });
    const twin = await lab.send(`/api/app/workspaces/${SANDBOX.workspaceId}/cohorts`);
    assert.equal(twin.json.results.length, 1);
  });

  it("have by their profiles those of whom it is true", async () => {
    const lab = shop();
    const cases: [object, string[]][] = [
      [user("plan", "==", "pro"), ["a"]],
      [user("plan", "==", ["pro", "free"]), ["a", "b"]],
      [user("plan", "!=", "pro"), ["b", "c"]],
      [user("plan", "in", "ro"), ["a"]],
      [user("tags", "in", "x", "list"), ["a"]],
      [user("plan", "not in", "ro"), ["b", "c"]],
      [user("age", ">", 20, "number"), ["a"]],
      [user("age", "<", 30, "number"), ["b"]],
      [user("vip", "==", true, "boolean"), ["a"]],
      [user("vip", "defined", ""), ["a"]],
      [user("vip", "not defined", ""), ["b", "c"]],
      [{ operator: "or", children: [user("age", "==", 20, "number"), all(user("plan", "==", "pro"))] }, ["a", "b"]],
      [all(user("age", "==", 20, "number"), user("plan", "==", "pro")), []],
    ];
    for (const [selector, expected] of cases) assert.deepEqual(await members(lab, { selector }), expected);
  });

  it("have by their events those who did something often enough, in time", async () => {
    const lab = shop();
    const bought = { bhvr_0: behavior("Buy") };
    assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: bought }), ["a", "c"]);
    assert.deepEqual(await members(lab, { selector: did(">=", 2), behaviors: bought }), ["a"]);
    assert.deepEqual(await members(lab, { selector: did("==", 0), behaviors: bought }), ["b"]);
    assert.deepEqual(await members(lab, { selector: did("<=", 1), behaviors: bought }), ["b", "c"]);
    const days = (from_date: string, to_date: string) => ({ bhvr_0: behavior("Buy", { from_date, to_date }) });
    assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: days("2026-10-01", "2026-10-31") }), [
      "b",
    ]);
    const week = { bhvr_0: behavior("Buy", { window: { unit: "week", value: 8 } }) };
    assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: week }), ["a", "b", "c"]);
    const month = { bhvr_0: behavior("Buy", { window: { unit: "month", value: 1 } }) };
    assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: month }), ["a", "c"]);
    const both = all(did(">=", 1), user("plan", "==", "pro"));
    assert.deepEqual(await members(lab, { selector: both, behaviors: bought }), ["a"]);
  });

  it("count only events that meet a condition", async () => {
    const lab = shop();
    const over = (amount: number) => ({
      bhvr_0: behavior("Buy", undefined, {
        operator: "and",
        children: [{
          ...{ resourceType: "events", value: "amount", filterType: "number", defaultType: "number" },
          filterOperator: "is greater than",
          filterValue: amount,
        }],
      }),
    });
    assert.deepEqual(await members(lab, { selector: did(">=", 2), behaviors: over(15) }), ["a"]);
    assert.deepEqual(await members(lab, { selector: did(">=", 2), behaviors: over(30) }), []);
  });

  it("aggregate a property of the events", async () => {
    const lab = shop();
    const of = (aggregationOperator: string) => {
      const { count, ...window } = behavior("Buy");
      return { bhvr_0: { ...window, count: { ...count, aggregationOperator, property: "amount" } } };
    };
    const at = async (operator: string, number: number) =>
      (await members(lab, { selector: did("==", number), behaviors: of(operator) })).includes("a");
    assert.deepEqual(
      [
        await at("total", 90),
        await at("average", 30),
        await at("min", 10),
        await at("max", 60),
        await at("median", 20),
        await at("unique", 3),
      ],
      [true, true, true, true, true, true],
    );
    assert.equal(await at("total", 91), false);
    // Who did nothing has a sum, and no mean.
    assert.deepEqual(await members(lab, { selector: did("==", 0), behaviors: of("total") }), ["b"]);
    assert.deepEqual(await members(lab, { selector: did("<=", 0), behaviors: of("average") }), []);
  });

  it("name each other, custom events and all events", async () => {
    const lab = shop();
    const pro =
      (await send(lab, "POST", "/cohorts", { name: "Pro", selector: user("plan", "==", "pro") })).json.results;
    const cohort = (operator: string, value = pro.id) => ({ property: "cohort", value, operator });
    assert.deepEqual(await members(lab, { selector: cohort("in") }), ["a"]);
    assert.deepEqual(await members(lab, { selector: cohort("not in") }), ["b", "c"]);
    assert.deepEqual(await members(lab, { selector: cohort("in", 4711) }), []);
    await send(lab, "PATCH", `/cohorts/${pro.id}`, { name: "Pro" });
    const loop = await send(lab, "PATCH", `/cohorts/${pro.id}`, { selector: cohort("in") });
    assert.equal(loop.json.results.count, 0);

    const form = new URLSearchParams({ name: "Paid", alternatives: '[{"event":"Buy"},{"event":"Subscribe"}]' });
    const { json } = await lab.send(`${P}/custom_events/`, { method: "POST", body: form });
    for (const event of [`$custom_event:${json.custom_event.id}`, "$all_events"]) {
      assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: { bhvr_0: behavior(event) } }), [
        "a",
        "c",
      ]);
    }
  });

  it("have members without a profile, unless nobody asks for them", async () => {
    const lab = shop();
    const raw = JSON.stringify({ raw_cohort: { selector: did("==", 1), behaviors: { bhvr_0: behavior("Buy") } } });
    const everyone = await lab.query("/engage", { filter_by_cohort: raw });
    assert.deepEqual(everyone.json.results, [{ $distinct_id: "c", $properties: {} }]);
    const known = await lab.query("/engage", { filter_by_cohort: raw, include_all_users: "false" });
    assert.deepEqual(known.json.results, []);
  });

  it("know people by any of their ids", async () => {
    const lab = shop();
    lab.store.identities.join(SANDBOX.projectId, "c", "b");
    assert.deepEqual(await members(lab, { selector: did(">=", 1), behaviors: { bhvr_0: behavior("Buy") } }), [
      "a",
      "b",
    ]);
  });

  it("refuse what they cannot read, and fail where the real server does", async () => {
    const lab = shop();
    const refused: object[] = [
      { selector: { property: "weather", value: "x" } },
      { selector: { operator: "xor", children: [] } },
      { selector: did(">=", 1) },
      { selector: did(">", 1), behaviors: { bhvr_0: behavior("Buy") } },
      { selector: user("plan", "like", "x") },
      { selector: did(">=", 1), behaviors: { bhvr_0: { count: { event_selector: { event: "Buy" } } } } },
    ];
    for (const definition of refused) {
      assert.equal(
        (await send(lab, "POST", "/cohorts", { name: "X", ...definition })).status,
        400,
        JSON.stringify(definition),
      );
    }
    const crash = {
      bhvr_0: { window: { unit: "day", value: 1 }, count: { event_selector: { event: "Buy", selector: null } } },
    };
    const raw = JSON.stringify({ raw_cohort: { selector: did(">=", 1), behaviors: crash } });
    assert.equal((await lab.query("/engage", { filter_by_cohort: raw })).status, 500);
  });

  it("have those for whom the same expression holds, for random expressions and profiles", async () => {
    const random = createRandom(8);
    for (let round = 0; round < 60; round++) {
      const lab = new Lab();
      const profiles = Array.from({ length: 12 }, () => ({
        ...(random.chance(0.7) && { plan: random.pick(["pro", "free", "team"]) }),
        ...(random.chance(0.7) && { age: random.pick([1, 2, 3]) }),
        ...(random.chance(0.5) && { vip: random.chance(0.5) }),
      }));
      profiles.forEach((one, index) => lab.store.profiles.put(SANDBOX.projectId, "", `p${index}`, one));
      const text = randomProfileExpression(random);
      const holds = compileFilter(parseExpression(text), { nowMs: 0 });
      const expected = profiles.flatMap((properties, index) => holds({ properties }) ? [`p${index}`] : []);
      assert.deepEqual(await members(lab, { selector: profileSelector(text) }), expected.sort(), text);
    }
  });
});
