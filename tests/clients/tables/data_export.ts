import assert from "node:assert/strict";
import { join } from "node:path";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Call, Client } from "../client.ts";
import { installFromNpm } from "../../helpers/registries.ts";
import { SEED_ANNOTATION, SEED_DAY, SEED_EVENTS, SEED_FUNNEL } from "../seed.ts";
import { answers } from "./checks.ts";

const drivers = join(import.meta.dirname!, "..", "drivers");
const VERSION = "2.0.2";

/** A report's data, by what is looked at. */
const report = (pick: (answer: never) => unknown, wanted: unknown, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual(pick(answer as never), wanted),
});
const day = (value: unknown) => ({ [SEED_DAY]: value });
const names: Call = {
  shows: "the names of all events",
  check: (_lab, answer) => assert.deepEqual((answer as string[]).toSorted(), ["Seed Buy", "Seed View"]),
};
type Series = { data: { values: Record<string, unknown> } };

export const DATA_EXPORT: Client = {
  name: "mixpanel-data-export",
  registry: "npm",
  package: "mixpanel-data-export",
  version: VERSION,
  reaches: "the names `mixpanel.com` and `data.mixpanel.com` point to the emulator; it knows no proxies",
  install() {
    const installed = installFromNpm("mixpanel-data-export", VERSION);
    if ("reason" in installed) return installed;
    const env = { MP_CLIENT_FOLDER: installed.folder, MP_DAY: SEED_DAY };
    return { argv: ["node", "--require", join(drivers, "names.cjs"), join(drivers, "data_export.mjs")], env };
  },
  calls: {
    export: answers([SEED_EVENTS[3]], "the events of a name"),
    engage: report(
      ({ results }: { results: { $distinct_id: string }[] }) => results.map(({ $distinct_id }) => $distinct_id),
      ["seed-1"],
      "the profiles of a `where`",
    ),
    annotations: report(
      ([{ id: _id, ...only }]: [{ id: number }]) => only,
      { project_id: SANDBOX.projectId, ...SEED_ANNOTATION },
      "the annotations of a day",
    ),
    createAnnotation: answers(["Release", "Made"], "it is among those of its day"),
    updateAnnotation: answers(
      [[SEED_ANNOTATION.date, "Release"], [`${SEED_DAY} 13:00:00`, "Changed"]],
      "it has its new date and text",
    ),
    deleteAnnotation: answers(["Release"], "it is gone"),
    events: report(
      ({ data }: Series) => data.values,
      { "Seed View": day(3), "Seed Buy": day(1) },
      "counts by event and day",
    ),
    topEvents: report(
      ({ events }: { events: { event: string; amount: number }[] }) =>
        events.map(({ event, amount }) => [event, amount]),
      [["Today", 1]],
      "today's events with their counts",
    ),
    eventNames: names,
    eventProperties: report(
      ({ data }: Series) => data.values,
      { pro: day(2), free: day(1) },
      "counts by value and day",
    ),
    topEventProperties: report(
      (found: Record<string, { count: number }>) => [found.plan, found.amount],
      [{ count: 3 }, { count: 3 }],
      "properties with the number of their events",
    ),
    eventPropertyValues: answers(["pro", "free"], "values, the frequent ones first"),
    funnels: report(
      ({ data }: { data: Record<string, { steps: { event: string; count: number }[] }> }) =>
        data[SEED_DAY]!.steps.map(({ event, count }) => [event, count]),
      [["Seed View", 2], ["Seed Buy", 1]],
      "people by step",
    ),
    listFunnels: answers([{ funnel_id: SEED_FUNNEL.id, name: SEED_FUNNEL.name }], "saved funnels with their ids"),
    segmentation: report(({ data }: Series) => data.values, { pro: day(2), free: day(1) }, "counts by segment and day"),
    numericSegmentation: report(
      ({ data }: Series) =>
        Object.values(data.values).map((counts) => Object.values(counts as Record<string, number>)).flat().reduce((
          sum,
          count,
        ) => sum + count),
      3,
      "all events in ranges of numbers",
    ),
    sumSegmentation: report(({ results }: { results: unknown }) => results, day(12), "the sum of the day"),
    averageSegmentation: report(({ results }: { results: unknown }) => results, day(4), "the average of the day"),
    retention: report(
      (found: Record<string, { first: number; counts: number[] }>) => [
        found[SEED_DAY]!.first,
        found[SEED_DAY]!.counts[0],
      ],
      [2, 1],
      "people of the first day, and who came back",
    ),
    addiction: report(
      ({ data }: { data: Record<string, number[]> }) => data[SEED_DAY]!.slice(0, 2),
      [2, 0],
      "people by the number of their hours",
    ),
    get: names,
  },
};
