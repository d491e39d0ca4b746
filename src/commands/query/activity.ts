import { activity } from "../../api/activity.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { cleanLine } from "../../output/clean.ts";
import { isoSeconds } from "../../streams/iso_time.ts";
import { onlyMixpanel } from "./shared/from_files.ts";

export default onlyMixpanel(
  operationCommand(activity, {
    description:
      "Lists what some users did, event by event. Nothing is left out; for all users, use 'mp export events'.",
    args: ["distinct_ids"],
    dateRange: true,
    examples: [
      { text: "What a user did in the last month", run: "mp query activity customer-10001 --last 30d -f table" },
      {
        text: "Only the names of the events of two users",
        run: "mp query activity customer-10001 customer-10002 --last 30d --jq '.results.events[].event'",
      },
    ],
    remark({ results }, { distinct_ids, from_date, to_date }) {
      if (results.events.length > 0) return undefined;
      const who = distinct_ids.map((id) => `'${cleanLine(id)}'`).join(" or ");
      return Promise.resolve(`No events of ${who} from ${from_date} to ${to_date}; a longer range looks further back`);
    },
    present: ({ results }) => ({
      rows: results.events.map(({ event, properties }) => {
        const { time, $distinct_id, distinct_id = $distinct_id, ...rest } = properties;
        return { time: readable(time), event, distinct_id, ...rest };
      }),
    }),
  }),
  "the activity of single users is asked of Mixpanel alone",
);

/** Seconds since 1970, on the project's clock or UTC. */
function readable(time: unknown): unknown {
  return typeof time === "number" && Math.abs(time) < 8.64e12 ? isoSeconds(time * 1000).replace("T", " ") : time;
}
