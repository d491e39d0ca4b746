import { flagHistory } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { findFlag } from "./shared/find.ts";

export default operationCommand(flagHistory, {
  description: "By the flag's id, or by its key. Without --page, the first page.",
  args: ["flag_id"],
  examples: [{ text: "Who changed what", run: "mp flags history f0000000-0000-4000-8000-000000000001 --page-size 20" }],
  prepare: findFlag,
  present: ({ events, count }) => ({
    rows: events.map((event) =>
      Array.isArray(event)
        ? Object.fromEntries(event.map((value, index) => [`field ${index + 1}`, value]))
        : isObject(event)
        ? event
        : { event }
    ),
    note: count !== undefined && count > events.length
      ? `${events.length} of ${count}; --page and --page-size show others`
      : undefined,
  }),
});
