import { startSync } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(startSync, {
  examples: [{
    text: "Import two tables in full",
    run: "mp pipelines sync --warehouse-id warehouse-1 --sync-type full --table users --table events",
  }],
  present: (sync) => ({ rows: [sync], columns: [{ key: "sync_id", identifier: true }, "status", "started_at"] }),
});
