/** `mp track`: events as they happen, one from flags or many from a pipe. */
import { z } from "zod";
import { isPlainAnswer, track, type TrackControls, trackEvents as operation } from "../api/ingestion.ts";
import { ENCODINGS } from "../api/operation.ts";
import { choice, count, jsonText, text } from "../api/params.ts";
import { command } from "../cli/command.ts";
import { asksForResult } from "../cli/format_choice.ts";
import type { Context } from "../cli/context.ts";
import { inputError } from "../errors.ts";
import { emptySummary } from "../jobs/import/delivery_summary.ts";
import { jsonSource } from "../records/read/json_source.ts";
import { openSources } from "../records/read/open_sources.ts";
import { openRejectFile } from "../jobs/import/reject_file.ts";
import { REJECTED_HERE, trackSources } from "../jobs/import/track_events.ts";
import { watchDelivery } from "./import/shared/delivery_report.ts";
import { eventFromFlags } from "./track/shared/track_event.ts";

const { verbose_answer, img, callback, redirect } = operation.params.shape;

const input = z.object({
  event: text("Event name; - or none reads JSON Lines from standard input", {
    placeholder: "EVENT",
    completes: "events",
  }).optional(),
  distinct_id: text("Who did it", { placeholder: "ID" }).optional(),
  property: z.array(z.string()).optional().meta({
    placeholder: "NAME=TEXT",
    description: "A property; NAME:=JSON for numbers, booleans and lists",
  }),
  properties: jsonText(z.record(z.string(), z.unknown()), "Properties as a JSON object, or @FILE").optional(),
  time: text("When: 2026-01-31T10:00:00Z, or seconds since 1970; default now", { placeholder: "TIME" }).optional(),
  insert_id: text("Makes sending it twice count once; default random", { placeholder: "ID" }).optional(),
  ip: z.boolean().default(false).meta({
    description: "Use this machine's IP address as the user's location, and as the id where none is given",
  }),
  strict: z.boolean().optional().meta({ description: "Ask Mixpanel to answer for each event" }),
  test: z.boolean().optional().meta({ description: "Send to the queue that Mixpanel processes immediately" }),
  verbose_answer,
  img,
  callback,
  redirect,
  encoding: choice(ENCODINGS, "How the request carries events: JSON, or data= in base64").default("json"),
  data: z.string().optional().meta({
    input: "json_text",
    description: "One event or a list of them as JSON, @FILE or -, in place of an event's name",
  }),
  rejects: text("Write rejected events of a pipe to this file", { placeholder: "FILE" }).optional(),
  skip_lines: count("Skip this many lines of a pipe").default(0),
});
type TrackInput = z.output<typeof input>;

export default command({
  summary: "send events as they happen, one from flags or many from a pipe",
  description:
    "The project token (MP_TOKEN) decides where events go. Mixpanel accepts any token silently, so check that events " +
    "arrive. Events older than five days belong to 'mp import'. From a pipe come JSON Lines: " +
    '{"event": "Sign Up", "properties": {"distinct_id": "u-1"}}; a missing time is now.',
  examples: [
    {
      text: "One event",
      run: "mp track 'Sign Up' --distinct-id u-1 --property plan=pro --property seats:=3",
    },
    {
      text: "With properties as JSON, or from a file",
      run: "mp track Purchase --distinct-id u-1 --properties '{\"amount\": 19.9}'",
    },
    { text: "Many, from a pipe", run: "mp track - < live.jsonl" },
  ],
  operations: [operation],
  args: ["event"],
  input,
  run: (context, input) =>
    input.data !== undefined || input.event === undefined || input.event === "-"
      ? many(context, input)
      : one(context, input),
});

async function one(context: Context, input: TrackInput): Promise<void> {
  const event = eventFromFlags({ ...input, event: input.event as string }, context.clock.now());
  const client = await context.client();
  const { encoding, ip, strict, test, verbose_answer, img, callback, redirect } = input;
  const controls: TrackControls = { ip, strict, test, verbose_answer, img, callback, redirect };
  const { distinct_id: user, time, $insert_id: id } = event.properties;
  const ifInDoubt =
    `it may have been counted; with --time ${time} --insert-id ${id} it counts once, however often it is sent`;
  const adjust = { ifInDoubt };
  const answer = await track(client, [event], { encoding, ...controls, adjust, signal: context.signal });
  await context.note(`Tracked ${JSON.stringify(event.event)}${user === undefined ? "" : ` for ${String(user)}`}`);
  // A picture is for a browser.
  if (img) await context.note("Mixpanel answered with a picture");
  else if (asksForResult(context)) await context.print({ ...answer, isText: !isPlainAnswer(controls) });
}

async function many(context: Context, input: TrackInput): Promise<number> {
  if (input.data !== undefined && input.event !== undefined) {
    throw inputError("Cannot use --data together with an event's name", "give one or the other", "bad_data");
  }
  if (input.data === undefined && input.event === undefined && context.stdin.isTerminal) {
    throw inputError(
      "Cannot track: no event is named",
      "mp track 'Sign Up' --distinct-id u-1, or send JSON Lines through a pipe",
    );
  }
  const single =
    (["distinct_id", "property", "properties", "time", "insert_id", "img", "callback", "redirect"] as const)
      .find((name) => input[name] !== undefined);
  if (single !== undefined) {
    throw inputError(
      `Cannot use --${single.replace("_", "-")} for events from ${
        input.data === undefined ? "standard input" : "--data"
      }`,
      "name the event: mp track EVENT; events as JSON carry their own properties",
    );
  }
  const sources = input.data === undefined
    ? await openSources(["-"], context.stdin)
    : [jsonSource("--data", input.data)];
  const client = await context.client();
  const { rejects, skip_lines: skipLines } = input;
  const rejectFile = rejects === undefined
    ? undefined
    : await openRejectFile(rejects, sources, skipLines > 0 ? "all" : "none", undefined, REJECTED_HERE);
  const report = watchDelivery(context, sources, { doing: "Tracking", done: "Tracked", rejects });
  try {
    const summary = await report.finish(trackSources(client, sources, {
      clock: context.clock,
      signal: context.signal,
      encoding: input.encoding,
      ip: input.ip,
      strict: input.strict,
      test: input.test,
      keepsRaw: rejectFile !== undefined,
      verbose_answer: input.verbose_answer,
      earlier: { records: skipLines, summary: emptySummary() },
      onReject: async (record) => {
        report.reject(record);
        await report.keep(rejectFile?.write(record));
      },
      progress: report.progress,
      onBytes: (bytes) => report.progress.advance({ bytes }),
    }));
    return report.exitCode(summary);
  } finally {
    await rejectFile?.close();
  }
}
