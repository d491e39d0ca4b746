import { pipelineTimeline } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(pipelineTimeline, {
  args: ["name"],
  examples: [{ text: "When each day was exported", run: "mp pipelines timeline events-daily-s3-raw" }],
  present: ({ day_syncs }) => ({
    rows: day_syncs.map(({ date, status, sync_times }) => ({
      date,
      status,
      syncs: sync_times.length,
      last_sync: sync_times.at(-1)?.trim() ?? "",
    })),
  }),
});
