/** From a target that was typed to the job that serves it. */
import type { Context } from "../../../cli/context.ts";
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
import { exportToFolder } from "../../../jobs/export/to_folder.ts";
import { exportToStream } from "../../../jobs/export/to_stream.ts";
import { writeWhole } from "../../../storage/write_whole.ts";
import { recordOutputOf } from "../../../output/clean_bytes.ts";
import { besideFolder } from "./manifest_storage.ts";
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
  note(line: string): void;
}

/** Exports the events to the target. The range may be missing where the target knows it. */
export async function exportTo(
  context: Context,
  target: TargetAddress,
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
  const manifestStorage = output.format === "jsonl" ? storage : await besideFolder(context, storage);
  const range = sinceLast
    ? await rangeSinceLast({ storage, manifestStorage, split, lookbackDays, from, to, nowMs, restart })
    : undefined;
  const days = range === undefined ? {} : { from: range.from, to: range.to };
  return await exportToFolder(client, { ...given, ...days }, {
    ...job,
    storage,
    manifestStorage,
    stateFolder: stateFolderOf(manifestStorage, undefined, userFolder),
    locksFolder: userFolder,
    output: { ...output, split, hive },
    generator: `mp ${VERSION}`,
    restart,
    addColumns: options.addColumns,
    sinceLast: range,
  });
}
