import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planLabs } from "../plan_lab.ts";

const inLab = planLabs();

/** A report that asks for a cohort, a custom event, a custom property, a saved metric and a saved behavior: facts 2 and 9. */
function params(ids: { cohort: number; event: number; property: number; metric: number; behavior: number }) {
  const { cohort, event, property, metric, behavior } = ids;
  return {
    sections: {
      show: [
        {
          type: "metric",
          behavior: { type: "custom-event", id: event, name: `$custom_event:${event}`, filters: [] },
          measurement: { math: "total", property: { customPropertyId: property, name: "Price per item" } },
        },
        { type: "metric", id: metric, overrides: {} },
        { type: "metric", behavior: { type: "funnel", id: behavior }, measurement: { math: "conversion_rate" } },
      ],
      filter: [{
        resourceType: "events",
        value: "$cohorts",
        filterType: "list",
        filterOperator: "contains",
        filterValue: [{ cohort: { id: cohort, name: "Subscribers", negated: false } }],
      }],
      group: [],
      time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }],
    },
    displayOptions: { chartType: "line" },
  };
}

const KINDS = ["cohorts", "custom-events", "custom-properties", "metrics", "behaviors"];
const only = KINDS.flatMap((kind) => ["--only", kind]);

describe("mp boards copy into another project", () => {
  it("refers to what has the same names there, and refuses when something is missing", () =>
    inLab(async ({ mp, done, folder, emptyProject, requests }) => {
      const ids = async (project: string) => {
        const idOf = async (argv: string[], pick: string) => {
          const { stdout, stderr } = await mp([...argv, "--project", project, "--jq", pick]);
          return Number(stdout.trim() || assert.fail(`${argv.join(" ")}: ${stderr}`));
        };
        return {
          cohort: await idOf(["cohorts", "list", "--details"], '.results[] | select(.name == "Subscribers").id'),
          event: await idOf(["custom-events", "list"], '.results[] | select(.name == "Paid").customEventId'),
          property: await idOf(
            ["custom-properties", "list"],
            '.results[] | select(.name == "Price per item").customPropertyId',
          ),
          metric: await idOf(["metrics", "list"], '.results[] | select(.name == "Revenue").id'),
          behavior: await idOf(["behaviors", "list"], '.results[] | select(.type == "funnel").id'),
        };
      };
      const own = await ids("1000001");
      const json = JSON.stringify(params(own));
      await mp(["boards", "contents", "add", "9501", "--name", "Refers", "--type", "insights", "--params", json]);
      const project = await emptyProject();
      const before = requests.length;
      const refused = await mp(["boards", "copy", "9501", "--to-project", project]);
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /Cannot copy board 9501: project \d+ does not have .*cohorts\/Subscribers/);
      assert.match(
        refused.stderr,
        /hint: 'mp plan export FOLDER .*--only cohorts.*' and 'mp plan apply FOLDER --project/,
      );
      assert.deepEqual(requests.slice(before).filter(({ method }) => method !== "GET"), []);
      // Ids there are others, since something else is there already.
      await mp(["cohorts", "create", "First", "--did", "Purchase", "--within", "30d", "--project", project]);
      await done("export", folder, ...only);
      await done("apply", folder, ...only, "--yes", "--project", project);
      const there = await ids(project);
      const copied = await mp(["boards", "copy", "9501", "--to-project", project, "--jq", ".id"]);
      assert.equal(copied.code, 0, copied.stderr);
      const board = await mp(["boards", "get", copied.stdout.trim(), "--project", project]);
      const reports = Object.values<{ name: string; params: unknown }>(
        JSON.parse(board.stdout).results.contents.report,
      );
      const found = reports.find(({ name }) => name === "Refers")!.params;
      assert.deepEqual(typeof found === "string" ? JSON.parse(found) : found, params(there));
      assert.notDeepEqual(there, own);
    }));

  it("leaves ids as they are where that is asked for, and says which", () =>
    inLab(async ({ mp, emptyProject }) => {
      const flow = JSON.stringify({ steps: [{ event: "Purchase", forward: 3 }], filter_by_cohort: { id: 8001 } });
      await mp(["boards", "contents", "add", "9501", "--name", "Flow", "--type", "flows", "--params", flow]);
      const project = await emptyProject();
      const { code, stderr } = await mp(["boards", "copy", "9501", "--to-project", project, "--allow-missing"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^Project \d+ has no cohorts\/Subscribers: the id stays\n/);
      const alone = await mp(["boards", "copy", "9501", "--allow-missing"]);
      assert.deepEqual([alone.code, /Cannot use --allow-missing without --to-project/.test(alone.stderr)], [3, true]);
    }));
});
