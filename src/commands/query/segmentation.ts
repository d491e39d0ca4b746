import { z } from "zod";
import { segmentation } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { remarkOnCounts } from "./shared/counted.ts";
import { presentSeries } from "./shared/series.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(segmentation, {
  draws: true,
  compares: true,
  description: "Counts one event over time. A terminal shows a chart; -f table, csv or json have the numbers.",
  args: ["event"],
  dateRange: true,
  shows: z.object(LINK),
  instead: linkInstead((input, { countingMeasure }) => ({
    ...input,
    events: [input.event],
    measure: countingMeasure(input.type),
  })),
  examples: [
    { text: "Sign-ups of the last 30 days", run: "mp query segmentation 'Sign Up' --last 30d" },
    {
      text: "Purchases a week by country, as a table",
      run: `mp query segmentation Purchase --last 8w --unit week --on 'properties["mp_country_code"]' -f table`,
    },
    {
      text: "How many users bought for more than 30, as CSV",
      run: `mp query segmentation Purchase --last 7d --math unique --where 'properties["amount"] > 30' -f csv`,
    },
    {
      text: "Asked of what was exported, without an account",
      run: "mp query segmentation Purchase --last 7d --source events.jsonl",
    },
  ],
  present: (answer, { interval, ...asked }, view) =>
    presentSeries("segment")(answer, { ...asked, bucketDays: interval }, view),
  remark: remarkOnCounts,
}));
