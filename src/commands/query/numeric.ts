import { z } from "zod";
import { numericSegmentation } from "../../api/numeric_segmentation.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { remarkOnNumbers } from "./shared/counted.ts";
import { presentSeries } from "./shared/series.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(numericSegmentation, {
  draws: true,
  compares: true,
  args: ["event", "on"],
  dateRange: true,
  shows: z.object(LINK),
  instead: linkInstead((input, { countingMeasure }) => ({
    ...input,
    on: undefined,
    ranged: input.on,
    events: [input.event],
    measure: countingMeasure(input.type),
  })),
  examples: [
    { text: "Purchases by amount", run: "mp query numeric Purchase amount --last 30d" },
    {
      text: "The same in whole euros, as a table",
      run: `mp query numeric Purchase 'floor(properties["amount"])' --last 7d -f table`,
    },
  ],
  present: presentSeries("range"),
  remark: ({ data: { values } }, input, context) =>
    remarkOnNumbers({ results: Object.assign({}, ...Object.values(values)) }, input, context),
}));
