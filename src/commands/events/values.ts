import { propertyValues } from "../../api/query.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(propertyValues, {
  args: ["name", "event"],
  examples: [
    { text: "Where purchases come from", run: "mp events values mp_country_code Purchase" },
    { text: "The values of a property of any event", run: "mp events values '$os' --limit 5" },
  ],
  present: (values) => ({ rows: values.map((value) => ({ value })) }),
});
