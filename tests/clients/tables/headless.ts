import assert from "node:assert/strict";
import { join } from "node:path";
import { HEADLESS as PACKAGES, installPackages } from "../../helpers/python_packages.ts";
import type { Call, Client } from "../client.ts";
import { SEED_COHORT, SEED_DAY, SEED_FLOW, SEED_FUNNEL, SEED_REPORT } from "../seed.ts";
import { answers } from "./checks.ts";

const driver = join(import.meta.dirname!, "..", "drivers", "headless.py");

/** Members of the answer. */
const has = (wanted: Record<string, unknown>, shows: string): Call => ({
  shows,
  check(_lab, answer) {
    const found = answer as Record<string, unknown>;
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, found[key]])), wanted);
  },
});
const day = (value: unknown) => ({ [SEED_DAY]: value });
/** As saved reports have it, with the offset of the project's zone. */
const dated = (value: unknown) => ({ [`${SEED_DAY}T00:00:00+00:00`]: value });
const unpublished = { not: "asks a route that is not published, which the emulator lacks" };

export const HEADLESS: Client = {
  name: "mixpanel-headless: mp query, mp inspect and typed queries",
  registry: "PyPI",
  package: "mixpanel-headless",
  version: "0.4.0",
  reaches: "`HTTPS_PROXY` and `SSL_CERT_FILE`; it also has `MP_API_BASE_URL`",
  install() {
    const installed = installPackages(PACKAGES);
    const env = {
      MP_DAY: SEED_DAY,
      MP_COHORT: String(SEED_COHORT.id),
      MP_REPORT: String(SEED_REPORT.id),
      MP_FLOW: String(SEED_FLOW.id),
    };
    return "reason" in installed ? installed : { argv: [installed.python, driver], env };
  },
  calls: {
    "inspect events": answers(["Seed Buy", "Seed View"], "the names of all events"),
    "inspect properties": {
      shows: "the properties of an event",
      check(_lab, answer) {
        for (const name of ["plan", "amount"]) assert.ok((answer as string[]).includes(name), name);
      },
    },
    "inspect values": answers(["pro", "free"], "the values of a property"),
    "inspect subproperties": { not: "made of `properties` and `values`, which are called" },
    "inspect funnels": answers([{ funnel_id: SEED_FUNNEL.id, name: SEED_FUNNEL.name }], "saved funnels"),
    "inspect cohorts": answers(
      [{ id: SEED_COHORT.id, name: SEED_COHORT.name, count: 1, description: "" }],
      "saved cohorts with the number of their members",
    ),
    "inspect top-events": answers([], "nothing has happened today"),
    "inspect bookmarks": unpublished,
    "inspect lexicon-schemas": answers([], "no schemas"),
    "inspect lexicon-schema": { not: "reads one of `lexicon-schemas`, which is called" },
    "inspect schema-graph": { not: "made of `lexicon-schemas` and `properties`, which are called" },
    "query segmentation": has({ total: 3, series: { pro: day(2), free: day(1) } }, "counts by segment and day"),
    "query funnel": has({
      conversion_rate: 0.5,
      steps: [
        { event: "Seed View", count: 2, conversion_rate: 1 },
        { event: "Seed Buy", count: 1, conversion_rate: 0.5 },
      ],
    }, "people by step"),
    "query retention": {
      shows: "people of the first day, and the share that came back",
      check(_lab, answer) {
        const { cohorts: [{ date, size, retention }] } = answer as {
          cohorts: [{ date: string; size: number; retention: number[] }];
        };
        assert.deepEqual([date, size, retention[0]], [SEED_DAY, 2, 0.5]);
      },
    },
    "query event-counts": has({ series: { "Seed View": day(3), "Seed Buy": day(1) } }, "counts by event and day"),
    "query property-counts": has({ series: { pro: day(2), free: day(1) } }, "counts by value and day"),
    "query activity-feed": unpublished,
    "query saved-report": has({ series: { Views: dated(3) } }, "the numbers of a saved report"),
    "query flows": {
      shows: "the nodes of saved flows",
      check(_lab, answer) {
        const { steps: [{ nodes: [node] }] } = answer as {
          steps: [{ nodes: [{ event: string; totalCount: string }] }];
        };
        assert.deepEqual([node.event, node.totalCount], ["Seed View", "2"]);
      },
    },
    "query frequency": {
      shows: "people by the number of their hours",
      check(_lab, answer) {
        const { data } = answer as { data: Record<string, number[]> };
        assert.deepEqual(data[SEED_DAY]!.slice(0, 2), [2, 0]);
      },
    },
    "query segmentation-numeric": {
      shows: "all events in ranges of numbers",
      check(_lab, answer) {
        const { series } = answer as { series: Record<string, Record<string, number>> };
        assert.equal(Object.values(series).reduce((sum, one) => sum + (one[SEED_DAY] ?? 0), 0), 3);
      },
    },
    "query segmentation-sum": has({ results: day(12) }, "the sum of the day"),
    "query segmentation-average": has({ results: day(4) }, "the average of the day"),
    "Workspace.query": answers({
      "by day": [3],
      people: { "Seed View [Unique Users]": 2 },
      "sum by plan": { "Seed View [Sum of amount]": { $overall: 12, pro: 8, free: 4 } },
      median: { "Seed View [Median of amount]": 4 },
      "largest sum of a person": { "Seed View [Maximum of amount]": 8 },
      filtered: { "Seed View [Total Events]": 1 },
      formula: { Rate: 1 / 3 * 100 },
      cohort: { "Pro [Unique Users]": 1 },
      "of a cohort": { "Seed View [Total Events]": 2 },
      "custom property": { "Seed View [Sum of custom property]": 24 },
      funnel: { Bought: 0.5, "Seed View [Total Events]": 3 },
    }, "insights: math, groups, filters, formulas, cohorts, custom properties, a funnel as a metric"),
    "Workspace.query_funnel": answers(
      { counts: [2, 1], rate: 0.5, seconds: 180, free: 1, excluded: [2, 0] },
      "a funnel by steps, by a property, and with an exclusion",
    ),
    "Workspace.query_retention": answers({
      cohorts: { [SEED_DAY]: { first: 2, counts: [2, 0, 0], rates: [1, 0, 0] } },
      average: 1,
    }, "retention with buckets of custom sizes"),
    "Workspace.query_flow": answers({
      nodes: [
        "0 Seed View ANCHOR 2",
        "1 Seed View NORMAL 1",
        "1 DROPOFF DROPOFF 1",
        "2 Seed Buy NORMAL 1",
        "2 DROPOFF DROPOFF 1",
      ],
      edges: 4,
      paths: [["Seed View", "DROPOFF"], ["Seed View", "Seed View", "Seed Buy"]],
      tree: ["Seed View", 1, ["Seed View"]],
    }, "flows as a diagram, as paths and as a tree"),
    "Workspace.query_saved_report": answers({ Views: dated(3) }, "the numbers of a saved report"),
    "Workspace.query_saved_flows": answers("2", "saved flows"),
    "Workspace.query_report_link": { not: "opens a link of the web application" },
    "Workspace.query_user": answers(["seed-1", "seed-2"], "profiles"),
  },
};
