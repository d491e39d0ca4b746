import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { planLabs } from "./plan_lab.ts";

const withPlan = planLabs();

const RETENTION = JSON.stringify({
  sections: {
    show: [{
      type: "metric",
      behavior: {
        type: "retention",
        resourceType: "events",
        retentionType: "birth",
        retentionUnit: "week",
        behaviors: ["Sign Up", "Purchase"].map((name) => ({ type: "event", name, filters: [] })),
        filters: [],
      },
      measurement: { math: "retention_rate" },
    }],
    filter: [],
    group: [],
    time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }],
  },
  displayOptions: { chartType: "retention-curve" },
});

const RULESET = '{"variants":[{"key":"on","value":null,"is_control":false,"split":1}],"rollout":[]}';

/** As people write them: what says nothing is written out, and what servers add is not there. */
const BY_HAND: [path: string, text: string][] = [
  [
    "events/refund.toml",
    `name = "Refund"\ndescription = ""\ntags = []\nhidden = false\nrequired = []\nverified = false
[properties.why]\ntype = "string"\ndescription = ""\nhidden = false\n`,
  ],
  ["properties/colour.toml", 'name = "colour"\ndescription = "Of the cup"\nhidden = false\n'],
  ["custom-events/money.toml", `name = "Money"\nalternatives = '[{"event":"Purchase"}]'\ntags = []\nhidden = false\n`],
  [
    "custom-properties/twice.toml",
    `name = "Twice"\nresourceType = "events"\nisVisible = true\nisLocked = false
displayFormula = "A * 2"\npropertyType = "number"\ncomposedProperties = '{"A":{"value":"amount","type":"number","resourceType":"event"}}'\n`,
  ],
  [
    "cohorts/all.toml",
    `name = "All"\nis_visible = true\ndescription = ""\nbehaviors = '{}'
selector = '{"operator":"and","children":[{"property":"user","value":"plan","operator":"defined"}]}'\n`,
  ],
  ["drop-filters/x.toml", `name = "X"\nactive = true\nfilters = '[{"value":"plan","filterOperator":"is set"}]'\n`],
  [
    "metrics/m.toml",
    `name = "M"\ntype = "metric"\nverified = false\ngoals = '[]'\ndisplay = '{}'
definition = '{"behavior":{"type":"event","name":"Purchase"},"measurement":{"math":"total"}}'\n`,
  ],
  [
    "boards/hand.toml",
    `name = "Hand"\ndescription = ""\nfilters = '[]'\n[[rows]]\nheight = 0\n[[rows.cells]]\nwidth = 12
[rows.cells.report]\nname = "R"\ntype = "retention"\nparams = '${RETENTION}'\n`,
  ],
  [
    "reports/r.toml",
    `name = "Loose"\ntype = "retention"\ndashboard_id = 9501\nparams = '${RETENTION}'\n`,
  ],
  [
    "flags/plain.toml",
    `name = "plain"\ntitle = "Plain"\ntags = []\ncontext = "distinct_id"\nserving_method = "client"\nruleset = '${RULESET}'\n`,
  ],
];

