import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";
import { openQueryLab } from "./query_lab.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const mp = (...argv: string[]) => lab.mp([...argv, "--no-pacing"], { env: { HOME: folder.path("home") } });

describe("an error about something that is not there", () => {
  const UUID = "11111111-1111-4111-8111-111111111111";
  const cases: [string[], string][] = [
    [["query", "funnel", "99", "--last", "3d"], "mp funnels list"],
    [["cohorts", "members", "99"], "mp cohorts list"],
    [["annotations", "get", "99"], "mp annotations list"],
    [["experiments", "get", "none"], "mp experiments list"],
    [["flags", "get", "none"], "mp flags list"],
    [["flags", "get", UUID], "mp flags list"],
    [["lexicon", "get", "event", "none"], "mp lexicon list"],
    [["warehouse", "get", "99"], "mp warehouse list"],
    [["service-accounts", "get", "99"], "mp service-accounts list"],
    [["pipelines", "status", "none"], "mp pipelines list"],
    [["funnels", "list", "--project", "77"], "mp projects list"],
    [["lexicon", "list", "--project", "77"], "mp projects list"],
  ];
  for (const [argv, list] of cases) {
    it(`names '${list}' after mp ${argv.join(" ")}`, async () => {
      const { code, stderr } = await mp(...argv);
      assert.ok([2, 3, 4].includes(code), stderr);
      assert.match(stderr, new RegExp(`hint: .*'${list}'`));
    });
  }

  it("names the command that lists the ids, where what was typed is none", async () => {
    const before = lab.requests.length;
    const cases: [string[], string][] = [
      [["query", "funnel", "To purchase", "--last", "7d"], "mp funnels list"],
      [["cohorts", "members", "Paying"], "mp cohorts list"],
      [["annotations", "get", "x"], "mp annotations list"],
    ];
    for (const [argv, list] of cases) {
      const { code, stderr } = await mp(...argv);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`"${argv[2]}" is not a numeric id\nhint: '${list}' shows what there is`));
    }
    const born = await mp("query", "retention", "--last", "7d");
    assert.match(born.stderr, /: <born-event>: name the event that begins it, .*\nhint: 'mp events list' shows/);
    assert.equal(lab.requests.length, before);
  });

  it("says so of an event without properties, with the name that may be meant", async () => {
    const unknown = await mp("events", "properties", "No");
    assert.deepEqual([unknown.code, JSON.parse(unknown.stdout)], [0, {}]);
    assert.equal(unknown.stderr, "No properties of 'No' are known; 'mp events list' lists the names that exist\n");
    const world = { env: { HOME: folder.path("knows-events") } };
    await lab.mp(["events", "list", "-f", "table", "--no-pacing"], world);
    const near = await lab.mp(["events", "properties", "purchase", "--no-pacing"], world);
    assert.equal(near.stderr, "No properties of 'purchase' are known. Did you mean 'Purchase'?\n");
  });

  it("says so of users without events in the range, and of which range", async () => {
    const { stdout, stderr } = await mp("query", "activity", "zoe", "--from", "2026-11-21", "--to", "2026-11-22");
    assert.deepEqual(JSON.parse(stdout).results.events, []);
    assert.equal(
      stderr,
      "No events of 'zoe' from 2026-11-21 to 2026-11-22; a longer range looks further back\n",
    );
  });

  it("names the command that lists what was left out, and asks nothing in a pipe", async () => {
    const before = lab.requests.length;
    const cases: [string[], string][] = [
      [["query", "funnel", "--last", "7d"], "mp funnels list"],
      [["cohorts", "members"], "mp cohorts list"],
      [["query", "segmentation", "--last", "7d"], "mp events list"],
      [["query", "sum", "Sign Up", "--last", "7d"], "see 'mp query sum --help'"],
      [["events", "values"], "mp events properties EVENT"],
      [["experiments", "get"], "mp experiments list"],
    ];
    for (const [argv, hint] of cases) {
      const { code, stderr } = await mp(...argv);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`hint: .*${hint}`));
    }
    assert.equal(lab.requests.length, before);
  });

  it("is a short way to credentials: 'mp login' first, variables second", async () => {
    const { code, stderr } = await runProgram(["funnels", "list"], { env: { HOME: folder.path("nobody") } });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /no credentials are set\nhint: 'mp login' stores credentials; or set MP_USERNAME and MP_SECRET/,
    );
  });
});

