import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { applyOrder, applyPlan } from "../../../src/jobs/plan/apply_plan.ts";
import type { PlanDefinition } from "../../../src/jobs/plan/definition.ts";
import { differencesOf } from "../../../src/jobs/plan/plan_differences.ts";
import type { PlanKind, PlanProject, ProjectThing } from "../../../src/jobs/plan/plan_kind.ts";
import { readProject } from "../../../src/jobs/plan/read_project.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { fakeClient } from "../fake_client.ts";

/** A project of cohorts and reports, in memory. It counts requests, and fails at one of them. */
function fakeProject(things: Record<string, ProjectThing[]> = {}) {
  let nextId = 100;
  let requests = 0;
  const state = { failAt: Infinity, log: [] as string[], things };
  const request = (what: string) => {
    if (++requests === state.failAt) throw new Error("killed");
    state.log.push(what);
  };
  const kindOf = (kind: string): PlanKind => ({
    kind,
    fields: ["selector", "params", "description"],
    jsonFields: ["selector", "params"],
    sent: { params: z.object({}), body: () => ({}) },
    read: () => Promise.resolve((things[kind] ??= []).map((one) => structuredClone(one))),
    create(_project, { name, fields }) {
      request(`create ${name}`);
      const id = nextId++;
      things[kind]!.push({ id, name, fields });
      return Promise.resolve(id);
    },
    update(_project, { id, name, fields }) {
      request(`update ${name}`);
      things[kind]!.find((one) => one.id === id)!.fields = fields;
      return Promise.resolve();
    },
    remove(_project, id, name) {
      request(`delete ${name}`);
      things[kind] = things[kind]!.filter((one) => one.id !== id);
      return Promise.resolve();
    },
  });
  return { state, kinds: [kindOf("reports"), kindOf("cohorts")], restart: () => requests = 0 };
}

const PROJECT: PlanProject = {
  client: fakeClient(() => "{}"),
  workspace: () => Promise.resolve("1"),
  once: (_what, read) => read(),
  clock: fakeClock(),
  signal: new AbortController().signal,
  note: () => Promise.resolve(),
};

const cohort = (name: string, ...others: string[]): PlanDefinition => ({
  kind: "cohorts",
  name,
  fields: { selector: { in: others.map((one) => ({ property: "cohort", value: { $ref: `cohorts/${one}` } })) } },
});
const report = (name: string, of: string): PlanDefinition => ({
  kind: "reports",
  name,
  fields: { params: { cohort: { id: { $ref: `cohorts/${of}` } } } },
});

const PLAN = [report("Who pays", "Payers"), cohort("Payers", "Visitors"), cohort("Visitors")];

async function apply(fake: ReturnType<typeof fakeProject>, plan: readonly PlanDefinition[], prune = false) {
  const there = await readProject(PROJECT, fake.kinds);
  const changes = differencesOf(plan, there.definitions).filter(({ action }) => prune || action !== "delete");
  await applyPlan(PROJECT, applyOrder(changes, (path) => there.ids.has(path)), fake.kinds, { ids: there.ids });
  return changes;
}

describe("applying a plan", () => {
  it("makes what others refer to first, and then finds no difference", async () => {
    const fake = fakeProject();
    await apply(fake, PLAN);
    assert.deepEqual(fake.state.log, ["create Visitors", "create Payers", "create Who pays"]);
    assert.deepEqual(fake.state.things.reports![0]!.fields, { params: { cohort: { id: 101 } } });
    assert.deepEqual(await apply(fake, PLAN, true), []);
  });

  it("changes what differs, by the ids of the project that it is written to", async () => {
    const fake = fakeProject({ cohorts: [{ id: 7, name: "Visitors", fields: {} }] });
    await apply(fake, [cohort("Visitors"), cohort("Payers", "Visitors")]);
    assert.deepEqual(fake.state.log, ["update Visitors", "create Payers"]);
    const [, payers] = fake.state.things.cohorts!;
    assert.deepEqual(payers!.fields, { selector: { in: [{ property: "cohort", value: 7 }] } });
  });

  it("deletes only when told, and what refers to others before them", async () => {
    const fake = fakeProject();
    await apply(fake, PLAN);
    await apply(fake, [cohort("Visitors")]);
    assert.equal(fake.state.log.length, 3);
    await apply(fake, [cohort("Visitors")], true);
    assert.deepEqual(fake.state.log.slice(3), ["delete Who pays", "delete Payers"]);
  });

  for (let failAt = 1; failAt <= 3; failAt++) {
    it(`stopped at request ${failAt} and run again, comes out the same`, async () => {
      const whole = fakeProject();
      await apply(whole, PLAN);
      const fake = fakeProject();
      fake.state.failAt = failAt;
      await assert.rejects(apply(fake, PLAN), /killed/);
      fake.restart();
      fake.state.failAt = Infinity;
      await apply(fake, PLAN);
      assert.deepEqual(fake.state.things, whole.state.things);
    });
  }

  it("refuses what refers to nothing, before anything is sent", async () => {
    const fake = fakeProject();
    await assert.rejects(apply(fake, [cohort("Visitors"), report("Who pays", "Nobody")]), {
      message:
        "Cannot apply the plan: reports/Who pays refers to cohorts/Nobody, which is neither in the plan nor in the project",
    });
    assert.deepEqual(fake.state.log, []);
  });

  it("refuses what refers to itself", async () => {
    const plan = [cohort("A", "B"), cohort("B", "A")];
    await assert.rejects(apply(fakeProject(), plan), { message: /cohorts\/A refers to itself, through cohorts\/B$/ });
  });
});

describe("differences", () => {
  it("name the innermost values", () => {
    const before = { kind: "reports", name: "x", fields: { params: { a: [{ b: 1 }], c: null }, description: "old" } };
    const after = { kind: "reports", name: "x", fields: { params: { a: [{ b: 2 }], c: null, "d e": [] } } };
    assert.deepEqual(differencesOf([after], [before]), [{
      action: "update",
      wanted: after,
      fields: [
        { path: "params.a[0].b", from: 1, to: 2 },
        { path: 'params["d e"]', to: [] },
        { path: "description", from: "old" },
      ],
    }]);
  });

  it("are none where only the order of keys, or what holds a number, differs", () => {
    const one = { kind: "x", name: "x", fields: { a: { b: 1, c: 2 }, n: 5 } };
    const other = { kind: "x", name: "x", fields: { n: 5n, a: { c: 2, b: 1 } } };
    assert.deepEqual(differencesOf([one], [other]), []);
  });

  it("tell things of one name apart by their order", async () => {
    const fake = fakeProject({
      reports: [1, 2].map((id) => ({ id, name: "Same", fields: { params: { id: id + 0 } } })),
    });
    const { definitions, ids } = await readProject(PROJECT, fake.kinds);
    assert.deepEqual(definitions.map(({ number }) => number), [undefined, 2]);
    assert.deepEqual([...ids], [["reports/Same", 1], ["reports/Same #2", 2]]);
  });

  it("tell them apart from one whose name looks like a number of theirs", async () => {
    const names = ["Same", "Same", "Same #2", "Same"];
    const fake = fakeProject({ reports: names.map((name, id) => ({ id, name, fields: {} })) });
    const { ids } = await readProject(PROJECT, fake.kinds);
    assert.deepEqual([...ids], [
      ["reports/Same", 0],
      ["reports/Same #3", 1],
      ["reports/Same #2", 2],
      ["reports/Same #4", 3],
    ]);
  });
});
