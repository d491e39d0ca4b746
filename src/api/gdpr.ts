/**
 * Requests of data protection law: everything about a user exported, or deleted. They are tasks that take up to 30
 * days, one request a second, with an OAuth token that an owner or admin makes under their personal settings.
 */
import { z } from "zod";
import { saysOkOr } from "./done_answer.ts";
import { del, get, operation, post } from "./operation.ts";
import { anyId, choice, text } from "./params.ts";

/** Most users in one request. */
export const MAX_IDS_PER_REQUEST = 2000;

const gdpr = { auth: ["oauth"], token: "query", quota: "gdpr", envelope: true } as const;

const users = {
  distinct_ids: z.array(z.string().min(1)).min(1).max(MAX_IDS_PER_REQUEST)
    .meta({ placeholder: "ID", description: "Whose data" }),
  compliance_type: choice(["GDPR", "CCPA"], "The law that applies; default GDPR").optional(),
};

const DISCLOSURES = ["Data", "Categories", "Sources"];

/** The reference writes it in capitals; the published form is sent. */
const disclosure = z.string()
  .refine((word) => DISCLOSURES.some((one) => one.toLowerCase() === word.toLowerCase()), {
    error: (issue) => `${JSON.stringify(issue.input)} is not one of ${DISCLOSURES.join(", ")}`,
  })
  .transform((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
  .meta({ placeholder: DISCLOSURES.join("|"), description: "What to disclose, with CCPA; default Data" });

const trackingId = { tracking_id: text("The task's id, from when it was made", { placeholder: "ID" }) };

/** A new task: published as an object with `task_id`, documented as a list of tasks with `tracking_id`. */
const madeTask = z.looseObject({
  task_id: anyId.optional(),
  tracking_id: anyId.optional(),
  deletion_job_id: anyId.optional(),
  status: z.string().optional(),
});
const madeTasks = z.union([z.array(madeTask), madeTask]);

/** How far a task is. The link to a finished retrieval stands in one of three places. */
const taskInfo = z.looseObject({
  status: z.string(),
  result: z.unknown().optional(),
  results: z.unknown().optional(),
  destination_url: z.unknown().optional(),
  distinct_ids: z.array(anyId).optional(),
});
/** The reference has the envelope without its status. */
const taskAnswer = z.union([taskInfo, z.object({ results: taskInfo }).transform(({ results }) => results)]);

/** A task's state as the server tells it. */
export type TaskInfo = z.output<typeof taskInfo>;

export const createRetrieval = operation({
  id: "gdpr.retrieve",
  summary: "request everything that is stored about users",
  routes: [post("app", "/data-retrievals/v3.0/")],
  ...gdpr,
  params: z.object({ ...users, disclosure_type: disclosure.optional() }),
  isDone: saysOkOr("task_id", "tracking_id", "deletion_job_id"),
  result: madeTasks,
});

export const retrievalStatus = operation({
  id: "gdpr.retrieval_status",
  summary: "how far a retrieval is, and where its result lies",
  routes: [get("app", "/data-retrievals/v3.0/{tracking_id}")],
  ...gdpr,
  params: z.object(trackingId),
  result: taskAnswer,
});

export const createDeletion = operation({
  id: "gdpr.delete",
  summary: "delete everything that is stored about users",
  routes: [post("app", "/data-deletions/v3.0/")],
  ...gdpr,
  params: z.object(users),
  isDone: saysOkOr("task_id", "tracking_id", "deletion_job_id"),
  result: madeTasks,
});

export const deletionStatus = operation({
  id: "gdpr.deletion_status",
  summary: "how far a deletion is",
  routes: [get("app", "/data-deletions/v3.0/{tracking_id}")],
  ...gdpr,
  params: z.object(trackingId),
  result: taskAnswer,
});

export const cancelDeletion = operation({
  id: "gdpr.cancel",
  summary: "cancel a deletion that has not started",
  routes: [del("app", "/data-deletions/v3.0/{tracking_id}")],
  look: "mp gdpr status {tracking_id}",
  ...gdpr,
  answer: "nothing",
  params: z.object(trackingId),
  result: z.unknown(),
});

/** The ids of tasks that a request has made, in either form of its answer. */
export function trackingIds(made: z.output<typeof madeTasks>): string[] {
  return (Array.isArray(made) ? made : [made]).flatMap(({ task_id, tracking_id, deletion_job_id }) => {
    const id = tracking_id ?? task_id ?? deletion_job_id;
    return id === undefined ? [] : [String(id)];
  });
}

/** Where the result of a finished retrieval can be fetched; undefined as long as there is none. */
export function resultAddress({ destination_url, result, results }: TaskInfo): string | undefined {
  const found = [destination_url, result, results].find((one) => typeof one === "string" && one.trim() !== "");
  return found === undefined ? undefined : (found as string).trim();
}
