/** `mp import`: historical events from files or a pipe. */
import { z } from "zod";
import { call } from "../api/call.ts";
import { importEvents as operation, MAX_EVENTS_PER_REQUEST } from "../api/ingestion.ts";
import { count, text } from "../api/params.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { inputError } from "../errors.ts";
import { importEvents } from "../jobs/import_events.ts";
import { openSources } from "../jobs/record_source.ts";
import { openRejectFile } from "../jobs/reject_file.ts";
import { watchDelivery } from "./delivery_report.ts";

const input = z.object({
  files: z.array(z.string()).optional().meta({
    placeholder: "FILE",
    description: "JSON Lines, plain or gzip; - is standard input",
  }),
  rejects: text("Write rejected events with their reasons to this file", { placeholder: "FILE" }).optional(),
  concurrency: count("Requests at the same time", { min: 1, max: 20 }).default(4),
  batch_size: count("Most events in a request", { min: 1, max: MAX_EVENTS_PER_REQUEST }).default(
    MAX_EVENTS_PER_REQUEST,
  ),
  skip_lines: count("Pass over this many lines, to go on after an import that stopped").default(0),
});

export default command({
  summary: "import historical events from files or a pipe",
  description: 'One event a line: {"event": "Sign Up", "properties": {"time": 1780000000, "distinct_id": "u-1", …}}. ' +
    "Each is checked before it is sent. An event without an $insert_id gets one that follows from its content, so " +
    "that importing it again changes nothing. Every event is accounted for: accepted, rejected with a reason, or not " +
    "sent. Exit code 8 says that some were rejected, 3 that all were.",
  examples: [
    { text: "A file", run: "mp import events.jsonl" },
    { text: "What was rejected goes to a file", run: "mp import events.jsonl --rejects rejects.jsonl" },
    { text: "Check everything, send nothing, show the first request", run: "mp import events.jsonl --dry-run" },
  ],
  operations: [operation],
  args: ["files"],
  input,
  run: importFiles,
});

async function importFiles(context: Context, input_: z.output<typeof input>): Promise<number> {
  const { files = [], rejects, concurrency, batch_size: batchSize, skip_lines: skipLines } = input_;
  const paths = files.length > 0 ? files : ["-"];
  if (files.length === 0 && context.stdin.isTerminal) {
    throw inputError("Cannot import: no file is named", "mp import events.jsonl, or … | mp import");
  }
  const sources = await openSources(paths, context.stdin);
  const client = await context.client();
  const rejectFile = rejects === undefined ? undefined : await openRejectFile(rejects, sources, skipLines);
  const report = watchDelivery(context, sources, { doing: "Importing", done: "Imported", rejects });
  const firstBatch: string[] = [];
  try {
    const summary = await report.finish(importEvents(client, sources, {
      now: context.clock.now,
      signal: context.signal,
      concurrency,
      batchSize,
      skipLines,
      onReject: async (record) => {
        report.reject(record);
        await rejectFile?.write(record);
      },
      onProgress: report.advance,
      onFirstBatch: context.globals.dryRun ? (lines) => firstBatch.push(...lines) : undefined,
    }));
    if (firstBatch.length > 0) await call(client, operation, { events: firstBatch });
    return report.exitCode(summary);
  } finally {
    await rejectFile?.close();
  }
}
