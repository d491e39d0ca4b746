import { eventProperties } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentSeries } from "./shared/series.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(eventProperties, {
  draws: true,
  compares: true,
  args: ["event", "property"],
  dateRange: true,
  requireOneOf: [["from_date", "to_date"], ["interval"]],
  examples: [
    { text: "Purchases by operating system", run: "mp query properties Purchase '$os' --last 30d" },
    {
      text: "Only two of its values",
      run: "mp query properties 'Session Start' '$os' --value iOS --value Android --last 14d -f table",
    },
  ],
  present: presentSeries("value"),
}));
