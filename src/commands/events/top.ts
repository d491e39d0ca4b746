import { topEvents } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(topEvents, {
  draws: true,
  examples: [{ text: "What happens today", run: "mp events top --limit 10" }],
  present: ({ events }) => ({
    rows: events.map(({ event, amount, percent_change }) => ({ event, amount, percent_change })),
    chart: { kind: "bar", rows: events.map(({ event, amount }) => ({ label: event, value: amount })) },
  }),
});
