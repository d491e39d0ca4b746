import { importHistory } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { isoSeconds } from "../../streams/iso_time.ts";

export default operationCommand(importHistory, {
  args: ["import_id"],
  examples: [{ text: "Did last night's run succeed?", run: "mp warehouse history 1001" }],
  present: ({ runs }) => ({
    rows: runs.map((run) => ({ ...run, start_time: moment(run.start_time), end_time: moment(run.end_time) })),
    columns: ["status", "start_time", "end_time", "num_events_imported"],
  }),
});

/** Times come as whole numbers since 1970; the specification does not say of what, but their size does. */
function moment(time: number | bigint | null | undefined): string {
  if (time === null || time === undefined) return "";
  let milliseconds = Number(time);
  while (milliseconds > 1e14) milliseconds /= 1000;
  if (milliseconds < 1e11) milliseconds *= 1000;
  return isoSeconds(milliseconds).replace("T", " ");
}
