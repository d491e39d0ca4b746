/** How tasks are followed and shown, in every command that has them. */
import type { z } from "zod";
import type { CallResult } from "../../../api/call.ts";
import { resultAddress } from "../../../api/gdpr.ts";
import { choice, text } from "../../../api/params.ts";
import type { Context } from "../../../cli/context.ts";
import { duration } from "../../../cli/durations.ts";
import type { Client } from "../../../client/types.ts";
import { followTask, type FoundTask, type TaskKind } from "../../../jobs/gdpr_tasks.ts";
import type { Result } from "../../../output/print.ts";

export const followFlags = {
  every: duration("Ask this often; default: 2s at first, and up to 5m").optional(),
  give_up_after: duration("Stop waiting after this long; the task goes on").optional(),
};

type FollowInput = z.output<z.ZodObject<typeof followFlags>>;

/** Follows a task to its end, as the flags say, and says what becomes of it. */
export function follow(
  context: Context,
  client: Client,
  trackingId: string,
  kind: TaskKind | undefined,
  { every, give_up_after }: FollowInput,
  label = trackingId,
): Promise<FoundTask> {
  return followTask(client, trackingId, kind, {
    clock: context.clock,
    signal: context.signal,
    everyMs: every,
    giveUpAfterMs: give_up_after,
    onStatus: (status) => void context.note(`${label} is ${status}`),
  });
}

export const trackingIdInput = text("The task's id, from when it was made", { placeholder: "ID" });

export const kindInput = choice(["retrieval", "deletion"], "What the task is; default: looked for among both")
  .optional();

/** The server's answer, or a list of its answers when there are several. */
export function answersOf(made: readonly { answer: CallResult<unknown> }[]): Pick<Result, "text" | "data"> {
  const [first, ...others] = made.map(({ answer }) => answer);
  if (first !== undefined && others.length === 0) return first;
  return {
    text: `[${made.map(({ answer }) => answer.text).join(",")}]`,
    data: made.map(({ answer }) => answer.data),
  };
}

/** Tasks as the server tells of them. */
export function taskResult(tasks: readonly FoundTask[]): Result {
  return {
    ...answersOf(tasks),
    rows: tasks.map(({ kind, info }) => ({
      kind,
      status: info.status,
      users: info.distinct_ids?.length ?? "",
      result: resultAddress(info) ?? "",
    })),
    columns: ["kind", "status", "users", "result"],
  };
}
