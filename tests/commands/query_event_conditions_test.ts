/** Events that are typed with conditions of their own: 'NAME where EXPR'. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { openQueryLab } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const LAST = ["--last", "3d"];
const query = (...line: string[]) => lab.mp(["query", ...line, ...LAST, "--no-pacing"]);
const csv = async (...line: string[]) => (await query(...line, "-f", "csv")).stdout.trimEnd().split("\n").slice(1);
const params = async (...line: string[]) => JSON.parse((await query(...line, "--print-params")).stdout);
const refusal = async (...line: string[]) => {
  const { code, stderr } = await query(...line);
  assert.equal(code, 3);
  return stderr;
};
const GERMAN = 'properties["country"] == "DE"';

describe("an event with conditions of its own", () => {
  it("is a line beside the same event without them", async () => {
    assert.deepEqual(await csv("insights", "--event", `Sign Up where ${GERMAN}`, "--event", "Sign Up"), [
      `2026-11-21,"Sign Up where properties[""country""] == ""DE""",1`,
      "2026-11-21,Sign Up [Total Events],2",
      `2026-11-22,"Sign Up where properties[""country""] == ""DE""",1`,
      "2026-11-22,Sign Up [Total Events],1",
      `2026-11-23,"Sign Up where properties[""country""] == ""DE""",0`,
      "2026-11-23,Sign Up [Total Events],0",
    ]);
  });

  it("is an operand of a formula", async () => {
    const line = ["--event", `Sign Up where ${GERMAN}`, "--event", "Sign Up", "--formula", "A / B * 100", "--totals"];
    const [row] = await csv("insights", ...line);
    assert.equal(row, `A / B * 100,${2 / 3 * 100}`);
  });

  it("is one of several that count as one", async () => {
    const line = ["--event", 'Sign Up where properties["country"] == "US"', "--event", "Purchase", "--together"];
    assert.deepEqual(await csv("insights", ...line, "--totals"), ["Sign Up or Purchase [Total Events],3"]);
  });

  it("is a step of a funnel", async () => {
    const steps = ["Sign Up", 'Purchase where properties["amount"] > 20'];
    assert.deepEqual((await csv("funnel", ...steps)).map((row) => row.split(",").slice(0, 3)), [
      ["1", "Sign Up", "3"],
      ["2", "Purchase", "1"],
    ]);
  });

  it("begins retention, also with one event alone", async () => {
    const rows = await csv("retention", `Sign Up where ${GERMAN}`, "Purchase", "--unit", "day");
    assert.deepEqual(rows.map((row) => row.split(",").slice(0, 2)), [["2026-11-21", "1"], ["2026-11-22", "1"], [
      "2026-11-23",
      "0",
    ]]);
    const { behaviors } = (await params("retention", `Sign Up where ${GERMAN}`)).sections.show[0].behavior;
    assert.equal(behaviors[0].name, "Sign Up");
    assert.equal(behaviors[0].filters[0].value, "country");
    const [, ...asked] = await csv("retention", `Sign Up where ${GERMAN}`, "--unit", "day");
    assert.equal(asked.length, 2);
  });

  it("is the anchor of flows", async () => {
    const { steps } = await params("flows", "--from", `Sign Up where ${GERMAN}`);
    assert.equal(steps[0].event, "Sign Up");
    assert.deepEqual(steps[0].property_filter_params_list[0].filter, { operator: "==", operand: ["DE"] });
    const [anchor] = await csv("flows", "--from", `Sign Up where ${GERMAN}`, "--steps", "1");
    assert.match(anchor!, /^0,Sign Up,2,/);
  });

  it("is joined with the conditions of all", async () => {
    const both = await params(
      ...[
        "retention",
        `Sign Up where ${GERMAN}`,
        "Purchase",
        "--born-where",
        'properties["a"] < 1 or properties["a"] > 5',
      ],
    );
    const [{ filters, filtersDeterminer }] = both.sections.show[0].behavior.behaviors;
    assert.equal(filtersDeterminer, "all");
    assert.deepEqual(filters.map(({ filterOperator }: { filterOperator: string }) => filterOperator), [
      "equals",
      "not between",
    ]);
    const choice = 'properties["a"] == 1 or properties["b"] == 2';
    assert.match(
      await refusal("funnel", `Sign Up where ${GERMAN}`, "Purchase", "--where", choice),
      /"or" together with --where/,
    );
    assert.match(await refusal("retention", `Sign Up where ${choice}`, "--born-where", GERMAN), /--born-where/);
  });

  it("is refused at the place of the mistake, in the whole text", async () => {
    const stderr = await refusal("insights", "--event", 'Sign Up where number(properties["x"]) > 5');
    assert.match(stderr, /Sign Up where number\(properties\["x"\]\) > 5\n {2} {14}\^/);
    assert.match(stderr, /--event 'Sign Up where properties\["x"\] > 5'/);
    assert.match(await refusal("funnel", 'Sign Up where country == "DE"', "Purchase"), /\^/);
  });

  it("is refused where an event has none, and told to older questions", async () => {
    const typed = `Purchase where ${GERMAN}`;
    assert.match(await refusal("funnel", "Sign Up", "X", "--exclude", typed), /--exclude .*takes no conditions/);
    assert.match(await refusal("flows", "--from", "Sign Up", "--hide", typed), /--hide .*takes no conditions/);
    assert.match((await query("segmentation", typed)).stderr, /conditions stand in --where/);
  });

  it("is remarked on when nothing passes", async () => {
    const { stderr } = await query("insights", "--event", 'Sign Up where properties["country"] == "FR"');
    assert.match(stderr, /passed/);
  });

  for (const name of ["Places where I go", "where", " where x", "Somewhere where", "Anywhere == where"]) {
    it(`is no other event's name: ${JSON.stringify(name)}`, async () => {
      const { show } = (await params("insights", "--event", name)).sections;
      assert.equal(show[0].behavior.name, name);
      assert.deepEqual(show[0].behavior.filters, []);
    });
  }
});
