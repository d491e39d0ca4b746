/** What `mp import`, `mp track` and the batches say about a delivery while it runs and when it has ended. */
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { jobProgress } from "../../../cli/job_progress.ts";
import { DeliveryStoppedError, type DeliverySummary, doubtState } from "../../../jobs/import/delivery_summary.ts";
import type { JobProgress } from "../../../jobs/progress.ts";
import type { RejectedRecord } from "../../../jobs/import/batch.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import type { UnreadableSource } from "../../../records/read/unreadable_source.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import type { ProgressMode } from "../../../output/progress/job_progress.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { type ImportColumns, sayMissing } from "./import_columns.ts";
import type { ImportWarnings } from "./import_warnings.ts";
import { cleanLine } from "../../../output/clean.ts";

const MAX_SHOWN_REJECTS = 10;

export interface DeliveryReport {
  /** Shows a rejected record, unless enough have been shown. */
  reject(record: RejectedRecord): void;
  /** Waits for a write to the file of rejected records. When it fails, nothing is said to be in it that may not be. */
  keep(writing: Promise<void> | undefined): Promise<void>;
  /** Counts a source that could not be read. */
  unreadable(source: UnreadableSource): void;
  progress: JobProgress;
  /** Says that the delivery goes on after an earlier one. */
  resume(earlier: Readonly<DeliverySummary>): Promise<void>;
  /** Waits for the delivery and says how it ended, also when it fails. */
  finish(delivery: Promise<DeliverySummary>): Promise<DeliverySummary>;
  /** 0, or 8 when some records were rejected or some sources not read, or 3 when all records were rejected. */
  exitCode(summary: DeliverySummary): number;
}

export interface DeliveryLabels {
  doing: string;
  done: string;
  /** What a record is called. Default `event`. */
  noun?: string;
  /** The file that all rejected records go to, if any. */
  rejects?: string;
  /** What sends them again when they have been fixed. */
  again?: string;
  /** What each kind of repair is called, in the plural. */
  fixes?: Readonly<Record<string, string>>;
  progress?: ProgressMode;
  /** What becomes of the columns, and what may not be what was meant; filled while the delivery runs. */
  columns?: ImportColumns;
  warnings?: ImportWarnings;
}