describe("a plan that is written by hand", () => {
  for (const [path, text] of BY_HAND) {
    it(`is no difference once it is applied: ${path}`, () =>
      withPlan(async ({ write, done, folder, changes }) => {
        write(path, text);
        await done("apply", folder, "--yes");
        assert.deepEqual((await changes()).filter(({ action }) => action !== "delete"), []);
      }));
  }

  it("saves a report with what the web page needs to show it", () =>
    withPlan(async ({ write, done, folder, mp }) => {
      write(...BY_HAND.find(([path]) => path === "reports/r.toml")!);
      await done("apply", folder, "--yes");
      const { stdout } = await mp(["reports", "list"]);
      const { results } = JSON.parse(stdout).results;
      const found = results.find(({ name }: { name: string }) => name === "Loose");
      assert.deepEqual(found.params.columnWidths, { bar: {} });
    }));

  // The boundaries of what is sent are those of the operations: the fact sheet, 6.1, and the published schemas.
  const refused: [path: string, text: string, message: RegExp][] = [
    [
      "boards/b.toml",
      'name = "B"\n[[rows]]\nheight = 0\n[[rows.cells]]\nwidth = 11\ntext = "<p>x</p>"\n',
      /boards\/B: rows/,
    ],
    ["flags/f.toml", 'name = "f"\n', /flags\/f: name/],
    ["events/e.toml", 'name = "E"\n[properties.a]\ntype = "float"\n', /events\/E: entries/],
    ["reports/r.toml", `name = "R"\ntype = "insights"\nparams = '{}'\n`, /reports\/R: dashboard_id/],
    ["metrics/m.toml", 'name = "M"\ntype = "sum"\n', /metrics\/M: type/],
  ];
  for (const [path, text, message] of refused) {
    it(`is refused before anything is changed, and by a check: ${path}`, () =>
      withPlan(async ({ write, plan, folder, requests }) => {
        write("tags/new.toml", 'name = "new"\n');
        write(path, text);
        const checked = await plan("check", folder);
        assert.equal(requests.length, 0);
        assert.deepEqual([checked.code, message.test(checked.stderr)], [9, true], checked.stderr);
        const { code, stderr } = await plan("apply", folder, "--yes");
        assert.deepEqual([code, message.test(stderr)], [3, true], stderr);
        assert.deepEqual(requests.filter(({ method }) => method !== "GET"), []);
      }));
  }

  const silent: [text: string, message: RegExp][] = [
    ["volume = 5", /volume/],
    ['[volume]\nmin = "many"', /volume\.min/],
    ["[volume]\nmin = 5\nmax = 2", /volume: min is more than max/],
    ["[volume]\nmost = 3", /volume has no field "most"/],
    ['required = "amount"', /required/],
    ["properties = 3", /properties/],
    ['[properties.a]\ntype = "string"\nenum = "x"', /properties\.a\.enum/],
  ];
  for (const [text, message] of silent) {
    it(`is refused where nothing could be checked by it: ${text.replaceAll("\n", " ")}`, () =>
      withPlan(async ({ write, plan, folder }) => {
        const path = write("events/purchase.toml", `name = "Purchase"\n${text}\n`);
        const { code, stderr } = await plan("check", folder);
        assert.deepEqual([code, stderr.startsWith(`mp: Cannot read ${path}: `)], [3, true], stderr);
        assert.match(stderr, message);
      }));
  }

  it("is refused by a check when cohorts refer to each other", () =>
    withPlan(async ({ write, plan, folder }) => {
      const cohort = (name: string, other: string) =>
        `name = "${name}"\nselector = '{"operator":"and","children":[{"property":"cohort","value":{"$ref":"cohorts/${other}"}}]}'`;
      write("cohorts/a.toml", cohort("A", "B"));
      write("cohorts/b.toml", cohort("B", "A"));
      const { code, stderr } = await plan("check", folder);
      assert.equal(code, 9);
      assert.match(stderr, /cohorts\/A refers to itself, through cohorts\/B\n/);
    }));

  it("has files that no file system takes for one another", () =>
    withPlan(async ({ write, done, folder, mp }) => {
      const other = write("tags/NEW.toml", 'name = "other"\n');
      for (const name of ["other", "new"]) await mp(["lexicon", "tags", "create", name]);
      await done("export", folder, "--only", "tags");
      const names = readdirSync(`${folder}/tags`).map((name) => name.toLowerCase());
      assert.equal(new Set(names).size, names.length);
      assert.equal(readFileSync(other, "utf8"), 'name = "other"\n');
    }));
});

describe("a part of a plan", () => {
  it("has the names of what it refers to in other kinds", () =>
    withPlan(async ({ write, done, plan, folder, changes, mp, emptyProject }) => {
      await mp([
        "reports",
        "create",
        "Loose",
        "--board",
        "9501",
        "--type",
        "insights",
        "--params",
        '{"cohort":{"id":8001}}',
      ]);
      await done("export", folder);
      assert.match(readFileSync(`${folder}/reports/loose.toml`, "utf8"), /"cohorts\/Subscribers"/);
      assert.deepEqual(await changes("--only", "reports"), []);
      const { stderr } = await done("export", folder, "--only", "reports");
      assert.doesNotMatch(stderr, /which is not in the project/);
      assert.match(readFileSync(`${folder}/reports/loose.toml`, "utf8"), /"cohorts\/Subscribers"/);
      const other = await emptyProject();
      const refused = await plan("apply", folder, "--only", "reports", "--yes", "--project", other);
      assert.match(
        refused.stderr,
        /reports\/Loose refers to cohorts\/Subscribers, which is neither in the plan nor in the project/,
      );
      await done("apply", folder, "--only", "cohorts", "--only", "boards", "--yes", "--project", other);
      await done("apply", folder, "--only", "reports", "--yes", "--project", other);
      assert.deepEqual(await changes("--only", "reports", "--project", other), []);
      write("reports/loose.toml", readFileSync(`${folder}/reports/loose.toml`, "utf8").replace("Loose", "Other"));
      const diff = await plan("diff", folder, "--only", "reports");
      assert.match(diff.stderr, /apply them with: mp plan apply \S+ --only reports\n/);
    }));
});

