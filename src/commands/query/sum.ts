import { segmentationSum } from "../../api/numeric_segmentation.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { remarkOnNumbers } from "./shared/counted.ts";
import { presentNumbers } from "./shared/numbers.ts";

export default operationCommand(segmentationSum, {
  draws: true,
  compares: true,
  args: ["event", "on"],
  dateRange: true,
  examples: [
    { text: "Revenue a day", run: "mp query sum Purchase amount --last 30d" },
    {
      text: "Revenue an hour of today, as a table",
      run: `mp query sum Purchase 'properties["amount"]' --from today --unit hour -f table`,
    },
  ],
  present: presentNumbers("sum"),
  remark: remarkOnNumbers,
});
