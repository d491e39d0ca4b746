/** From a target that was typed to the job that serves it. */
import type { Context } from "../../../cli/context.ts";
import type { Client } from "../../../client/types.ts";
import type { JobProgress } from "../../../jobs/progress.ts";
import { storageAt } from "../../../cli/storage_at.ts";
import type { DayRange } from "../../../jobs/export/days.ts";
import type { OutputFormat } from "../../../jobs/export/output_format.ts";
import type { ExportQuery } from "../../../jobs/export/query.ts";
import { rangeSinceLast } from "../../../jobs/export/since_last.ts";
import type { Split } from "../../../jobs/export/split.ts";
import type { ExportSummary } from "../../../jobs/export/summary.ts";
import { stateFolderOf, type TargetAddress } from "../../../jobs/target_address.ts";
import { exportToFile } from "../../../jobs/export/to_file.ts";
import { exportToTable } from "../../../jobs/export/to_clickhouse.ts";
import type { FolderExport } from "../../../jobs/export/folder_export.ts";
import { exportToFolder } from "../../../jobs/export/to_folder.ts";
import { exportToStream } from "../../../jobs/export/to_stream.ts";
import { writeWhole } from "../../../storage/write_whole.ts";
import { recordOutputOf } from "../../../output/clean_bytes.ts";
import { folderPlaces } from "./manifest_storage.ts";
import { openTableTarget, type TableAddress } from "./table_target.ts";
import { VERSION } from "../../../version.ts";

export interface ExportToOptions {
  split: Split;
  hive: boolean;
  restart: boolean;
  addColumns: boolean;
  sinceLast: boolean;
  lookbackDays: number;
  sliceDays?: number;
  concurrency?: number;
  progress: JobProgress;
  /** Said at the end. */
  note(line: string): void;
  /** Said at once. */
  warn?(line: string): Promise<void>;
}

/** Exports the events to the target. The range may be missing where the target knows it. */
export async function exportTo(
  context: Context,
  target: TargetAddress | TableAddress,
  output: OutputFormat,
  query: Omit<ExportQuery, "from" | "to"> & Partial<DayRange>,
  options: ExportToOptions,
): Promise<ExportSummary> {
  const { clock, signal } = context;
  const client = await context.client();
  const { sliceDays, concurrency, progress, note, restart } = options;
  const job = { output, clock, signal, sliceDays, concurrency, progress, note };
  const given = query as ExportQuery;
  if (target.kind === "stream") {
    const stdout = recordOutputOf(context.stdout, output);
    return await exportToStream(client, given, { ...job, print: (bytes) => stdout.write(bytes) });
  }
  if (target.kind === "table") return await toTable(context, client, target, given, job, options);
  const storage = await storageAt(context, target.storage);
  if (target.kind === "device") {
    return await writeWhole(
      await storage.create(target.path),
      (file) => exportToStream(client, given, { ...job, print: (bytes) => file.write(bytes) }),
    );
  }
  const { stateFolder: userFolder } = await context.settings();
  if (target.kind === "file") {
    const stateFolder = stateFolderOf(storage, target.path, userFolder);
    const { path } = target;
    return await exportToFile(client, given, { ...job, storage, path, stateFolder, locksFolder: userFolder, restart });
  }
  const { split, hive, sinceLast, lookbackDays } = options;
  const { from, to } = query;
  const nowMs = clock.now();
  const places = await folderPlaces(context, storage, output.format);
  const { manifestStorage } = places;
  const range = sinceLast
    ? await rangeSinceLast({ storage, manifestStorage, split, lookbackDays, from, to, nowMs, restart })
    : undefined;
  const days = range === undefined ? {} : { from: range.from, to: range.to };
  return await exportToFolder(client, { ...given, ...days }, {
    ...job,
    ...places,
    stateFolder: stateFolderOf(manifestStorage, undefined, userFolder),
    locksFolder: userFolder,
    output: { ...output, split, hive },
    generator: `mp ${VERSION}`,
    restart,
    addColumns: options.addColumns,
    warn: options.warn,
    sinceLast: range,
  });
}

async function toTable(
  context: Context,
  client: Client,
  target: TableAddress,
  query: ExportQuery,
  job: Pick<FolderExport, "clock" | "signal" | "sliceDays" | "concurrency" | "progress" | "note"> & {
    output: OutputFormat;
  },
  { split, restart, sinceLast, lookbackDays, warn }: ExportToOptions,
): Promise<ExportSummary> {
  const { stateFolder: userFolder } = await context.settings();
  const table = await openTableTarget(context, target, { split, output: job.output });
  const { storage } = table;
  const { from, to } = query;
  const range = sinceLast
    ? await rangeSinceLast({ storage, split, lookbackDays, from, to, nowMs: context.clock.now(), restart })
    : undefined;
  const days = range === undefined ? {} : { from: range.from, to: range.to };
  return await exportToTable(client, { ...query, ...days }, table, {
    ...job,
    stateFolder: stateFolderOf(storage, undefined, userFolder),
    locksFolder: userFolder,
    output: { ...job.output, split, hive: true },
    generator: `mp ${VERSION}`,
    restart,
    warn,
    sinceLast: range,
  });
}
