/** `mp export events`: raw events, at any size. */
import { z } from "zod";
import { stream } from "../../api/call.ts";
import { exportEvents as operation } from "../../api/export.ts";
import { choice, count, text, textList } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { duration } from "../../cli/durations.ts";
import { progressMode, withProgress } from "../../cli/job_progress.ts";
import { inputError, MpError } from "../../errors.ts";
import { countSlicesAtLeast, firstSlice } from "../../jobs/export/slice_plan.ts";
import { countDays } from "../../jobs/export/days.ts";
import { chooseFormat, COMPRESSIONS, hasMilliseconds } from "../../jobs/export/output_format.ts";
import { type ExportQuery, sliceParams } from "../../jobs/export/query.ts";
import { SPLITS } from "../../jobs/export/split.ts";
import { type FolderFlag, targetAddress } from "../../jobs/target_address.ts";
import { TIME_FORMS } from "../../streams/table/time_form.ts";
import { nameList } from "./shared/name_list.ts";
import { exportTo } from "./shared/export_to.ts";
import { tableAddress } from "./shared/table_target.ts";
import { reportExport } from "./shared/export_report.ts";

const { from_date, to_date, event, where, time_in_ms, limit, page } = operation.params.shape;
const on = (description: string) => z.boolean().default(false).meta({ description });

const input = z.object({
  from_date: from_date.optional(),
  to_date: to_date.optional(),
  event,
  where,
  time_in_ms,
  limit,
  page,
  split: choice(SPLITS, "One file a day (default for a folder), week, month, or one for all").optional(),
  hive: on("Folders date=2026-01-31/ that query engines read as a column"),
  compress: choice(COMPRESSIONS, "Default: by the name; gzip in a folder", { flag: "compress" }).optional(),
  columns: textList("Columns of csv, tsv and parquet, with commas between; default: all that occur", {
    placeholder: "NAMES",
  }).optional(),
  layout: choice(
    ["columns", "json"],
    "Of csv, tsv and parquet: a column for each property (default), or five columns " +
      "with all properties in one as JSON",
  ).optional(),
  names: choice(
    ["mixpanel", "safe"],
    "Names of columns: as Mixpanel has them (default), or safe ones that BigQuery, " +
      "Athena, Spark and PostgreSQL take",
  ).optional(),
  time: choice(TIME_FORMS, "Of csv and tsv: how times are written; default: as they come. Parquet has timestamps", {
    flag: "time-format",
    aliases: ["time"],
  }).optional(),
  null: text("Of csv and tsv: what stands for null, such as \\N; default: nothing", { placeholder: "TEXT" }).optional(),
  add_columns: on("Give properties that came later columns of their own in a folder of Parquet files: rewrites these"),
  dedupe: on("Leave out repeated events: same event, distinct_id, time and $insert_id"),
  since_last: on("Add what is new to a folder: from its last day, less --lookback, to yesterday"),
  lookback: duration("Days to fetch again with --since-last, for events that arrive late (default 5d)").optional(),
  restart: on("Replace another export in the folder, or forget one that was interrupted"),
  slice: count("Days of each request, in place of what fits the project", { min: 1, max: 366 }, { placeholder: "DAYS" })
    .optional(),
  concurrency: count("Requests at the same time", { min: 1, max: 32 }).default(4),
  progress: progressMode,
});
const DAY_MS = 86_400_000;
/** Devices that were offline send up to five days late. */
const DEFAULT_LOOKBACK_MS = 5 * DAY_MS;

type Input = z.output<typeof input>;

export default command({
  output: "own",
  summary: operation.summary.replace("as JSON Lines", "to a file, a folder or a bucket"),
  description:
    "Days are fetched in slices, several at a time, within Mixpanel's 60 exports an hour; a slice that fails is tried " +
    "again, and every line is checked. Killed at any moment, the same command continues where it stopped. A file has its " +
    "name when it is whole. A folder gets a file for each day (or week, or month) and a manifest, by which " +
    "'mp export verify' checks it later; of tables it is one table, whose columns the first events decide: what comes " +
    "later and does not fit is in the column other_properties. JSON Lines pass through exactly as Mixpanel sends them; names that end in " +
    ".csv, .tsv or .parquet, with .gz or .zst, choose other forms. clickhouse://host/db.table loads into a table, made if it " +
    "is not there: each day is a partition, which is replaced as a whole; the manifest is in a table beside it.",
  examples: [
    { text: "The last 30 days, to a file", run: "mp export events --last 30d -o events.jsonl" },
    {
      text: "Two kinds of event, compressed",
      run: "mp export events --last 7d --event 'Sign Up' --event Purchase -o events.jsonl.gz",
    },
    { text: "A file for each day, for a query engine", run: "mp export events --last 7d --hive -f parquet -o lake/" },
    {
      text: "What is new, each night",
      run: "mp export events --since-last --from 14d --lookback 3d -o nightly/",
    },
    { text: "A spreadsheet of some columns", run: "mp export events --last 7d --columns event,time,plan -o week.csv" },
    { text: "Preview three events", run: "mp export events --from yesterday --to today --limit 3" },
  ],
  operations: [operation],
  input,
  dateRange: true,
  run: exportEvents,
});

