import { previewDeletion } from "../../../api/data_governance.ts";
import { checkOrder } from "../../../cli/dates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(previewDeletion, {
  args: ["eventName"],
  examples: [
    { text: "A day of test data", run: "mp lexicon deletions preview 'Load Test' --from yesterday --to yesterday" },
  ],
  prepare({ fromDate, toDate }) {
    checkOrder(fromDate, toDate);
    return Promise.resolve({});
  },
});
