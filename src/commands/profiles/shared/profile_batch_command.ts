/** `profiles batch` and `groups batch`: updates of any kind, from files or a pipe. */
import { z } from "zod";
import { count, jsonText, text } from "../../../api/params.ts";
import { type ProfileUpdate, sendUpdates, type UpdateOperation, USERS } from "../../../api/profile_updates.ts";
import { type Command, command } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { emptySummary } from "../../../jobs/import/delivery_summary.ts";
import { jsonSource } from "../../../records/read/json_source.ts";
import { lineRecords } from "../../../records/read/line_records.ts";
import { openSources } from "../../../records/read/open_sources.ts";
import { withoutRejection } from "../../../records/read/rejected_lines.ts";
import { openRejectFile } from "../../../jobs/import/reject_file.ts";
import { sendProfileUpdates } from "../../../jobs/profiles/update_profiles.ts";
import { watchDelivery } from "../../import/shared/delivery_report.ts";
import {
  type ProfileCommandOptions,
  switchesOf,
  type UpdateSwitches,
  updateSwitches,
} from "./profile_update_command.ts";

interface TypedBatch extends UpdateSwitches {
  files?: string[];
  data?: string;
  rejects?: string;
  skip_lines: number;
}

/** Makes the command. Its exit codes are those of `mp import`. */
export function profileBatchCommand(operation: UpdateOperation, options: ProfileCommandOptions): Command {
  const input = z.object({
    files: z.array(z.string()).optional().meta({
      placeholder: "FILE",
      description: "JSON Lines of updates, plain or gzip; - is standard input",
    }),
    data: jsonText(z.string(), "One update or a JSON list of them, in place of files; @FILE reads one", {
      input: "json_text",
    }).optional(),
    rejects: text("Write rejected updates with their reasons to this file", { placeholder: "FILE" }).optional(),
    skip_lines: count("Skip this many lines, to go on after a batch that stopped").default(0),
    ...updateSwitches(operation),
  });
  return command({
    ...options,
    operations: [operation],
    args: ["files"],
    input,
    run: (context, typed) => batch(context, typed as unknown as TypedBatch, operation),
  }) as unknown as Command;
}

async function batch(
  context: Context,
  { files = [], data, rejects, skip_lines: skipLines, ...typed }: TypedBatch,
  operation: UpdateOperation,
): Promise<number> {
  const switches = switchesOf(typed);
  if (data !== undefined && files.length > 0) {
    throw inputError("Cannot use --data together with files", "give one or the other");
  }
  if (data === undefined && files.length === 0 && context.stdin.isTerminal) {
    const group = operation.id.split(".")[0];
    throw inputError(
      "Cannot update profiles: no file is named",
      `mp ${group} batch updates.jsonl, or … | mp ${group} batch`,
    );
  }
  const sources = data === undefined
    ? await openSources(files.length > 0 ? files : ["-"], context.stdin)
    : [jsonSource("--data", data)];
  const client = await context.client();
  const readWith = { command: `${operation.kind === USERS ? "profiles" : "groups"} batch` };
  const rejectFile = rejects === undefined
    ? undefined
    : await openRejectFile(rejects, sources, skipLines > 0 ? "all" : "none", undefined, readWith);
  const report = watchDelivery(context, sources, { doing: "Updating", done: "Sent", noun: "update", rejects });
  const lines = lineRecords(sources, {
    onBytes: (bytes) => report.progress.advance({ bytes }),
    signal: context.signal,
  });
  const blocks = withoutRejection(lines, false, readWith);
  const first: ProfileUpdate[] = [];
  try {
    const summary = await report.finish(sendProfileUpdates(client, operation, blocks, {
      kind: operation.kind,
      ...switches,
      clock: context.clock,
      signal: context.signal,
      keepsRaw: rejectFile !== undefined,
      earlier: { records: skipLines, summary: emptySummary() },
      allowsDelete: context.globals.yes || context.globals.dryRun,
      onReject: async (record) => {
        report.reject(record);
        await report.keep(rejectFile?.write(record));
      },
      progress: report.progress,
      onFirstBatch: context.globals.dryRun ? (updates) => first.push(...updates) : undefined,
    }));
    if (first.length > 0) await sendUpdates(client, operation, first, switches);
    return report.exitCode(summary);
  } finally {
    await rejectFile?.close();
  }
}
