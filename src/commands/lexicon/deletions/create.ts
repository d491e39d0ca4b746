import { createDeletionRequest } from "../../../api/data_governance.ts";
import type { Context } from "../../../cli/context.ts";
import { checkOrder } from "../../../cli/dates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { deletionPreview } from "../../../jobs/deletion_preview.ts";
import { formatCount } from "../../../output/format.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { presentDeletions } from "../shared/present_deletions.ts";

export default operationCommand(createDeletionRequest, {
  description:
    `Before it asks, it shows how Mixpanel reads the filters, and how many such events there are, which counts as one query.
Mixpanel deletes events of the last 180 days, ten requests a month, and lets a request be cancelled for seven days.`,
  args: ["eventName"],
  examples: [
    {
      text: "A day of test data, without being asked",
      run: "mp lexicon deletions create 'Load Test' --from yesterday --to yesterday --yes",
    },
  ],
  prepare({ fromDate, toDate }) {
    checkOrder(fromDate, toDate);
    return Promise.resolve({});
  },
  async confirm(input, context) {
    const { eventName, fromDate, toDate, filters } = input;
    if (context.stdin.isTerminal && context.stderr.isTerminal) {
      await showWhat(input as Parameters<typeof deletionPreview>[1], context);
    }
    const which = filters === undefined ? "all" : "those";
    return `Delete ${which} ${JSON.stringify(eventName)} events from ${fromDate} to ${toDate}` +
      `${filters === undefined ? "" : " that the filters hold for"}?`;
  },
  present: presentDeletions,
  done: (requests, { eventName }) => {
    const own = requests.filter((one) => one.eventName === eventName).at(-1);
    return `Asked for ${JSON.stringify(eventName)} to be deleted` +
      (own === undefined ? "" : `: request ${own.id}; 'mp lexicon deletions cancel ${own.id}' cancels it`);
  },
});

/** Says what somebody has to know before they agree. */
async function showWhat(meant: Parameters<typeof deletionPreview>[1], context: Context): Promise<void> {
  const { filters, count } = await deletionPreview(await context.client(), meant);
  if (filters !== undefined) await context.note(`Mixpanel reads the filters as ${stringifyJson(filters)}`);
  const whole = filters === undefined ? "" : ", before the filters";
  const events = formatCount(count, "event");
  await context.note(`${events} ${JSON.stringify(meant.eventName)} from ${meant.fromDate} to ${meant.toDate}${whole}`);
}
