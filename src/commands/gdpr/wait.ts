import { z } from "zod";
import { deletionStatus, retrievalStatus } from "../../api/gdpr.ts";
import { command } from "../../cli/command.ts";
import type { FoundTask } from "../../jobs/gdpr_tasks.ts";
import { follow, followFlags, kindInput, taskResult } from "./shared/follow.ts";

export default command({
  summary: "follow tasks until they have ended",
  description: "Exits with 0 when all have succeeded, and with 1 at the first that failed or was cancelled.",
  operations: [retrievalStatus, deletionStatus],
  args: ["tracking_ids"],
  examples: [
    { text: "Until it has ended", run: "mp gdpr wait 1000000000000000001" },
    { text: "For an hour at most", run: "mp gdpr wait 1000000000000000001 --give-up-after 1h" },
  ],
  input: z.object({
    tracking_ids: z.array(z.string().min(1)).min(1).meta({ placeholder: "ID", description: "The tasks' ids" }),
    kind: kindInput,
    ...followFlags,
  }),
  async run(context, { tracking_ids, kind, ...flags }) {
    const client = await context.client();
    const ended: FoundTask[] = [];
    for (const id of tracking_ids) ended.push(await follow(context, client, id, kind, flags));
    await context.print(taskResult(ended));
  },
});
