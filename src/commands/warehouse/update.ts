import { call } from "../../api/call.ts";
import { getImport, updateImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentImport, SCHEDULE_HELP } from "./shared/presentation.ts";

export default operationCommand(updateImport, {
  description:
    `${SCHEDULE_HELP} What you don't name stays as it is: mp reads the import first. Databricks parameters are
replaced as a whole.`,
  args: ["import_id"],
  examples: [
    { text: "Pause it", run: "mp warehouse update 1001 --paused" },
    { text: "Resume it", run: "mp warehouse update 1001 --no-paused" },
    { text: "Every day from now on", run: "mp warehouse update 1001 --run-every 1d" },
  ],
  async prepare({ import_id, paused, run_every, databricks_params }, context) {
    if (paused === undefined && run_every === undefined && databricks_params === undefined) {
      throw inputError(
        "Cannot update an import: nothing to change is given",
        "add --paused, --no-paused, --run-every 1d or --databricks-params",
        "missing_argument",
      );
    }
    if (paused !== undefined && run_every !== undefined) return {};
    if (context.globals.dryRun) await context.note("The import is read first, and then written changed");
    const before = (await call(await context.client(), getImport, { import_id: import_id as number })).result();
    return { paused: paused ?? before.paused ?? false, run_every: run_every ?? Number(before.run_every ?? 0) };
  },
  present: presentImport,
});
