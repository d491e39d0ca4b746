/** Delivers the records of an import, with its checkpoint and its file of rejected records. */
import { updateGroups } from "../../../api/groups.ts";
import { importEventLines } from "../../../api/ingestion.ts";
import { sendUpdates } from "../../../api/profile_updates.ts";
import { updateProfiles as updateUsers } from "../../../api/profiles.ts";
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import type { Client } from "../../../client/types.ts";
import { inputError, MpError } from "../../../errors.ts";
import { canResume, type Checkpoint, withCheckpoint } from "../../../jobs/import/checkpoint.ts";
import type { DeliveryOptions } from "../../../jobs/import/deliver.ts";
import { type DeliverySummary, emptySummary, resumeBySkipping } from "../../../jobs/import/delivery_summary.ts";
import { FIXES } from "../../../records/map/fix_record.ts";
import type { Recipe } from "../../../records/map/map_recipe.ts";
import { readRecords } from "../../../records/read/read_records.ts";
import { targetProject } from "../../../jobs/import/target_project.ts";
import { type ReadWith, withoutRejection } from "../../../records/read/rejected_lines.ts";
import { EVENTS_REPEATED, importBlocks } from "../../../jobs/import/import_events.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import type { UnreadableSource } from "../../../records/read/unreadable_source.ts";
import { openRejectFile } from "../../../jobs/import/reject_file.ts";
import { sendProfileUpdates } from "../../../jobs/profiles/update_profiles.ts";
import { join, resolve } from "../../../runtime/files/files.ts";
import { shellWord } from "../../../runtime/shell_word.ts";
import { readVariable } from "../../../settings/environment.ts";
import { type DeliveryReport, watchDelivery } from "./delivery_report.ts";
import { type ImportColumns, importColumns, sayColumns } from "./import_columns.ts";
import { ImportWarnings, tableProblem } from "./import_warnings.ts";
import { tellNoRecords } from "./no_records.ts";
import { type ImportInput, readOptions, recipeOfInput } from "./import_flags.ts";
import type { PlannedImport } from "./rejected_input.ts";
import { importCheck, updateRules } from "./import_rules.ts";

const NOUNS = { events: "event", profiles: "profile", groups: "group" } as const;

/** Imports events, profiles or groups. Returns the exit code. */
export async function importRecords(
  context: Context,
  { input, sources, readWith, readBefore }: PlannedImport,
  unreadable: readonly UnreadableSource[],
): Promise<number> {
  const recipe = recipeOfInput(input);
  const client = await context.client();
  // All columns are told in a result; without one, those of rows.
  const ready = asksForResult(context) ? undefined : importCheck(context, input, recipe).ready;
  const columns = importColumns(input, recipe, sources, ready && { ready, nowMs: context.clock.now() });
  const warnings = new ImportWarnings();
  const report = watchDelivery(context, sources, {
    columns,
    warnings,
    doing: "Importing",
    done: "Imported",
    noun: NOUNS[recipe.kind ?? "events"],
    rejects: input.rejects,
    again: input.rejects === undefined ? undefined : `mp import ${shellWord(input.rejects)}`,
    fixes: FIXES,
    progress: input.progress,
  });
  for (const source of unreadable) report.unreadable(source);
  const job: Job = { context, input, sources, readWith, readBefore, recipe, client, report, columns, warnings };
  const summary =
    await (remembers(context, input, sources) ? remembering(job) : report.finish(importing(job, undefined)));
  await job.showFirst?.();
  return report.exitCode(summary);
}

interface Job {
  context: Context;
  input: ImportInput;
  sources: readonly RecordSource[];
  /** How the records are read, for those that are rejected; and how those of such a file were read before. */
  readWith: ReadWith;
  readBefore: ReadWith;
  recipe: Recipe;
  client: Client;
  report: DeliveryReport;
  columns: ImportColumns;
  warnings: ImportWarnings;
  /** How many records come before the first source that could not be opened any more when it was its turn. */
  missingFrom?: number;
  /** With `--dry-run`: shows the first request. */
  showFirst?: () => Promise<unknown>;
}

/** Whether the import has a checkpoint. */
function remembers({ globals }: Context, input: ImportInput, sources: readonly RecordSource[]): boolean {
  if (globals.dryRun || !input.checkpoint || input.skip_lines > 0) return false;
  if (canResume(sources)) return true;
  if (input.checkpoint_file === undefined) return false;
  throw inputError(
    "Cannot use --checkpoint-file: what comes through a pipe is read only once",
    "import a file; or go on after an import that stopped with --skip-lines",
  );
}

async function remembering(job: Job): Promise<DeliverySummary> {
  const { context, input, sources, recipe, client, report } = job;
  const { connection } = client;
  const { stateFolder } = await context.settings();
  const identity = {
    host: connection.baseUrl ?? connection.region,
    project: targetProject(client, recipe.kind ?? "events"),
    kind: input.kind,
    recipe: recipeFlags(input),
  };
  const options = {
    path: input.checkpoint_file,
    folder: join(stateFolder, "imports"),
    restart: input.restart,
    now: context.clock.now,
    note: (line: string) => void context.note(line),
  };
  let hasBegun = false;
  try {
    return await withCheckpoint(identity, sources, options, (checkpoint) => {
      hasBegun = true;
      return report.finish(importing(job, checkpoint));
    });
  } catch (error) {
    if (hasBegun) throw error;
    return await report.finish(withoutCheckpoint(job, options.folder, error));
  }
}

