import { segmentation } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentSeries } from "./shared/series.ts";

export default operationCommand(segmentation, {
  draws: true,
  compares: true,
  description: "Counts one event over time. A terminal shows a chart; -f table, csv or json have the numbers.",
  args: ["event"],
  dateRange: true,
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
  ],
  present(result, input, view) {
    const { note, ...forms } = presentSeries("segment")(result, input, view);
    const { values } = result.data;
    return { ...forms, note: missingProperty(values, input) ?? nothingFound(values, input) ?? note };
  },
});

/** All events in the one segment of those without a value: the property's name is probably wrong. */
function missingProperty(values: object, { event, on }: { event: string; on?: string }): string | undefined {
  const segments = Object.keys(values);
  if (on === undefined || segments.length !== 1 || segments[0] !== "undefined") return undefined;
  return `No ${event} has a value for ${on}; 'mp events properties ${quoted(event)}' lists what they have`;
}

/** A filter that nothing passes may name a property that the event does not have. */
function nothingFound(
  values: Record<string, Record<string, number>>,
  { where }: { where?: string },
): string | undefined {
  const isEmpty = Object.values(values).every((counts) => Object.values(counts).every((one) => one === 0));
  if (where === undefined || !isEmpty) return undefined;
  return "Nothing passed --where; --check-properties asks first whether the event has the properties in it (one more query)";
}

function quoted(event: string): string {
  return /^[\w-]+$/.test(event) ? event : `"${event}"`;
}
