/** `mp export events`: raw events to a file or a pipe. */
import type { z } from "zod";
import { exportEvents as operation } from "../../api/export.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { exportEvents } from "../../jobs/export_events.ts";
import { fileTarget, streamTarget } from "../../jobs/export_target.ts";
import { formatBytes, formatDuration, formatNumber } from "../../output/format.ts";
import { createProgress } from "../../output/progress.ts";

export default command({
  description:
    "Events come as JSON Lines, one object a line, exactly as Mixpanel sends them. Each line is checked, and an export " +
    "that Mixpanel or the network ends early fails. A file gets its name when it is whole (until then it ends in " +
    ".part), and is compressed when its name ends in .gz. Mixpanel allows 60 exports an hour.",
  examples: [
    { text: "The last 30 days, to a file", run: "mp export events --last 30d -o events.jsonl" },
    {
      text: "Two kinds of event, compressed",
      run: "mp export events --last 7d --event 'Sign Up' --event Purchase -o events.jsonl.gz",
    },
    { text: "A look at three events", run: "mp export events --from yesterday --to today --limit 3" },
  ],
  operations: [operation],
  input: operation.params,
  dateRange: true,
  run: exportToTarget,
});

async function exportToTarget(context: Context, input: z.output<typeof operation.params>): Promise<void> {
  checkFormat(context);
  const path = context.globals.output === "-" ? undefined : context.globals.output;
  const client = await context.client();
  const target = path === undefined || context.globals.dryRun ? streamTarget(context.stdout) : await fileTarget(path);
  const startedMs = context.clock.now();
  const progress = createProgress(context.stderr, context.clock, {
    enabled: !context.globals.quiet && (path !== undefined || !context.stdout.isTerminal),
    label: "Exporting",
    colour: context.globals.color,
  });
  try {
    const { records, bytes } = await exportEvents(client, input, target, {
      signal: context.signal,
      onProgress: (done) => progress.advance(done),
    });
    await progress.done();
    const days = input.from_date === input.to_date ? input.from_date : `${input.from_date} to ${input.to_date}`;
    const events = records === 1 ? "1 event" : `${formatNumber(records)} events`;
    const time = formatDuration(context.clock.now() - startedMs);
    const place = path === undefined ? "" : ` to ${path}`;
    await context.note(`Exported ${events} (${days}), ${formatBytes(bytes)} in ${time}${place}`);
  } finally {
    await progress.done();
  }
}

/** The bytes go through untouched, so only their own format can be asked for. */
function checkFormat({ globals }: Context): void {
  if (globals.jq !== undefined) {
    throw inputError(
      "Cannot filter an export with --jq: it is a stream",
      "use a pipe: mp export events … | jq -c PROGRAM",
    );
  }
  const ending = /\.(csv|tsv)(\.gz)?$/i.exec(globals.output ?? "")?.[1]?.toLowerCase();
  if (ending !== undefined) {
    throw inputError(`Cannot export events as ${ending}: they come as JSON Lines`, "name the file .jsonl or .jsonl.gz");
  }
  if (globals.format === undefined || globals.format === "json" || globals.format === "jsonl") return;
  throw inputError(`Cannot export events as ${globals.format}: they come as JSON Lines`, "leave --format out");
}