async function exportEvents(context: Context, input: Input): Promise<void> {
  const { globals } = context;
  if (globals.jq !== undefined) {
    throw inputError(
      "Cannot filter an export with --jq: it is a stream",
      "use a pipe: mp export events … | jq -c PROGRAM",
    );
  }
  if (input.hive && input.split === "none") {
    throw inputError("Cannot use --hive with --split none: there is nothing to name folders by", "use --split day");
  }
  if (input.lookback !== undefined && !input.since_last) {
    throw inputError("Cannot use --lookback without --since-last: it is about what is there already");
  }
  if (input.page !== undefined && input.limit === undefined) {
    throw inputError("Cannot use --page without --limit: it is a page of so many events", "add --limit N", "bad_flags");
  }
  if (input.limit !== undefined && input.since_last) {
    throw inputError("Cannot use --limit with --since-last: some events of a day are not that day", "leave it out");
  }
  const target = tableAddress(globals.output) ?? await targetAddress(globals.output, folderFlag(input));
  if (target.kind === "table") checkTableFlags(input, globals.format);
  const output = chooseFormat({
    format: target.kind === "table" ? "parquet" : globals.format,
    compression: input.compress,
    columns: input.columns && nameList(input.columns),
    dedupe: input.dedupe,
    tableLayout: input.layout,
    columnNames: input.names,
    time: input.time,
    nullText: input.null,
    bom: globals.bom,
    name: target.kind === "file" || target.kind === "device" ? target.path : undefined,
    defaultCompression: target.kind === "folder" ? "gzip" : "none",
  });
  if (globals.bom && target.kind === "folder") {
    throw inputError(
      "Cannot use --bom for a folder: its files are one table for query engines, to which a mark is a part of a name",
      "export to a file",
      "contradiction",
    );
  }
  const hasAllColumns = output.columns === undefined && output.layout === undefined;
  if (input.add_columns && !(target.kind === "folder" && output.format === "parquet" && hasAllColumns)) {
    throw inputError(
      "Cannot use --add-columns: it is for a folder of Parquet files with a column for each property",
      "'--restart' starts any other export over",
      "contradiction",
    );
  }
  const range = { from: input.from_date, to: input.to_date };
  if (!input.since_last && (range.from === undefined || range.to === undefined)) {
    throw inputError("Cannot export events: no days are given", "add --last 30d, or --from DAY --to DAY");
  }
  const { event, where, limit, page } = input;
  // Timestamps have milliseconds, which events have only where they are asked for.
  const time_in_ms = input.time_in_ms ?? (hasMilliseconds(output) || undefined);
  const filters = { event, where, time_in_ms, limit, page };
  if (globals.dryRun) return await showFirst(context, input, { ...range, ...filters } as ExportQuery);
  const words = {
    label: "Exporting",
    noun: "events",
    stepNoun: "days",
    printsData: target.kind === "stream",
  };
  const notes: string[] = [];
  try {
    const summary = await withProgress(
      context,
      input.progress,
      words,
      (progress) =>
        exportTo(context, target, output, { ...range, ...filters }, {
          split: input.split ?? "day",
          hive: input.hive,
          restart: input.restart,
          addColumns: input.add_columns,
          sinceLast: input.since_last,
          lookbackDays: Math.ceil((input.lookback ?? DEFAULT_LOOKBACK_MS) / DAY_MS),
          sliceDays: input.slice,
          concurrency: input.concurrency,
          progress,
          note: (line) => void notes.push(line),
          warn: (line) => context.note(line),
        }),
    );
    for (const line of notes) await context.note(line);
    await reportExport(context, summary, { path: globals.output, kind: target.kind, mode: input.progress });
  } catch (error) {
    throw target.kind === "stream" || target.kind === "device" ? error : resumable(error);
  }
}

/** A table has rows, and its days are its partitions. */
function checkTableFlags({ split, add_columns }: Input, format: string | undefined): void {
  const refused = format !== undefined && format !== "parquet"
    ? `-f ${format}`
    : split === "none"
    ? "--split none"
    : add_columns
    ? "--add-columns"
    : undefined;
  if (refused === undefined) return;
  throw inputError(
    `Cannot use ${refused} for a table: it gets rows, day by day`,
    "it is for files: -o FILE or -o FOLDER/",
    "contradiction",
  );
}

/** An interrupted export is not lost. */
function resumable(error: unknown): unknown {
  if (!(error instanceof MpError) || error.category !== "interrupted" || error.hint !== undefined) return error;
  return new MpError(error.message, { ...error, hint: "run the same command again: it goes on", cause: error });
}

/** The flag that says that the output is a folder. */
function folderFlag(input: Input): FolderFlag {
  if (input.since_last) return "--since-last";
  if (input.hive) return "--hive";
  return input.split === undefined || input.split === "none" ? undefined : "--split";
}

/** How the export would begin: the client of a dry run prints the request and ends the command. */
async function showFirst(context: Context, input: Input, query: ExportQuery): Promise<void> {
  const client = await context.client();
  const from = query.from ?? query.to;
  if (from === undefined) throw inputError("Cannot show the request: no first day is given", "add --from DAY");
  const range = { ...query, from, to: query.to ?? from };
  const options = { fixedDays: query.limit === undefined ? input.slice : countDays(range) };
  const requests = countSlicesAtLeast(range, options);
  await context.note(requests === 1 ? "One request:" : `The first of at least ${requests} requests:`);
  await stream(client, operation, sliceParams(query, firstSlice(range, options)));
}
