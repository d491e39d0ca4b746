import { z } from "zod";
import { segmentationAverage } from "../../api/numeric_segmentation.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { remarkOnNumbers } from "./shared/counted.ts";
import { presentNumbers } from "./shared/numbers.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(segmentationAverage, {
  draws: true,
  compares: true,
  args: ["event", "on"],
  dateRange: true,
  shows: z.object(LINK),
  instead: linkInstead((input, { propertyMeasure }) => ({
    ...input,
    on: undefined,
    events: [input.event],
    measure: propertyMeasure("average", input.on),
  })),
  examples: [
    { text: "The average purchase of each day", run: "mp query average Purchase amount --last 30d" },
    {
      text: "Of new customers only, as CSV",
      run: `mp query average Purchase amount --last 7d --where 'properties["first_purchase"] == true' -f csv`,
    },
  ],
  present: presentNumbers("average"),
  remark: remarkOnNumbers,
}));
