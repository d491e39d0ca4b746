import { z } from "zod";
import { call } from "../../api/call.ts";
import { MOST_SIGNED, replayEnvironment, replayId, signReplays } from "../../api/replays.ts";
import { command } from "../../cli/command.ts";

export default command({
  description:
    `At most ${MOST_SIGNED} at once. Whoever has the address and the query string can load the recording until they run
out. Its files are called 0000-30.json, 0001-30.json and so on, with the days that it is kept.`,
  args: ["replay_ids"],
  examples: [
    { text: "One recording", run: "mp replays sign replay-1" },
    {
      text: "The address of its first file",
      run: `mp replays sign replay-1 --jq '.results[0] | "\\(.url)0000-30.json?\\(.query_string)"'`,
    },
  ],
  operations: [signReplays],
  input: z.object({
    replay_ids: z.array(replayId).min(1).max(MOST_SIGNED),
    env: replayEnvironment.default("prod"),
  }),
  async run(context, { replay_ids, env }) {
    const replays = replay_ids.map((replay_id) => ({ replay_id, replay_env: env }));
    const answer = await call(await context.client(), signReplays, { replays });
    await context.print(answer);
  },
});
