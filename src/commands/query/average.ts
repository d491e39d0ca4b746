import { segmentationAverage } from "../../api/numeric_segmentation.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { remarkOnNumbers } from "./shared/counted.ts";
import { presentNumbers } from "./shared/numbers.ts";

export default operationCommand(segmentationAverage, {
  draws: true,
  compares: true,
  args: ["event", "on"],
  dateRange: true,
  examples: [
    { text: "The average purchase of each day", run: "mp query average Purchase amount --last 30d" },
    {
      text: "Of new customers only, as CSV",
      run: `mp query average Purchase amount --last 7d --where 'properties["first_purchase"] == true' -f csv`,
    },
  ],
  present: presentNumbers("average"),
  remark: remarkOnNumbers,
});
