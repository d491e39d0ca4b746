import { z } from "zod";
import { replayEnvironment, replayId, RETENTION_DAYS, signReplays } from "../../api/replays.ts";
import { command } from "../../cli/command.ts";
import { progressMode, withProgress } from "../../cli/job_progress.ts";
import { storageAt } from "../../cli/storage_at.ts";
import { transportOf } from "../../cli/transport.ts";
import { inputError } from "../../errors.ts";
import { downloadReplay, type LoadedReplay } from "../../jobs/replays/download_replay.ts";
import { formatBytes, formatCount } from "../../output/format.ts";
import { VERSION } from "../../version.ts";

export default command({
  output: "own",
  summary: "download recordings of sessions, file by file",
  description:
    `Each into a folder of its own below --output, a folder or bucket (default: replays): files 0000.json, 0001.json and so
on, each a list of rrweb events, as players take them. The same command continues where it stopped, and leaves alone what
is whole. Addresses run out after five minutes, and are renewed.`,
  args: ["replay_ids"],
  examples: [
    { text: "One recording", run: "mp replays download replay-1 -o recordings" },
    { text: "That is kept for 7 days, as 'mp replays find' says", run: "mp replays download replay-2 --retention 7" },
  ],
  operations: [signReplays],
  input: z.object({
    replay_ids: z.array(replayId).min(1),
    env: replayEnvironment.default("prod"),
    retention: z.int().refine((days) => RETENTION_DAYS.some((one) => one === days), {
      error: (issue) => `${issue.input} is not one of ${RETENTION_DAYS.join(", ")}`,
    }).meta({
      placeholder: RETENTION_DAYS.join("|"),
      description: "For how many days it is kept; default: what is found",
    }).optional(),
    restart: z.boolean().default(false).meta({ description: "Load everything again, whatever an earlier run has" }),
    progress: progressMode,
  }),
  async run(context, { replay_ids, env, retention, restart, progress: mode }) {
    const { output = "replays" } = context.globals;
    if (output === "-") {
      throw inputError("Cannot write recordings to standard output", "name a folder with --output", "bad_output");
    }
    const client = await context.client();
    const storage = await storageAt(context, output);
    const transport = transportOf(client.connection);
    const words = { label: "Downloading", noun: "files", stepNoun: "files" };
    const loaded: LoadedReplay[] = await withProgress(context, mode, words, async (progress) => {
      const done: LoadedReplay[] = [];
      for (const id of new Set(replay_ids)) {
        const { clock, signal } = context;
        const options = { client, transport, storage, env, retention, restart, clock, signal, progress };
        done.push(await downloadReplay(id, { ...options, userAgent: `mp/${VERSION}` }));
      }
      return done;
    });
    for (const { folder, files, bytes, had } of loaded) {
      const size = had ? "was whole already" : formatBytes(bytes);
      await context.note(`${folder}: ${formatCount(files, "file", "files")}, ${size}`);
    }
  },
});