/** Without a home, or with one that can only be read, one may import all the same. */
async function withoutCheckpoint(job: Job, folder: string, error: unknown): Promise<DeliverySummary> {
  const { context, input } = job;
  const isUnwritable = error instanceof MpError && error.code === "unwritable_file";
  const isChosen = (input.checkpoint_file ?? readVariable(context.env, "XDG_STATE_HOME")) !== undefined;
  if (!isUnwritable || isChosen) throw error;
  await context.note(`No checkpoint is kept in ${folder}, which cannot be written; --checkpoint-file names one`);
  return await importing(job, undefined);
}

/** What changes the records, or their order. */
function recipeFlags(input: ImportInput): unknown {
  const { input_format, preset, map, type, set, drop, only, tz, time_format, fix, group_key } = input;
  const { delimiter, columns, null: nulls, decimal_comma, header, as_text, rejected } = input;
  const mapping = { preset, map, type, set, drop, only, tz, time_format, fix, group_key };
  return { ...mapping, input_format, delimiter, columns, nulls, decimal_comma, header, as_text, rejected };
}

const REJECTS_HINT = "name another file for --rejects; --restart replaces this one";

async function importing(job: Job, checkpoint: Checkpoint | undefined): Promise<DeliverySummary> {
  const { context, input, sources, recipe, report } = job;
  const { rejects: path, skip_lines: skip } = input;
  const earlier = checkpoint?.earlier;
  const before = earlier?.rejects;
  if (before !== undefined && (path === undefined || resolve(path) !== before.path)) {
    throw inputError(
      `Cannot go on with the import: its rejected records are in ${JSON.stringify(before.path)}`,
      `name that file with --rejects; --restart starts over`,
      "rejects_changed",
    );
  }
  const keep = before?.bytes ?? (skip > 0 ? "all" : input.restart ? "replace" : "none");
  const rejects = path === undefined
    ? undefined
    : await openRejectFile(path, sources, keep, REJECTS_HINT, job.readWith);
  const mark = () => rejects && { path: resolve(rejects.path), bytes: rejects.bytes };
  if (earlier !== undefined && earlier.settled.records > 0) await report.resume(earlier.settled.summary);
  const options: CommonOptions = {
    clock: context.clock,
    signal: context.signal,
    keepsRaw: rejects !== undefined,
    earlier: earlier?.settled ?? (skip > 0 ? { records: skip, summary: emptySummary() } : undefined),
    async onReject(record) {
      report.reject(record);
      await report.keep(rejects?.write(record));
    },
    onWarning: (place, warning) => job.warnings.add(place, warning),
    // A later run may be able to read what this one could not: it has to go on before that.
    onSettled: (settled) =>
      settled.records > (job.missingFrom ?? Infinity)
        ? undefined
        : checkpoint?.settle(settled, mark(), async () => await report.keep(rejects?.sync())),
    progress: report.progress,
    resuming: checkpoint === undefined
      ? resumeBySkipping(
        recipe.kind === "events" ? EVENTS_REPEATED : "an update that is sent twice changes nothing more",
      )
      : (records) => `run the same command again${records > 0 ? `: it goes on after ${records} records` : ""}`,
  };
  try {
    const begun = before === undefined ? mark() : undefined;
    if (begun !== undefined) await checkpoint?.begin(begun);
    const summary = recipe.kind === "events" ? await events(job, options) : await updates(job, options);
    // The checkpoint goes when it has been said how it ended: by then they are on disk.
    await report.keep(rejects?.sync());
    if (summary.read === 0) await tellNoRecords(context, "import", sources);
    return summary;
  } catch (error) {
    await checkpoint?.stop(mark());
    throw error;
  } finally {
    await rejects?.close();
  }
}

type CommonOptions = Pick<
  DeliveryOptions,
  "clock" | "signal" | "keepsRaw" | "earlier" | "onReject" | "onSettled" | "onWarning" | "progress" | "resuming"
>;

function blocksOf(job: Job) {
  const { context, input, sources, recipe, report, columns, warnings } = job;
  const options = readOptions(input, recipe);
  const blocks = readRecords(sources, {
    ...options,
    signal: context.signal,
    onColumns: columns.onColumns,
    onWarning: (source, warning) => warnings.add({ source: source.name, line: warning.line }, tableProblem(warning)),
    onBytes: (bytes) => report.progress.advance({ bytes }),
    onUnreadable(source, recordsBefore) {
      report.unreadable(source);
      job.missingFrom ??= recordsBefore;
    },
  });
  return columns.watch(withoutRejection(blocks, input.rejected, job.readBefore, options), async (facts, source) => {
    await sayColumns(context, facts, source);
    for (const line of warnings.takeLines(sources.length > 1)) await context.note(line);
  });
}

async function events(job: Job, options: CommonOptions): Promise<DeliverySummary> {
  const { context, input, recipe, client } = job;
  const wire = { strict: input.strict, encoding: input.encoding };
  return await importBlocks(client, blocksOf(job), {
    ...options,
    check: importCheck(context, input, recipe),
    concurrency: input.concurrency,
    batchSize: input.batch_size,
    wire,
    onFirstBatch: context.globals.dryRun
      ? (lines) => void (job.showFirst = () => importEventLines(client, lines, wire))
      : undefined,
  });
}

/** Updates that are harmless when they are sent twice, as after a crash they may be. */
async function updates(job: Job, options: CommonOptions): Promise<DeliverySummary> {
  const { context, input: { encoding }, recipe, client } = job;
  const isGroups = recipe.kind === "groups";
  const operation = isGroups ? updateGroups : updateUsers;
  return await sendProfileUpdates(client, operation, blocksOf(job), {
    ...options,
    ...updateRules(context, recipe),
    recipe,
    encoding,
    onFirstBatch: context.globals.dryRun
      ? (batch) => void (job.showFirst = () => sendUpdates(client, operation, batch, { encoding }))
      : undefined,
  });
}
