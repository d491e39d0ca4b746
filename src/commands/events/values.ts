import { propertyValues } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { askable } from "../query/shared/from_files.ts";

export default askable(operationCommand(propertyValues, {
  description: "With one argument, it is the property: its values in events of any name.",
  args: ["event", "property"],
  examples: [
    { text: "Where purchases come from", run: "mp events values Purchase mp_country_code" },
    { text: "The values of a property of any event", run: "mp events values '$os' --limit 5" },
  ],
  present: (values) => ({ rows: values.map((value) => ({ value })) }),
  done: (values, { event, property }) =>
    values.length > 0 || event === undefined
      ? undefined
      : `No ${event} has a value of ${property}; the event comes first, then the property`,
}));
