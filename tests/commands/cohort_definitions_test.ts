import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const APP = `/api/app/projects/${PROJECT_ID}/cohorts`;
const cohorts = (...argv: string[]) => lab.sends(["cohorts", ...argv]);
const created = async (...argv: string[]) => JSON.parse((await cohorts("create", "X", ...argv)).text);
const refusal = async (...argv: string[]) => {
  const count = lab.requests.length;
  const { code, stderr } = await lab.mp(["cohorts", "create", "X", ...argv]);
  assert.equal(code, 3, stderr);
  assert.equal(lab.requests.length, count);
  return stderr;
};
const children = (body: { selector: { children: unknown[] } }) => body.selector.children;

describe("cohorts by what people did", () => {
  it("are sent as a tree of conditions, to the App API", async () => {
    const sent = await cohorts(
      ...["create", "Fans", "--did", "Purchase", "--at-least", "3", "--within", "30d"],
      ...["--did-where", 'properties["amount"] > 10', "--where", 'properties["plan"] == "pro"', "--not-in", "8001"],
      ...["--description", "They love us", "--no-visible"],
    );
    assert.deepEqual([sent.method, sent.path], ["POST", APP]);
    assert.deepEqual(JSON.parse(sent.text), {
      description: "They love us",
      is_visible: false,
      selector: {
        operator: "and",
        children: [
          { property: "behaviors", value: "bhvr_0", operator: ">=", operand: 3 },
          { property: "user", value: "plan", operator: "==", operand: "pro", type: "string" },
          { property: "cohort", value: 8001, operator: "not in" },
        ],
      },
      behaviors: {
        bhvr_0: {
          window: { unit: "day", value: 30 },
          count: {
            type: "absolute",
            event_selector: {
              event: "Purchase",
              selector: {
                operator: "and",
                children: [{
                  ...{ resourceType: "events", value: "amount", filterType: "number", defaultType: "number" },
                  filterOperator: "is greater than",
                  filterValue: 10,
                }],
              },
            },
          },
        },
      },
      name: "Fans",
    });
    assert.match(sent.stderr, /^Saved the cohort "Fans" with the id \d+\n/);
  });

  it("have each event's flags, or one for all", async () => {
    const one = await created("--did", "A", "--did", "B", "--within", "2w", "--did-not", "C", "--any");
    assert.deepEqual(
      children(one).map((child) => Object.values(child as object).slice(1)),
      [["bhvr_0", ">=", 1], ["bhvr_1", ">=", 1], ["bhvr_2", "==", 0]],
    );
    assert.deepEqual([one.selector.operator, one.behaviors.bhvr_2.window], ["or", { unit: "week", value: 2 }]);
    const each = await created(
      ...["--did", "A", "--did", "B", "--exactly", "2", "--exactly", "5", "--within", "1d", "--within", "1month"],
    );
    assert.deepEqual(
      children(each).map((child) => Object.values(child as object).slice(2)),
      [["==", 2], ["==", 5]],
    );
    assert.deepEqual([each.behaviors.bhvr_0.window.unit, each.behaviors.bhvr_1.window.unit], ["day", "month"]);
    const sum = await created(
      ...["--did", "A", "--math", "total:amount", "--at-most", "9", "--from", "2026-01-01", "--to", "2026-01-31"],
    );
    const { from_date, to_date, count: { aggregationOperator, property } } = sum.behaviors.bhvr_0;
    assert.deepEqual([from_date, to_date, aggregationOperator, property], [
      "2026-01-01",
      "2026-01-31",
      "total",
      "amount",
    ]);
  });

  it("go to the reference's endpoint with --where or --filter alone", async () => {
    assert.equal((await cohorts("create", "P", "--where", 'properties["plan"] == "x"')).path, "/api/query/cohorts");
    assert.equal(
      (await cohorts("create", "P", "--where", 'properties["plan"] == "x"', "--locked")).path,
      APP,
    );
  });

  it("take the tree itself with --data", async () => {
    const selector = { property: "user", value: "plan", operator: "==", operand: "pro", type: "string" };
    const sent = await cohorts("create", "--data", JSON.stringify({ name: "Raw", selector }));
    assert.deepEqual([sent.path, JSON.parse(sent.text)], [APP, { name: "Raw", selector }]);
  });

  it("are refused before anything is sent", async () => {
    assert.match(await refusal("--did", "A"), /add --within 30d, or --from DAY --to DAY/);
    assert.match(await refusal("--within", "3d"), /no event and no cohort is named/);
    assert.match(await refusal("--did", "A", "--within", "x"), /not a span/);
    assert.match(await refusal("--did", "A", "--within", "2h"), /counts days/);
    assert.match(await refusal("--did", "A", "--within", "3d", "--from", "2026-01-01"), /--within with --from/);
    assert.match(await refusal("--did", "A", "--within", "3d", "--at-least", "1", "--exactly", "2"), /one bound/);
    assert.match(
      await refusal("--did", "A", "--within", "3d", "--at-least", "1", "--at-least", "2"),
      /2 times with 1 event/,
    );
    assert.match(await refusal("--did", "A", "--within", "3d", "--at-least", "-1"), /at-least/);
    assert.match(await refusal("--did-not", "A", "--within", "3d", "--exactly", "2"), /--exactly without --did/);
    assert.match(await refusal("--did", "A", "--within", "3d", "--math", "mode:x"), /write one of total/);
    assert.match(await refusal("--in", "x"), /not a numeric id/);
    const filter = '{"type": "user", "selector": "true"}';
    assert.match(await refusal("--did", "A", "--within", "3d", "--filter", filter), /--filter with a definition/);
    assert.match(await refusal("--data", '{"selector": {}}', "--in", "1"), /the selector of --data/);
    assert.match(await refusal("--data", '{"definition": {}}'), /there is no field "definition"/);
    assert.match(await refusal("--description", "x"), /nothing says who is in it/);
  });

  it("show at its place what a cohort cannot say", async () => {
    const told = await refusal("--in", "1", "--where", 'not properties["vip"]');
    assert.match(told, /\^{21} A cohort can ask for false/);
    assert.match(told, /write --where 'properties\["vip"\] == false'/);
    assert.match(
      await refusal("--did", "A", "--within", "3d", "--did-where", 'properties["n"] >= 3'),
      /--did-where[^]*\^{20} Cohorts are not known/,
    );
  });

  it("are shown as the flags that say the same", async () => {
    const flags = [
      ...["--did", "Purchase", "--at-least", "2", "--did-where", 'properties["amount"] > 3', "--math", "max:amount"],
      ...[
        "--within",
        "4w",
        "--where",
        'properties["age"] >= 3 and properties["plan"] != "free"',
        "--in",
        "8001",
        "--any",
      ],
    ];
    const made = JSON.parse((await cohorts("create", "Round", ...flags)).stdout).results;
    const [row] = JSON.parse((await cohorts("get", String(made.id), "-f", "json")).stdout).results.id === made.id
      ? cells((await cohorts("get", String(made.id), "-f", "table")).stdout)
      : [];
    assert.ok(row!.includes(flags.map((one) => /["> ]/.test(one) ? `'${one}'` : one).join(" ")), row!.join("|"));
    const never = JSON.parse((await cohorts("create", "N", "--did-not", "Sign Up", "--within", "7d")).stdout).results;
    assert.match(
      (await cohorts("list", "--id", String(never.id), "-f", "table")).stdout,
      /--did-not 'Sign Up' --within 7d/,
    );
  });

  it("are changed one by one, and several by one request", async () => {
    const one = await cohorts("update", "8001", "--name", "Payers");
    assert.deepEqual([one.method, one.path, one.text], ["PATCH", `${APP}/8001`, '{"name":"Payers"}']);
    const definition = JSON.parse((await cohorts("update", "8001", "--did", "Purchase", "--within", "30d")).text);
    assert.deepEqual(Object.keys(definition), ["selector", "behaviors"]);
    const [first] = JSON.parse((await cohorts("list")).stdout);
    assert.deepEqual([first.name, first.count], ["Payers", 2]);
    const id = JSON.parse((await cohorts("create", "Two", "--in", "8001")).stdout).results.id;
    const both = await cohorts("update", "8001", String(id), "--locked");
    assert.deepEqual([both.path, JSON.parse(both.text)], [
      `${APP}/bulk-update`,
      { cohorts: [{ id: 8001, is_locked: true }, { id, is_locked: true }] },
    ]);
    assert.match((await lab.mp(["cohorts", "update", "8001"])).stderr, /nothing to change is given/);
    assert.equal((await lab.mp(["cohorts", "update", "4711", "--name", "x"])).code, 4);
  });

  it("are deleted after a question, one or several", async () => {
    const ids = [];
    for (const name of ["A", "B", "C"]) {
      ids.push(String(JSON.parse((await cohorts("create", name, "--in", "8001")).stdout).results.id));
    }
    const count = lab.requests.length;
    assert.notEqual((await lab.mp(["cohorts", "delete", ids[0]!])).code, 0);
    assert.equal(lab.requests.length, count);
    const one = await cohorts("delete", ids[0]!, "--yes");
    assert.deepEqual([one.method, one.path], ["DELETE", `${APP}/${ids[0]}`]);
    const two = await cohorts("delete", ids[1]!, ids[2]!, "--yes");
    assert.deepEqual([two.path, two.text], [`${APP}/bulk-delete`, `{"cohort_ids":[${ids[1]},${ids[2]}]}`]);
    assert.equal((await lab.mp(["cohorts", "get", ids[0]!])).code, 4);
  });
});
