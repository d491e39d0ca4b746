import { topProperties } from "../../api/query.ts";
import { nothingKnown } from "../../cli/nothing_counted.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { askable } from "../query/shared/from_files.ts";

export default askable(operationCommand(topProperties, {
  args: ["event"],
  examples: [{ text: "What is known about a purchase", run: "mp events properties Purchase --limit 20" }],
  remark: (properties, { event }, context) =>
    Object.keys(properties).length === 0 ? nothingKnown(context, event, "properties") : undefined,
  present: (properties) => ({
    rows: Object.entries(properties).map(([property, entry]) => ({
      property,
      count: typeof entry === "number" ? entry : entry.count ?? null,
    })),
  }),
}));
