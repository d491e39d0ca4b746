import { listAnnotations } from "../../api/annotations.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAnnotations } from "./shared/present.ts";

export default operationCommand(listAnnotations, {
  description: "Without a range of days, all of them. How far back you can look depends on the project's plan.",
  examples: [
    { text: "All notes", run: "mp annotations list" },
    { text: "Those of the last month", run: "mp annotations list --last 30d" },
  ],
  dateRange: true,
  present: presentAnnotations,
});
