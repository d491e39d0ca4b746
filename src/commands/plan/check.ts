import { z } from "zod";
import { command } from "../../cli/command.ts";
import { progressMode, withProgress } from "../../cli/job_progress.ts";
import { storageAt } from "../../cli/storage_at.ts";
import { MpError } from "../../errors.ts";
import { applyOrder, checkDefinition } from "../../jobs/plan/apply_plan.ts";
import { checkEvents, type PlanCheckReport, type PlanProblem } from "../../jobs/plan/check_events.ts";
import { type PlanDefinition, planPath } from "../../jobs/plan/definition.ts";
import { readPlan, withoutLocalFields } from "../../jobs/plan/plan_folder.ts";
import { PLAN_KINDS } from "../../jobs/plan/plan_kinds.ts";
import { checkReferences } from "../../jobs/plan/check_references.ts";
import { formatCount, formatNumber } from "../../output/format.ts";
import { jsonResult } from "../../output/print.ts";
import { openSources } from "../../records/read/open_sources.ts";
import { readRecords } from "../../records/read/read_records.ts";
import type { UnreadableSource } from "../../records/read/unreadable_source.ts";
import { DIFFERENCES_FOUND, planInput } from "./shared/plan_input.ts";

const MOST_SHOWN = 50;

export default command({
  summary: "hold exported events against a plan, offline",
  description:
    `Reads the files of events and reports those that the plan does not have or drops, properties that are required and
missing, and values of another type or outside of 'enum'. An event's file may also say how many there are on a day: [volume]
with min and max. Without files the folder itself is checked: can every file be read and its definition be written to a
project, and is everything there that others refer to? Nothing is asked of Mixpanel. The exit code is 9 when something is found.`,
  args: ["folder", "files"],
  examples: [
    { text: "Yesterday's events against the tracking plan, in CI", run: "mp plan check plan/ events.jsonl" },
    { text: "The folder itself", run: "mp plan check plan/" },
  ],
  input: z.object({
    folder: planInput.folder,
    files: z.array(z.string()).optional().meta({
      description: "Files and folders of events, in any format that 'mp import' reads; - is standard input",
    }),
    strict: z.boolean().default(false).meta({ description: "Properties that the plan does not have are wrong too" }),
    progress: progressMode,
  }),
  async run(context, { folder, files = [], strict, progress }) {
    const open = (address: string) => storageAt(context, address);
    const definitions = (await readPlan(await open(folder), PLAN_KINDS)).map(({ definition }) => definition);
    const faults = faultsOf(definitions);
    for (const fault of faults) await context.note(fault);
    if (files.length === 0) {
      await context.note(`${formatCount(definitions.length, "definition")} in ${folder}`);
      return faults.length > 0 ? DIFFERENCES_FOUND : 0;
    }
    const unreadable: UnreadableSource[] = [];
    const onUnreadable = (source: UnreadableSource) => void unreadable.push(source);
    const sources = await openSources(files, context.stdin, { openStorage: open, onUnreadable });
    const report = await withProgress(context, progress, { label: "Checking", noun: "events" }, (shown) =>
      checkEvents(
        readRecords(sources, { signal: context.signal, onBytes: (bytes) => shown.advance({ bytes }), onUnreadable }),
        definitions,
        { strict, onProgress: (records) => shown.advance({ records }) },
      ));
    await context.print(jsonResult(report, { rows: report.problems.slice(0, MOST_SHOWN).map(rowOf) }));
    await context.note(summaryOf(report));
    for (const { source, reason } of unreadable) await context.note(`Not read: ${source}: ${reason}`);
    if (unreadable.length > 0) return 8;
    return report.problems.length > 0 || faults.length > 0 ? DIFFERENCES_FOUND : 0;
  },
});

/** What is wrong with a plan by itself, in words. */
function faultsOf(definitions: readonly PlanDefinition[]): string[] {
  const missing = checkReferences(definitions);
  const faults = missing.map(({ from, to }) => `${from} refers to ${to}, which is not in the plan`);
  const gone = new Set(missing.map(({ to }) => to));
  const check = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof MpError)) throw error;
      faults.push(error.message);
    }
  };
  for (const one of definitions) {
    const form = PLAN_KINDS.find(({ kind }) => kind === one.kind)!;
    check(() => checkDefinition(withoutLocalFields(one, form), form, `apply ${planPath(one)}`));
  }
  check(() => void applyOrder(definitions.map((wanted) => ({ action: "create", wanted })), (path) => gone.has(path)));
  return faults;
}

const rowOf = ({ event, property = "", problem, count, first = "" }: PlanProblem) => ({
  event,
  property,
  problem,
  count,
  first,
});

function summaryOf({ events, problems, unlisted }: PlanCheckReport): string {
  const checked = `Checked ${formatCount(events, "event")}`;
  if (problems.length === 0) return `${checked}: all as planned`;
  const total = problems.reduce((sum, { count }) => sum + count, unlisted);
  const more = problems.length > MOST_SHOWN ? `; a table shows the first ${MOST_SHOWN} sorts` : "";
  return `${checked}: ${formatNumber(total)} violations of ${formatCount(problems.length, "sort")}${more}`;
}
