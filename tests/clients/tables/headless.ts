import assert from "node:assert/strict";
import { join } from "node:path";
import { HEADLESS as PACKAGES, installPackages } from "../../helpers/python_packages.ts";
import type { Call, Client } from "../client.ts";
import { SEED_COHORT, SEED_DAY, SEED_FUNNEL } from "../seed.ts";
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
const unpublished = { not: "asks a route that is not published, which the emulator lacks" };

export const HEADLESS: Client = {
  name: "mixpanel-headless: mp query and mp inspect",
  registry: "PyPI",
  package: "mixpanel-headless",
  version: "0.4.0",
  reaches: "`HTTPS_PROXY` and `SSL_CERT_FILE`; it also has `MP_API_BASE_URL`",
  install() {
    const installed = installPackages(PACKAGES);
    return "reason" in installed ? installed : { argv: [installed.python, driver], env: { MP_DAY: SEED_DAY } };
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
    "query saved-report": { not: "reads a report that somebody has saved in the web application" },
    "query flows": { not: "reads a report that somebody has saved in the web application" },
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
  },
};
