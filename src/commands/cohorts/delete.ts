import { z } from "zod";
import { call } from "../../api/call.ts";
import { cohortId, deleteCohort, deleteCohorts } from "../../api/cohorts.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";

export default command({
  summary: "delete cohorts",
  description: "Reports, flags and other cohorts that use it lose it. Several are deleted by one request.",
  args: ["cohort_ids"],
  examples: [
    { text: "Delete one, without being asked", run: "mp cohorts delete 8003 --yes" },
    { text: "Several", run: "mp cohorts delete 8004 8005 --yes" },
  ],
  operations: [deleteCohort, deleteCohorts],
  input: z.object({
    cohort_ids: z.array(cohortId).min(1).meta({ completes: "cohorts", description: "Ids of cohorts" }),
  }),
  async run(context, { cohort_ids: ids }) {
    const client = await context.client();
    const [only, ...others] = ids as [typeof ids[number], ...typeof ids];
    const what = others.length === 0 ? `cohort ${only}` : `cohorts ${ids.join(", ")}`;
    await confirmInProject(context, `Delete ${what}?`);
    const answer = others.length === 0
      ? await call(client, deleteCohort, { cohort_id: only })
      : await call(client, deleteCohorts, { cohort_ids: ids });
    await context.note(`Deleted ${what}`);
    await context.print(answer);
  },
});
