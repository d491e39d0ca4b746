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
  savedObjects.put(PROJECT_ID, "report", 9001, {
    name: "Sign-ups",
    type: "insights",
    events: ["Sign Up"],
    unit: "day",
    days: 3,
  });
  savedObjects.put(PROJECT_ID, "report", 9005, { name: "No", type: "insights", events: ["No"], unit: "day", days: 3 });
  savedObjects.put(PROJECT_ID, "report", 9002, { name: "Funnel", type: "funnels", funnelId: 7001, days: 3 });
  savedObjects.put(PROJECT_ID, "report", 9003, {
    name: "Again",
    type: "retention",
    bornEvent: "Sign Up",
    event: "Purchase",
    unit: "day",
    intervalCount: 1,
    days: 3,
  });
  return lab;
}

/** Rows of a table in a pipe, without its two head lines: cells are parted by two spaces. */
export function cells(table: string): string[][] {
  return table.trimEnd().split("\n").slice(2).map((line) => line.trim().split(/\s{2,}/));
}
