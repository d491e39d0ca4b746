import { call } from "../../../api/call.ts";
import { createDeletionRequest, previewDeletion } from "../../../api/data_governance.ts";
import { segmentation } from "../../../api/query.ts";
import type { Context } from "../../../cli/context.ts";
import { checkOrder } from "../../../cli/dates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { formatNumber } from "../../../output/format.ts";
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
    if (context.stdin.isTerminal && context.stderr.isTerminal) await showWhat(input as Deletion, context);
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

type Deletion = Parameters<typeof createDeletionRequest.params.parse>[0] & {
  eventName: string;
  fromDate: string;
  toDate: string;
  filters?: Record<string, unknown>;
};

/** What somebody has to know before they agree. */
async function showWhat({ eventName, fromDate, toDate, filters }: Deletion, context: Context): Promise<void> {
  const client = await context.client();
  if (filters !== undefined) {
    const preview = await call(client, previewDeletion, { eventName, fromDate, toDate, filters });
    await context.note(`Mixpanel reads the filters as ${stringifyJson(preview.data)}`);
  }
  const counted = await call(client, segmentation, { event: eventName, from_date: fromDate, to_date: toDate });
  const count = Object.values(counted.result().data.values)
    .flatMap((days) => Object.values(days)).reduce((sum: number, one) => sum + Number(one), 0);
  const whole = filters === undefined ? "" : " before the filters";
  await context.note(`There are ${formatNumber(count)} ${JSON.stringify(eventName)} events in these days${whole}`);
}
