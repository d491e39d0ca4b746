import { z } from "zod";
import { eventProperties } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { quote } from "../../expressions/print.ts";
import { LINK, linkInstead } from "./shared/link_flag.ts";
import { presentSeries } from "./shared/series.ts";
import { askable } from "./shared/from_files.ts";

export default askable(operationCommand(eventProperties, {
  draws: true,
  compares: true,
  args: ["event", "property"],
  dateRange: true,
  requireOneOf: [["from_date", "to_date"], ["interval"]],
  shows: z.object(LINK),
  instead: linkInstead(({ event, property, values, ...input }, { countingMeasure }) => {
    const on = `properties[${quote(property)}]`;
    const where = values === undefined ? undefined : `${on} in [${values.map(quote).join(", ")}]`;
    return { ...input, on, where, events: [event], measure: countingMeasure(input.type) };
  }),
  examples: [
    { text: "Purchases by operating system", run: "mp query properties Purchase '$os' --last 30d" },
    {
      text: "Only two of its values",
      run: "mp query properties 'Session Start' '$os' --value iOS --value Android --last 14d -f table",
    },
  ],
  present: presentSeries("value"),
}));
