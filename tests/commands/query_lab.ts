/** A program lab with five sign-ups and two purchases of three people over three days, and reports on them. */
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

export const PROJECT_ID = SANDBOX.projectId;

export function openQueryLab(): ProgramLab {
  const lab = openProgramLab();
  let number = 0;
  const event = (name: string, time: string, distinct_id: string, more: object = {}) =>
    rowOfRecord({
      event: name,
      properties: { time: Date.parse(`${time}Z`) / 1000, distinct_id, $insert_id: `i-${number++}`, ...more },
    });
  lab.store.events.append(PROJECT_ID, [
    event("Sign Up", "2026-11-21T08:00:00", "ann", { country: "DE" }),
    event("Sign Up", "2026-11-21T09:00:00", "bob", { country: "US" }),
    event("Sign Up", "2026-11-22T10:00:00", "cid", { country: "DE" }),
    event("Purchase", "2026-11-22T11:00:00", "ann", { amount: 30, country: "DE" }),
    event("Purchase", "2026-11-23T03:00:00", "cid", { amount: 12.5, country: "DE" }),
  ]);
  for (const [id, plan] of [["ann", "pro"], ["bob", "free"], ["cid", "pro"]]) {
    lab.store.profiles.put(PROJECT_ID, "", id!, { plan, $email: `${id}@example.com` });
  }
  const { savedObjects } = lab.store;
  savedObjects.put(PROJECT_ID, "funnel", 7001, { name: "To purchase", steps: ["Sign Up", "Purchase"] });
  savedObjects.put(PROJECT_ID, "cohort", 8001, { name: "Paying", selector: 'properties["plan"] == "pro"' });
  const saveReport = (id: number, name: string, type: string, params: object) =>
    savedObjects.put(PROJECT_ID, "report", id, { name, type, params });
  saveReport(9001, "Sign-ups", "insights", params(counted("Sign Up"), "line"));
  saveReport(9005, "No", "insights", params(counted("No"), "line"));
  saveReport(
    9002,
    "Funnel",
    "funnels",
    params({
      behavior: {
        ...{ type: "funnel", resourceType: "events", funnelOrder: "loose" },
        ...{ conversionWindowDuration: 14, conversionWindowUnit: "day" },
        behaviors: [eventBehavior("Sign Up"), eventBehavior("Purchase")],
      },
      measurement: { math: "conversion_rate_unique" },
    }, "funnel-steps"),
  );
  saveReport(
    9003,
    "Again",
    "retention",
    params({
      behavior: {
        ...{ type: "retention", resourceType: "events", retentionType: "birth", retentionUnit: "day" },
        ...{ retentionAlignmentType: "birth", retentionCustomBucketSizes: [], retentionUnboundedMode: "none" },
        behaviors: [eventBehavior("Sign Up"), eventBehavior("Purchase")],
      },
      measurement: { math: "retention_rate" },
    }, "retention-curve"),
  );
  return lab;
}

/** What a report of the last three days asks, as the web page has it. */
function params(metric: object, chartType: string): object {
  return {
    sections: {
      show: [{ type: "metric", ...metric }],
      time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 3 } }],
      filter: [],
      group: [],
    },
    displayOptions: { chartType },
  };
}

const eventBehavior = (name: string) => ({
  type: "event",
  name,
  resourceType: "events",
  filtersDeterminer: "all",
  filters: [],
});
const counted = (name: string) => ({ behavior: eventBehavior(name), measurement: { math: "total" } });

/** Rows of a table in a pipe, without its two head lines: cells are parted by two spaces. */
export function cells(table: string): string[][] {
  return table.trimEnd().split("\n").slice(2).map((line) => line.trim().split(/\s{2,}/));
}