describe("what a plan changes", () => {
  it("leaves the rest of a flag as it is", () =>
    withPlan(async ({ done, folder, mp }) => {
      const made = await mp(["experiments", "create", "Which", "--jq", ".results.id"]);
      const id = made.stdout.trim().replaceAll('"', "");
      const flag = (await mp(["flags", "list", "--jq", '.results[] | select(.key == "price-badge").id'])).stdout.trim();
      await mp(["flags", "update", flag.replaceAll('"', ""), "--experiment-id", id]);
      const read = async () => {
        const { stdout } = await mp(["flags", "list", "--jq", '.results[] | select(.key == "price-badge")']);
        const { experiment_id, hash_salt, status } = JSON.parse(stdout);
        return { experiment_id, hash_salt, status };
      };
      const before = await read();
      assert.equal(before.experiment_id, id, made.stderr);
      await done("export", folder);
      const path = `${folder}/flags/price-badge.toml`;
      const text = readFileSync(path, "utf8").replace(/^(?:hash_salt|status) = .*\n/gm, "").replace(
        /^title = .*/m,
        'title = "New"',
      );
      writeFileSync(path, text);
      await done("apply", folder, "--yes");
      assert.deepEqual(await read(), before);
    }));

  it("deletes nothing that something of the plan refers to", () =>
    withPlan(async ({ done, plan, folder, changes }) => {
      await done("export", folder);
      rmSync(`${folder}/cohorts/subscribers.toml`);
      const { code, stderr } = await plan("apply", folder, "--prune", "--yes");
      assert.equal(code, 3);
      assert.match(stderr, /Cannot delete cohorts\/Subscribers: cohorts\/Drifting subscribers refers to it\n/);
      assert.equal((await changes()).length, 1);
    }));

  it("deletes what refers to others before them", () =>
    withPlan(async ({ done, folder, requests, mp }) => {
      await mp(["cohorts", "create", "All of them", "--did", "Purchase", "--within", "30d"]);
      await done("export", folder);
      // In the project's order the first one refers to the last.
      const changed = `${folder}/cohorts/big-spenders.toml`;
      const selector =
        `'{"operator":"and","children":[{"property":"cohort","value":{"$ref":"cohorts/All of them"},"operator":"in"}]}'`;
      writeFileSync(changed, `name = "Big spenders"\nselector = ${selector}\n`);
      await done("apply", folder, "--yes");
      rmSync(changed);
      rmSync(`${folder}/cohorts/all-of-them.toml`);
      const list = await mp(["cohorts", "list", "--details", "--jq", "[.results[] | [.name, .id]]"]);
      const idOf = new Map<string, number>(JSON.parse(list.stdout));
      await done("apply", folder, "--prune", "--yes");
      const deleted = requests.filter(({ method }) => method === "DELETE").map(({ path }) =>
        Number(path.split("/").at(-1))
      );
      assert.deepEqual(deleted, [idOf.get("Big spenders"), idOf.get("All of them")]);
    }));

  it("is changed by one process at a time", () =>
    withPlan(async ({ write, plan, folder, changes }) => {
      write("tags/new.toml", 'name = "new"\n');
      write("annotation-tags/new.toml", 'name = "new"\n');
      const both = await Promise.all([1, 2].map(() => plan("apply", folder, "--yes")));
      assert.deepEqual(both.map(({ code }) => code).sort(), [0, 1]);
      assert.match(
        both.find(({ code }) => code === 1)!.stderr,
        /Cannot write project 1000001: another mp is writing it/,
      );
      assert.deepEqual((await changes()).filter(({ name }) => name === "new"), []);
    }));

  it("is read with a byte order mark and line ends of Windows", () =>
    withPlan(async ({ done, folder, changes }) => {
      await done("export", folder);
      for (const kind of readdirSync(folder)) {
        for (const file of readdirSync(`${folder}/${kind}`)) {
          const path = `${folder}/${kind}/${file}`;
          writeFileSync(path, `\ufeff${readFileSync(path, "utf8").replaceAll("\n", "\r\n")}`);
        }
      }
      assert.deepEqual(await changes(), []);
    }));
});
