/** `mp import`: historical events, profiles, groups and lookup tables, from files of any format or a pipe. */
import { importEvents } from "../api/ingestion.ts";
import { updateGroups } from "../api/groups.ts";
import { replaceLookupTable } from "../api/lookup_tables.ts";
import { updateProfiles } from "../api/profiles.ts";
import { command } from "../cli/command.ts";
import type { Context } from "../cli/context.ts";
import { inputError } from "../errors.ts";
import { checkpointFiles } from "../jobs/import/checkpoint.ts";
import { jsonSource } from "../records/read/json_source.ts";
import { openSources } from "../records/read/open_sources.ts";
import type { UnreadableSource } from "../records/read/unreadable_source.ts";
import { checkFlags, type ImportInput, importInput } from "./import/shared/import_flags.ts";
import { cleanLine } from "../output/clean.ts";

export default command({
  summary: "import historical events, profiles, groups and lookup tables",
  description:
    `JSON Lines, JSON, CSV, TSV and Parquet, plain, gzip or zstd; files, folders, patterns, buckets and pipes.
An event is {"event": "Sign Up", "properties": {"time": 1780000000, "distinct_id": "u-1", …}}; --map, --column-type and --preset
make events of other layouts, and what becomes of each column is said first. Each record is checked before it is sent;
--check only does that. What may not be meant (an n/a among numbers, a time before 2010) is a warning with its line. An
event without an $insert_id gets one that follows from its content, so that importing it again changes nothing.

Every record is accounted for: accepted, rejected with a reason, or not sent. Killed at any moment, the same command
continues where it was. A file of --rejects has for each record what stood in the source, where, the reason, and the flags with
which it was read: fix the records in it, and 'mp import' takes it, without any flags. Exit code 8 says that some were
rejected or that a file in a folder could not be read, 3 that all were rejected.`,
  examples: [
    { text: "A file", run: "mp import events.jsonl" },
    {
      text: "What was rejected goes to a file, to be fixed and imported",
      run: "mp import events.jsonl --rejects rejects.jsonl",
    },
    { text: "Find every problem first, sending nothing", run: "mp import events.jsonl --check" },
    {
      text: "Columns by other names",
      run: "mp import purchases.csv --map event=action --map distinct_id=user --map time=at --timezone Europe/Berlin",
    },
    {
      text: "What a spreadsheet in Europe writes",
      run: "mp import excel.csv --time-format 'DD.MM.YYYY HH:mm' --decimal-comma --null n/a",
    },
    { text: "Profiles: a row for each user", run: "mp import users.csv --kind profiles --map distinct_id=id" },
    { text: "Check everything, send nothing, show the first request", run: "mp import events.jsonl --dry-run" },
  ],
  operations: [importEvents, updateProfiles, updateGroups, replaceLookupTable],
  args: ["files"],
  input: importInput,
  run: runImport,
});

async function runImport(context: Context, input: ImportInput): Promise<number> {
  checkFlags(input);
  const { files = [], data, check, kind, rejects, checkpoint_file: checkpoint } = input;
  if (data !== undefined && (files.length > 0 || kind === "lookup-table")) {
    throw inputError(
      "Cannot use --data together with files, nor for a lookup table",
      "give one or the other",
      "bad_data",
    );
  }
  if (files.length === 0 && data === undefined && context.stdin.isTerminal) {
    throw inputError("Cannot import: no file is named", "mp import events.jsonl, or … | mp import");
  }
  const skipped: string[] = [];
  const unreadable: UnreadableSource[] = [];
  const sources = data !== undefined
    ? [jsonSource("--data", data)]
    : await openSources(files.length > 0 ? files : ["-"], context.stdin, {
      openStorage: async (address) => await (await import("../cli/storage_at.ts")).storageAt(context, address),
      outputs: [
        ...(rejects === undefined ? [] : [rejects]),
        ...(checkpoint === undefined ? [] : checkpointFiles(checkpoint)),
      ],
      onSkip: (path, reason) => void skipped.push(`Skipping ${cleanLine(path)}: ${reason}`),
      // A lookup table is one file: the others are no help.
      onUnreadable: kind === "lookup-table" ? undefined : (source) => void unreadable.push(source),
    });
  const outputs = { "--rejects": rejects, "--checkpoint-file": checkpoint, "--output": outputOf(context) };
  await (await import("./import/shared/distinct_files.ts")).checkDistinct(outputs, sources);
  for (const line of skipped) await context.note(line);
  // Each way is loaded when it is gone, so that help and completion come at once.
  if (kind === "lookup-table") {
    return await (await import("./import/shared/import_table.ts")).importTable(context, input, sources);
  }
  const planned = await (await import("./import/shared/rejected_input.ts")).planImport(input, sources, context.signal);
  if (check) return await (await import("./import/shared/import_check.ts")).checkImport(context, planned, unreadable);
  return await (await import("./import/shared/import_records.ts")).importRecords(context, planned, unreadable);
}

/** `-` is standard output. */
function outputOf({ globals: { output } }: Context): string | undefined {
  return output === "-" ? undefined : output;
}
