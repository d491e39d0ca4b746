/** What `mp copy` says before it begins, while it runs, and when it has ended. */
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import type { Client } from "../../../client/types.ts";
import { type JobProgress, SILENT_PROGRESS } from "../../../jobs/progress.ts";
import { formatDays } from "../../../jobs/export/days.ts";
import type { CopySummary } from "../../../jobs/copy/copy_project.ts";
import { addressOf, type WantedCopy } from "../../../jobs/copy/projects.ts";
import { doubtState } from "../../../jobs/import/delivery_summary.ts";
import type { RejectedRecord } from "../../../jobs/import/batch.ts";
import { escapeJsonForTerminal } from "../../../output/clean.ts";
import { formatCount, formatDuration, formatNumber } from "../../../output/format.ts";
import { notedWaits } from "../../../output/progress/noted_waits.ts";
import type { ProgressMode } from "../../../output/progress/job_progress.ts";

const MOST_SHOWN_REJECTS = 10;

export interface CopyReport {
  begin(source: Client, target: Client, wanted: WantedCopy): Promise<void>;
  /** For the export's side: records count when they are copied, not when they are fetched. */
  fetching: JobProgress;
  reject(record: RejectedRecord): void;
  /** Says how it ended, and throws what ended it early; returns the exit code. */
  end(summary: CopySummary): Promise<number>;
}

export function copyReport(
  context: Context,
  progress: JobProgress,
  mode: ProgressMode,
): CopyReport {
  const { clock } = context;
  const startedMs = clock.now();
  const shown: RejectedRecord[] = [];
  let rejectedEntries = 0;
  // What the source waits for is said without a terminal too.
  const isNoted = mode === "auto" && !context.stderr.isTerminal;
  const noted = isNoted ? notedWaits(clock, (line) => void context.note(line)) : SILENT_PROGRESS;

  return {
    async begin(source, target, wanted) {
      const from = addressOf(source);
      const to = addressOf(target);
      await context.note(
        `Copying ${formatParts(wanted)} from project ${from.project} on ${from.host} to ${to.project} on ${to.host}`,
      );
      if (wanted.events === undefined) return;
      const identity = wanted.events.skipIdentity
        ? "$identify, $create_alias and $merge are left out"
        : "$identify, $create_alias and $merge go along, and are refused by projects with simplified identity management";
      await context.note(`Ids are those that the source has resolved; ${identity}`);
    },
    fetching: {
      part: (name) => ({
        ...SILENT_PROGRESS.part(name),
        wait(wait) {
          noted.wait(wait);
          progress.wait(wait && { ...wait, reason: `fetching ${name}: ${wait.reason}` });
        },
      }),
      advance() {},
      total: ({ steps }, earlier) => progress.total({ steps }, earlier && { steps: earlier.steps }),
      quota: (left, limit) => progress.quota(left, limit),
      wait: (wait) => progress.wait(wait),
    },
    reject(record) {
      rejectedEntries++;
      if (shown.length < MOST_SHOWN_REJECTS) shown.push(record);
    },
    async end(summary) {
      const sums = sumsOf(summary);
      await say(summary, sums);
      if (mode === "json") {
        await context.stderr.write(`${escapeJsonForTerminal(JSON.stringify({ type: "summary", ...sums }))}\n`);
      } else if (asksForResult(context)) {
        await context.print({ text: JSON.stringify(sums), data: sums, rows: [{ ...sums, parts: sums.parts.length }] });
      }
      if (summary.failure !== undefined) throw summary.failure;
      if (sums.rejected === 0) return 0;
      return sums.accepted === 0 ? 3 : 8;
    },
  };

  async function say({ rejectsPath, failure }: CopySummary, sums: Sums): Promise<void> {
    const info = [`${formatNumber(sums.accepted)} accepted`];
    if (sums.rejected > 0) info.push(`${formatNumber(sums.rejected)} rejected`);
    if (sums.left_out > 0) info.push(`${formatNumber(sums.left_out)} left out`);
    if (sums.in_doubt > 0) info.push(`${formatNumber(sums.in_doubt)} ${doubtState(failure)}`);
    if (sums.not_sent > 0) info.push(`${formatNumber(sums.not_sent)} not sent`);
    const time = formatDuration(clock.now() - startedMs);
    const verb = failure === undefined ? "Copied" : "Stopped after";
    await context.note(`${verb} ${formatCount(sums.exported, "record")} in ${time}: ${info.join(", ")}`);
    for (const { source, line, reason } of shown) await context.note(`  ${source}, line ${line}: ${reason}`);
    const more = rejectedEntries - shown.length;
    if (more > 0) await context.note(`  … and ${formatNumber(more)} more`);
    if (rejectsPath !== undefined) await context.note(`Rejected records with their reasons: ${rejectsPath}`);
  }
}

interface Sums {
  exported: number;
  accepted: number;
  rejected: number;
  left_out: number;
  in_doubt: number;
  not_sent: number;
  rejects?: string;
  parts: Record<string, unknown>[];
}

function sumsOf({ parts, rejectsPath }: CopySummary): Sums {
  const sum = (key: "exported" | "accepted" | "rejected" | "leftOut" | "inDoubt") =>
    parts.reduce((all, part) => all + (part[key] ?? 0), 0);
  const [exported, accepted, rejected, leftOut] = [sum("exported"), sum("accepted"), sum("rejected"), sum("leftOut")];
  const inDoubt = sum("inDoubt");
  return {
    exported,
    accepted,
    rejected,
    left_out: leftOut,
    in_doubt: inDoubt,
    not_sent: exported - accepted - rejected - leftOut - inDoubt,
    rejects: rejectsPath,
    parts: parts.map(({ leftOut, inDoubt, ...part }) => ({ ...part, left_out: leftOut, in_doubt: inDoubt })),
  };
}

function formatParts({ events, profiles, groups, lexicon, annotations }: WantedCopy): string {
  const parts = [
    ...(lexicon ? ["the data dictionary"] : []),
    ...(annotations ? ["annotations"] : []),
    ...(profiles ? ["profiles"] : []),
    ...groups.map(({ key }) => `groups of type ${key}`),
    ...(events === undefined ? [] : [`events (${formatDays(events)})`]),
  ];
  return parts.join(", ");
}