export function watchDelivery(
  context: Context,
  sources: readonly RecordSource[],
  words: DeliveryLabels,
): DeliveryReport {
  const { clock } = context;
  const startedMs = clock.now();
  const noun = words.noun ?? "event";
  const progress = jobProgress(context, words.progress ?? "auto", {
    label: words.doing,
    noun: `${noun}s`,
  });
  const sizes = sources.map((source) => source.sizeBytes);
  const bytes = sizes.reduce((sum, size) => sum === undefined || size === undefined ? undefined : sum + size, 0);
  if (bytes !== undefined) progress.total({ bytes });
  const counted = (count: number) => formatCount(count, noun);
  const shown: RejectedRecord[] = [];
  const unreadable: UnreadableSource[] = [];
  let rejectedEntries = 0;
  let hasBrokenRejects = false;
  let earlier: Readonly<DeliverySummary> | undefined;

  const sayRejects = async () => {
    for (const record of shown) await context.note(`  ${describe(record, sources.length > 1)}`);
    const more = rejectedEntries - shown.length;
    const where = words.rejects === undefined
      ? "--rejects FILE keeps them all"
      : hasBrokenRejects
      ? `not all are in ${words.rejects}, which could not be written`
      : `all are in ${words.rejects}`;
    if (more > 0) await context.note(`  … and ${formatNumber(more)} more; ${where}`);
    else if (rejectedEntries > 0 && words.rejects === undefined) await context.note(`  ${where}`);
  };

  const say = async (summary: DeliverySummary, failure?: DeliveryStoppedError) => {
    const { read, accepted, rejected, skipped, inDoubt, notSent } = summary;
    const time = formatDuration(clock.now() - startedMs);
    if (context.globals.dryRun) {
      const lines = `Checked ${counted(read)} in ${time}: ${formatNumber(notSent)} can be sent`;
      await context.note(`${lines}, ${formatNumber(rejected)} cannot`);
    } else {
      const whole = accepted === read ? counted(read) : `${formatNumber(accepted)} of ${counted(read)}`;
      const parts = [`${words.done} ${whole}, ${formatBytes(summary.bytes)} in ${time}`];
      if (rejected > 0) parts.push(`${formatNumber(rejected)} rejected`);
      if (skipped > 0) parts.push(`${formatNumber(skipped)} meant for something else`);
      if (inDoubt > 0) parts.push(`${formatNumber(inDoubt)} ${doubtState(failure)}`);
      if (notSent > 0) parts.push(`${formatNumber(notSent)} not sent`);
      if (unreadable.length > 0) parts.push(`${formatNumber(unreadable.length)} of the sources not read`);
      if (earlier !== undefined) parts.push(`${formatNumber(earlier.read)} of them in an earlier run`);
      await context.note(parts.join("; "));
    }
    for (const [kind, count] of Object.entries(summary.fixed)) {
      await context.note(`  repaired: ${formatNumber(count)} ${words.fixes?.[kind] ?? kind}`);
    }
    for (const line of words.warnings?.takeLines(sources.length > 1) ?? []) await context.note(line);
    await sayRejects();
    if (rejectedEntries > 0 && words.again !== undefined && failure === undefined && !hasBrokenRejects) {
      await context.note(`Fix them in ${words.rejects}, and send them: ${words.again}`);
    }
    for (const { source, reason } of unreadable) await context.note(`  not read: ${cleanLine(source)}: ${reason}`);
  };

  const print = async (summary: DeliverySummary) => {
    // A delivery has no result but its effect; the numbers are printed when a format is asked for.
    if (!asksForResult(context)) return;
    const { inDoubt, notSent, fixed, ...rest } = summary;
    const warnings = words.warnings?.groups ?? [];
    const facts = {
      ...rest,
      in_doubt: inDoubt,
      not_sent: notSent,
      fixed,
      unreadable,
      earlier_records: earlier?.read ?? 0,
      seconds: (clock.now() - startedMs) / 1000,
    };
    const data = {
      ...facts,
      columns: words.columns?.told ?? [],
      missing_columns: words.columns?.missing ?? [],
      warnings,
    };
    const row = {
      ...facts,
      fixed: JSON.stringify(fixed),
      unreadable: JSON.stringify(unreadable),
      warnings: warnings.reduce((sum, { count }) => sum + count, 0),
    };
    await context.print({ text: stringifyJson(data), data, rows: [row] });
  };

  return {
    reject(record) {
      rejectedEntries++;
      // Without what stood in the source, which may be megabytes and is not shown.
      if (shown.length < MAX_SHOWN_REJECTS) shown.push({ ...record, record: undefined, among: undefined });
    },
    async keep(writing) {
      try {
        await writing;
      } catch (error) {
        hasBrokenRejects = true;
        throw error;
      }
    },
    unreadable: (source) => void unreadable.push(source),
    progress,
    async resume(summary) {
      earlier = summary;
      progress.advance({ records: summary.read });
      await context.note(`Resuming after ${counted(summary.read)}`);
    },
    async finish(delivery) {
      try {
        const summary = await delivery;
        await progress.done();
        await say(summary);
        if (words.columns !== undefined) await sayMissing(context, words.columns);
        if (!context.globals.dryRun) await print(summary);
        return summary;
      } catch (error) {
        await progress.done();
        if (error instanceof DeliveryStoppedError) {
          await say(error.summary, error);
          await print(error.summary);
        } else await sayRejects();
        throw error;
      }
    },
    exitCode({ rejected, accepted, notSent }) {
      if (rejected > 0 && accepted === 0 && notSent === 0) return 3;
      return rejected > 0 || unreadable.length > 0 ? 8 : 0;
    },
  };
}

function describe({ source, line, lastLine, count, reason }: RejectedRecord, named: boolean): string {
  const place = lastLine === undefined ? `line ${line}` : `${formatNumber(count)} of lines ${line} to ${lastLine}`;
  return `${named ? `${source}, ` : ""}${place}: ${reason}`;
}
