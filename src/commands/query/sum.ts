import { z } from "zod";
import { segmentationSum } from "../../api/numeric_segmentation.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { remarkOnNumbers } from "./shared/counted.ts";
import { presentNumbers } from "./shared/numbers.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(segmentationSum, {
  draws: true,
  compares: true,
  args: ["event", "on"],
  dateRange: true,
  shows: z.object(LINK),
  instead: linkInstead((input, { propertyMeasure }) => ({
    ...input,
    on: undefined,
    events: [input.event],
    measure: propertyMeasure("total", input.on),
  })),
  examples: [
    { text: "Revenue a day", run: "mp query sum Purchase amount --last 30d" },
    {
      text: "Revenue an hour of today, as a table",
      run: `mp query sum Purchase 'properties["amount"]' --from today --unit hour -f table`,
    },
  ],
  present: presentNumbers("sum"),
  remark: remarkOnNumbers,
}));
