import { z } from "zod";
import { call } from "../../api/call.ts";
import { askInsights } from "../../api/insights.ts";
import { count, text } from "../../api/params.ts";
import { fromDate, toDate } from "../../api/query_params.ts";
import { replayId } from "../../api/replays.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { dataView } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import { recordingsOf, recordingsReport } from "./shared/recordings.ts";

export default command({
  summary: "find recordings of sessions",
  description: "Of one user, or by their ids, in the days that are named. It is a query, and counts as one.",
  dateRange: true,
  examples: [
    { text: "What a user has seen lately", run: "mp replays find --distinct-id customer-10001 --last 30d" },
    { text: "Ids alone", run: "mp replays find --distinct-id customer-10001 --last 7d -f csv" },
  ],
  operations: [askInsights],
  input: z.object({
    distinct_id: text("Whose recordings", { placeholder: "ID" }).optional(),
    replay_ids: z.array(replayId).meta({ flag: "replay-id", placeholder: "ID", description: "This recording" })
      .optional(),
    from_date: fromDate,
    to_date: toDate,
    limit: count("Most recordings to find", { min: 1, max: 3000 }, { short: "n" }).default(100),
  }),
  async run(context, { limit, ...wanted }) {
    if (wanted.distinct_id === undefined && wanted.replay_ids === undefined) {
      throw inputError(
        "Cannot find recordings: neither a user nor a recording is named",
        "add --distinct-id ID, or --replay-id ID",
        "missing_argument",
      );
    }
    const params = { bookmark: recordingsReport(wanted), queryLimits: { limit } };
    const client = await context.client();
    const answer = await call(client, askInsights, { ...params, ...dataView(client) });
    const result = await ifUnderstood(context, () => answer.result());
    if (result === undefined) return await context.print(answer);
    const found = recordingsOf(result.series);
    if (found.length === 0) await context.note("No recordings in these days");
    await context.print({
      ...answer,
      rows: found.map(({ replay_id, started, retention }) => ({
        replay_id,
        started: started === undefined ? undefined : new Date(started * 1000).toISOString().replace(".000Z", "Z"),
        retention_days: retention,
      })),
      columns: ["replay_id", "started", "retention_days"],
    });
  },
});
