/** What an export says while it waits and when it has ended. */
import type { Context } from "../../../cli/context.ts";
import { formatDays } from "../../../jobs/export/days.ts";
import type { ExportSummary } from "../../../jobs/export/summary.ts";
import type { TargetAddress } from "../../../jobs/target_address.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import type { ProgressMode } from "../../../output/progress/job_progress.ts";

export interface ReportOptions {
  /** As it was typed. */
  path?: string;
  kind: TargetAddress["kind"] | "table";
  mode: ProgressMode;
}

/** Ends with one line for people, or with `--progress json` one object. */
export async function reportExport(context: Context, summary: ExportSummary, options: ReportOptions): Promise<void> {
  if (options.mode === "json") return await context.stderr.write(`${JSON.stringify(summaryObject(summary))}\n`);
  const { events, bytes, duplicates, files, totalEvents = 0, totalFiles = 0, elapsedMs, openDay } = summary;
  const place = options.kind === "stream" ? "" : ` to ${options.path}`;
  const unit = UNIT_OF[options.kind];
  if (unit !== undefined && files === 0) {
    const held = `${formatCount(totalEvents, "event")} in ${formatCount(totalFiles, unit)}`;
    await context.note(`Nothing was missing: ${options.path} holds ${held}`);
  } else {
    const left = duplicates === 0 ? "" : `, without ${formatCount(duplicates, "duplicate")}`;
    const count = unit === undefined ? "" : `: ${filesLine(summary, unit)}`;
    const size = `${formatBytes(bytes)} in ${formatDuration(elapsedMs)}`;
    await context.note(
      `Exported ${formatCount(events, "event")}${left} (${formatDays(summary)}), ${size}${place}${count}`,
    );
  }
  if (unit !== undefined && openDay !== undefined) {
    await context.note(`More events may come for ${openDay}; the same command fetches that day again`);
  }
}

/** What an export is made of, where it is made of several. */
const UNIT_OF: Readonly<Partial<Record<ReportOptions["kind"], string>>> = { folder: "file", table: "partition" };

function filesLine({ files, unchanged = 0, totalFiles = 0 }: ExportSummary, unit: string): string {
  const info = [formatCount(files, unit)];
  if (unchanged > 0) info.push(`${formatNumber(unchanged)} of them unchanged`);
  if (totalFiles > files) info.push(`${formatNumber(totalFiles)} in all`);
  return info.join(", ");
}

function summaryObject(summary: ExportSummary): Record<string, unknown> {
  return {
    type: "summary",
    from_date: summary.from,
    to_date: summary.to,
    records: summary.events,
    bytes: summary.bytes,
    duplicates: summary.duplicates,
    files: summary.files,
    files_unchanged: summary.unchanged,
    requests: summary.requests,
    elapsed_ms: Math.round(summary.elapsedMs),
    total_records: summary.totalEvents,
    total_files: summary.totalFiles,
    open_day: summary.openDay,
  };
}
