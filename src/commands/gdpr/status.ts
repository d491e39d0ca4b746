import { z } from "zod";
import { deletionStatus, retrievalStatus } from "../../api/gdpr.ts";
import { command } from "../../cli/command.ts";
import { findGdprTask } from "../../jobs/gdpr_tasks.ts";
import { kindInput, taskResult, trackingIdInput } from "./shared/follow.ts";

export default command({
  summary: "show the status of a retrieval or deletion",
  description:
    "A task goes from PENDING over STAGING and STARTED to SUCCESS or FAILURE; REVOKED is one that was cancelled.",
  operations: [retrievalStatus, deletionStatus],
  args: ["tracking_id"],
  examples: [
    { text: "How far is it?", run: "mp gdpr status 1000000000000000001" },
    { text: "Without looking among retrievals first", run: "mp gdpr status 1000000000000000002 --kind deletion" },
  ],
  input: z.object({ tracking_id: trackingIdInput, kind: kindInput }),
  async run(context, { tracking_id, kind }) {
    await context.print(taskResult([await findGdprTask(await context.client(), tracking_id, kind, context)]));
  },
});
