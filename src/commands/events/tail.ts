/** `mp events tail`: events as they arrive. */
import { z } from "zod";
import { exportEvents as operation } from "../../api/export.ts";
import { count } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { duration } from "../../cli/durations.ts";
import { inputError } from "../../errors.ts";
import { newExportedEvents } from "../../jobs/tail/repeated_export.ts";
import { findFeed, newSandboxEvents } from "../../jobs/tail/sandbox_feed.ts";
import type { NewEvents, TailOptions } from "../../jobs/tail/tail_options.ts";
import { createStyle, wantsColour } from "../../output/colour.ts";
import { formatDuration } from "../../output/format.ts";
import { tailLine } from "./shared/tail_line.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_INTERVAL_MS = 60_000;
const LEAST_INTERVAL_MS = 5000;

const input = z.object({
  event: operation.params.shape.event,
  max: count("End after so many events", { min: 1 }).optional(),
  for: duration("End after this time").optional(),
  every: duration("How often to ask Mixpanel (default 60s); a sandbox tells at once").refine(
    (milliseconds) => milliseconds >= LEAST_INTERVAL_MS,
    { error: () => "5s is the least" },
  ).optional(),
});

type TailInput = z.output<typeof input>;

export default command({
  output: "own",
  summary: "show new events as they arrive",
  description: `From a sandbox they come at once. Mixpanel has no such feed: there the export of today is repeated,
within its 60 requests an hour, and an event shows some minutes after it was sent; '--every 5m' leaves more of the
quota to others. A terminal gets a line for each event, with times in UTC; a pipe gets JSON Lines. Ctrl-C ends it.`,
  examples: [
    { text: "What a program sends to the sandbox", run: "mp events tail --for 2s" },
    {
      text: "In a test: wait for an event for two seconds at most",
      run: "mp events tail --event 'Sign Up' --max 1 --for 2s | grep -c . || true",
    },
  ],
  operations: [operation],
  input,
  async run(context, options) {
    const write = writer(context);
    const startedMs = context.clock.now();
    try {
      const events = await follow(context, options, startedMs + (options.for ?? Infinity));
      let left = options.max ?? Infinity;
      for await (const batch of events) {
        const wanted = batch.slice(0, left);
        await write(wanted);
        left -= wanted.length;
        if (left === 0) return;
      }
    } catch (error) {
      // expected: Ctrl-C, which is how this ends
      if (context.signal.aborted) return;
      throw error;
    }
  },
});

async function follow(context: Context, options: TailInput, untilMs: number): Promise<AsyncIterable<NewEvents>> {
  const { clock, signal } = context;
  const client = await context.client();
  const shared: TailOptions = { names: options.event, untilMs, note: (line) => context.note(line) };
  const feed = await findFeed(client);
  if (feed !== undefined) {
    await context.note(`New events of the sandbox at ${client.connection.baseUrl}; Ctrl-C ends it`);
    return newSandboxEvents(client, clock, feed, shared);
  }
  const intervalMs = options.every ?? DEFAULT_INTERVAL_MS;
  const perHour = Math.min(60, Math.ceil(HOUR_MS / intervalMs));
  await context.note(
    `Asking for Mixpanel's export every ${formatDuration(intervalMs)}, which takes ${perHour} of its 60 requests an ` +
      "hour; Ctrl-C ends it",
  );
  return newExportedEvents(client, clock, {
    ...shared,
    intervalMs,
    signal,
    onWait: (wait) => void (wait && context.note(`Waiting: ${wait.reason}`)),
  });
}

/** Writes events in the form that was asked for, or that suits the reader. */
function writer({ globals, stdout, env, clock }: Context): (events: NewEvents) => Promise<void> {
  if (globals.jq !== undefined) {
    throw inputError("Cannot filter events with --jq: they are a stream", "use a pipe: mp events tail | jq -c PROGRAM");
  }
  if (globals.output !== undefined && globals.output !== "-") {
    throw inputError("Cannot write events to a file with --output: they have no end", "use mp events tail > FILE");
  }
  const format = globals.format ?? (stdout.isTerminal ? "table" : "jsonl");
  if (format === "json" || format === "jsonl") {
    return (lines) => stdout.write(lines.map((line) => line + "\n").join(""));
  }
  if (format !== "table") {
    throw inputError(`Cannot show events as ${format}: they come one by one`, "use -f table or -f jsonl");
  }
  const style = createStyle(
    wantsColour({ isTerminal: stdout.isTerminal, environment: env, refused: !globals.color }),
  );
  return (events) => {
    const room = { columns: stdout.columns(), nowMs: clock.now(), style };
    return stdout.write(events.map((event) => tailLine(event, room) + "\n").join(""));
  };
}
