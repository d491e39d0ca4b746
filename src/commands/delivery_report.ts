/** What `mp import` and `mp track` say about a delivery while it runs and when it has ended. */
import type { Context } from "../cli/context.ts";
import { DeliveryStoppedError, type DeliverySummary } from "../jobs/deliver.ts";
import type { RejectedRecord } from "../jobs/record_check.ts";
import type { RecordSource } from "../jobs/record_source.ts";
import { formatBytes, formatDuration, formatNumber } from "../output/format.ts";
import { createProgress } from "../output/progress.ts";

const MAX_SHOWN_REJECTS = 10;

export interface DeliveryReport {
  /** Shows a rejected record, unless enough have been shown. */
  reject(record: RejectedRecord): void;
  advance(done: { bytes?: number; records?: number }): void;
  /** Waits for the delivery and says how it ended, also when it fails. */
  finish(delivery: Promise<DeliverySummary>): Promise<DeliverySummary>;
  /** 0, or 8 when some records were rejected, or 3 when all were. */
  exitCode(summary: DeliverySummary): number;
}

/**
 * @param words.rejects the file that all rejected records go to, if any
 * @param words.noun what a record is called; default `event`
 */
export function watchDelivery(
  context: Context,
  sources: readonly RecordSource[],
  words: { doing: string; done: string; noun?: string; rejects?: string },
): DeliveryReport {
  const startedMs = context.clock.now();
  const sizes = sources.map((source) => source.sizeBytes);
  const total = sizes.reduce((sum, size) => sum === undefined || size === undefined ? undefined : sum + size, 0);
  const progress = createProgress(context.stderr, context.clock, {
    enabled: !context.globals.quiet,
    label: words.doing,
    total: total === undefined ? undefined : { bytes: total },
    colour: context.globals.color,
  });
  const counted = (count: number) => `${formatNumber(count)} ${words.noun ?? "event"}${count === 1 ? "" : "s"}`;
  const shown: RejectedRecord[] = [];
  let rejectedEntries = 0;

  const sayRejects = async () => {
    for (const record of shown) await context.note(`  ${describe(record, sources.length > 1)}`);
    const more = rejectedEntries - shown.length;
    if (more <= 0) return;
    const where = words.rejects === undefined ? "; --rejects FILE keeps them all" : `; all are in ${words.rejects}`;
    await context.note(`  … and ${formatNumber(more)} more${where}`);
  };

  const say = async (summary: DeliverySummary) => {
    const { read, accepted, rejected, notSent, bytes } = summary;
    const time = formatDuration(context.clock.now() - startedMs);
    if (context.globals.dryRun) {
      const lines = `Checked ${counted(read)} in ${time}: ${formatNumber(notSent)} can be sent`;
      await context.note(`${lines}, ${formatNumber(rejected)} cannot`);
    } else {
      const whole = accepted === read ? counted(read) : `${formatNumber(accepted)} of ${counted(read)}`;
      const parts = [`${words.done} ${whole}, ${formatBytes(bytes)} in ${time}`];
      if (rejected > 0) parts.push(`${formatNumber(rejected)} rejected`);
      if (notSent > 0) parts.push(`${formatNumber(notSent)} not sent`);
      await context.note(parts.join("; "));
    }
    await sayRejects();
  };

  return {
    reject(record) {
      rejectedEntries++;
      if (shown.length < MAX_SHOWN_REJECTS) shown.push(record);
    },
    advance: (done) => progress.advance(done),
    async finish(delivery) {
      try {
        const summary = await delivery;
        await progress.done();
        await say(summary);
        if (!context.globals.dryRun) await printSummary(context, summary, context.clock.now() - startedMs);
        return summary;
      } catch (error) {
        await progress.done();
        if (error instanceof DeliveryStoppedError) {
          await say(error.summary);
          await printSummary(context, error.summary, context.clock.now() - startedMs);
        } else await sayRejects();
        throw error;
      }
    },
    exitCode({ rejected, accepted, notSent }) {
      if (rejected === 0) return 0;
      return accepted === 0 && notSent === 0 ? 3 : 8;
    },
  };
}

/** A delivery has no result but its effect; the numbers are printed when a format is asked for. */
async function printSummary(context: Context, summary: DeliverySummary, elapsedMs: number): Promise<void> {
  if (context.globals.format === undefined && context.globals.jq === undefined) return;
  const { notSent, ...rest } = summary;
  const data = { ...rest, not_sent: notSent, seconds: elapsedMs / 1000 };
  await context.print({ text: JSON.stringify(data), data, rows: [data] });
}

function describe({ source, line, lastLine, count, reason }: RejectedRecord, named: boolean): string {
  const place = lastLine === undefined ? `line ${line}` : `${formatNumber(count)} of lines ${line} to ${lastLine}`;
  return `${named ? `${source}, ` : ""}${place}: ${reason}`;
}