describe("a report that counts nothing", () => {
  const note = async (...argv: string[]) => {
    const before = lab.requests.length;
    const { code, stderr } = await mp("query", ...argv);
    assert.equal(code, 0, stderr);
    return { stderr, queries: lab.requests.length - before };
  };

  it("says so, and which command lists the names, where nothing is known of them", async () => {
    const listed = /^No 'Sgn Up' in these days; 'mp events list' lists the names that exist\n$/;
    for (
      const argv of [
        ["segmentation", "Sgn Up"],
        ["segmentation", "Sgn Up", "--compare", "previous"],
        ["events", "Sign Up", "Sgn Up"],
        ["retention", "Sgn Up"],
        ["retention", "Sign Up", "--event", "Sgn Up"],
        ["frequency", "--event", "Sgn Up"],
      ]
    ) assert.match((await note(...argv, "--last", "3d")).stderr, listed, argv.join(" "));
    assert.match(
      (await note("active", "Sgn Up", "--last", "3d")).stderr,
      /No 'Sgn Up' in these days; 'mp events list'/,
    );
  });

  it("does not say so when something was counted", async () => {
    for (
      const argv of [["segmentation", "Sign Up"], ["events", "Sign Up", "Purchase"], ["sum", "Purchase", "amount"]]
    ) {
      assert.doesNotMatch((await note(...argv, "--last", "3d")).stderr, /^No |is 0/m);
    }
  });

  it("names the nearest of those that 'mp events list' has shown", async () => {
    const world = { env: { HOME: folder.path("listed") } };
    assert.equal((await lab.mp(["events", "list", "-f", "csv"], world)).code, 0);
    const { stderr } = await lab.mp(["query", "segmentation", "Purchse", "--last", "3d"], world);
    assert.equal(stderr, "No 'Purchse' in these days. Did you mean 'Purchase'?\n");
  });

  it("names the nearest names that exist, from what completion has kept, without a query more", async () => {
    const world = { env: { HOME: folder.path("home") } };
    const words = ["query", "segmentation", ""];
    assert.equal((await lab.mp(["__complete", "--fetch", JSON.stringify({ kind: "events", words })], world)).code, 0);
    const properties = JSON.stringify({ kind: "properties", event: "Purchase", words });
    assert.equal((await lab.mp(["__complete", "--fetch", properties], world)).code, 0);

    const days = ["--last", "3d"];
    const misspelt = await note("segmentation", "Purchse", ...days);
    assert.deepEqual(misspelt, { stderr: "No 'Purchse' in these days. Did you mean 'Purchase'?\n", queries: 1 });
    assert.equal(
      (await note("events", "Sign Up", "Purchse", "Sgn Up", ...days)).stderr,
      "No 'Purchse' or 'Sgn Up' in these days. Did you mean 'Purchase' and 'Sign Up'?\n",
    );
    assert.equal(
      (await note("segmentation", "Purchase", "--where", 'properties["amout"] > 3', ...days)).stderr,
      `No 'Purchase' in these days passed --where. Did you mean 'properties["amount"] > 3'?\n`,
    );
    assert.equal(
      (await note("segmentation", "Purchase", "--on", 'properties["contry"]', ...days)).stderr,
      `No 'Purchase' has a value for properties["contry"]. Did you mean --on 'properties["country"]'?\n`,
    );
    assert.equal(
      (await note("sum", "Purchase", 'properties["amout"]', ...days)).stderr,
      `'Purchase' by properties["amout"] is 0 in all of these days. Did you mean 'properties["amount"]'?\n`,
    );
    assert.equal(
      (await note("segmentation", "Purchase", "--from", "2020-01-01", "--to", "2020-01-02")).stderr,
      "No 'Purchase' in these days\n",
    );
    assert.equal(
      (await note("funnel", "7001", "--from", "2020-01-01", "--to", "2020-01-02")).stderr,
      "No 'Sign Up' in these days\n",
    );
  });
});
