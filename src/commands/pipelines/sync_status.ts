import { syncStatus } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(syncStatus, {
  args: ["sync_id"],
  examples: [{ text: "How far is it?", run: "mp pipelines sync-status 1001" }],
  present: (sync) => ({
    rows: [{ ...sync, errors: sync.errors.length }],
    columns: [{ key: "sync_id", identifier: true }, "status", "rows_processed", "errors"],
  }),
});
