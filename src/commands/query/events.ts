import { z } from "zod";
import { events } from "../../api/query.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { isNothing } from "./shared/counted.ts";
import { presentSeries } from "./shared/series.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(events, {
  draws: true,
  compares: true,
  args: ["event"],
  dateRange: true,
  shows: z.object(LINK),
  instead: linkInstead((input, { countingMeasure }) => ({
    ...input,
    events: input.event,
    measure: countingMeasure(input.type),
  })),
  requireOneOf: [["from_date", "to_date"], ["interval"]],
  examples: [
    { text: "Two events side by side", run: "mp query events 'Sign Up' Purchase --last 30d" },
    {
      text: "Users who signed up, by week",
      run: "mp query events 'Sign Up' --last 8w --math unique --unit week -f table",
    },
  ],
  present: presentSeries("event"),
  remark({ data: { values } }, { event }, context) {
    const absent = event.filter((name) => isNothing(values[name]));
    return absent.length === 0 ? undefined : nothingCounted(context, absent);
  },
}));
