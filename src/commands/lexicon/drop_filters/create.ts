import { createDropFilter } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentDropFilters } from "../shared/present_drop_filters.ts";

export default operationCommand(createDropFilter, {
  args: ["eventName"],
  examples: [
    {
      text: "Test data",
      run: "mp lexicon drop-filters create Purchase --yes --filters " +
        `'[{"resourceType": "events", "value": "plan", "filterType": "string", "defaultType": "string",
  "filterOperator": "equals", "filterValue": ["test"]}]'`,
    },
  ],
  confirm: ({ eventName }) =>
    `Throw away those ${JSON.stringify(eventName)} events as they come in? What is not stored cannot be restored.`,
  present: presentDropFilters,
  done: (filters) => `Made drop filter ${newest(filters)}`,
});

/** The answer has all of them: the newest has the highest id. */
function newest(filters: readonly { id: string | number | bigint }[]): string {
  return filters.map(({ id }) => BigInt(id)).reduce((most, id) => id > most ? id : most, 0n).toString();
}
