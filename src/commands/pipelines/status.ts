import { pipelineStatus } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(pipelineStatus, {
  args: ["name"],
  examples: [
    { text: "Every task", run: "mp pipelines status events-daily-s3-raw" },
    { text: "How many there are of each", run: "mp pipelines status events-daily-s3-raw --summary" },
    {
      text: "Only what failed",
      run: "mp pipelines status events-daily-s3-raw --task-status failed --task-status timed_out",
    },
  ],
  present: (byState) => ({
    rows: Object.entries(byState).flatMap(([state, tasks]) =>
      typeof tasks === "number" ? [{ state, tasks }] : tasks.map((task) => ({ ...task, state }))
    ),
  }),
});
