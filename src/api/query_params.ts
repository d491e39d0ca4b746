/** What the operations of the Query API have in common. */
import { z } from "zod";
import type { CredentialKind } from "../client/types.ts";
import { choice, day } from "./params.ts";

export const QUERY_AUTH: readonly CredentialKind[] = ["service_account", "oauth", "project_secret"];

/** What all reports have in common. */
export const query = { auth: QUERY_AUTH, quota: "query" as const };

/** The range of days that a report is about. */
export const fromDate = day("First day, in the project's time zone", { flag: "from" });
export const toDate = day("Last day, included", { flag: "to" });

/** What is counted of an event. */
export const countingType = choice(
  ["general", "unique", "average"],
  "Count all events, the users who did them, or events per user",
  { flag: "math", aliases: ["type"] },
);

/** Buckets by label, per segment or event: the answer of most counting endpoints. */
export const seriesResult = z.looseObject({
  data: z.looseObject({
    series: z.array(z.string()),
    values: z.record(z.string(), z.record(z.string(), z.number())),
  }),
  legend_size: z.number().optional(),
});
