/** How tasks are followed and shown, in every command that has them. */
import { resultAddress } from "../../../api/gdpr.ts";
import { choice, text } from "../../../api/params.ts";
import { duration } from "../../../cli/durations.ts";
import type { FoundTask } from "../../../jobs/gdpr_tasks.ts";
import type { Result } from "../../../output/print.ts";

export const followFlags = {
  every: duration("Ask this often; default: 2s at first, and up to 5m").optional(),
  give_up_after: duration("Stop waiting after this long; the task goes on").optional(),
};

/** The flags' values, in milliseconds. */
export interface FollowInput {
  every?: number;
  give_up_after?: number;
}

export const trackingIdInput = text("The task's id, from when it was made", { placeholder: "ID" });

export const kindInput = choice(["retrieval", "deletion"], "What the task is; default: looked for among both")
  .optional();

/** Tasks as the server tells of them: its answer, or a list of its answers. */
export function taskResult(tasks: readonly FoundTask[]): Result {
  const [first] = tasks;
  return {
    text: tasks.length === 1 && first ? first.answer.text : `[${tasks.map(({ answer }) => answer.text).join(",")}]`,
    data: tasks.length === 1 ? first?.answer.data : tasks.map(({ answer }) => answer.data),
    rows: tasks.map(({ kind, info }) => ({
      kind,
      status: info.status,
      users: info.distinct_ids?.length ?? "",
      result: resultAddress(info) ?? "",
    })),
    columns: ["kind", "status", "users", "result"],
  };
}
