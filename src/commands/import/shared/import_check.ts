/** `mp import --check`: every problem of every record, and nothing is sent. */
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { withProgress } from "../../../cli/job_progress.ts";
import {
  type CheckProblem,
  checkRecords,
  type CheckReport,
  type ReadWarning,
} from "../../../records/check/check_records.ts";
import type { ColumnFact } from "../../../records/check/column_facts.ts";
import { FIXES } from "../../../records/map/fix_record.ts";
import { readRecords } from "../../../records/read/read_records.ts";
import { withoutRejection } from "../../../records/read/rejected_lines.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import type { UnreadableSource } from "../../../records/read/unreadable_source.ts";
import { formatNumber } from "../../../output/format.ts";
import { importColumns, sayColumns, sayMissing } from "./import_columns.ts";
import { tellNoRecords } from "./no_records.ts";
import { tableProblem } from "./import_warnings.ts";
import { readOptions, recipeOfInput } from "./import_flags.ts";
import { importCheck } from "./import_rules.ts";
import type { PlannedImport } from "./rejected_input.ts";
import { cleanLine } from "../../../output/clean.ts";
import { stringifyJson } from "../../../streams/json/json.ts";

/** Problems that are listed; the counts are of all. */
const MOST_LISTED = 100_000;

/** Reports problems. Returns 3 when an import would reject records, or 8 when a source could not be read, else 0. */
export async function checkImport(
  context: Context,
  { input, sources, readBefore }: PlannedImport,
  unreadable: UnreadableSource[],
): Promise<number> {
  const recipe = recipeOfInput(input);
  const columns = importColumns(input, recipe, sources);
  const tables: [facts: readonly ColumnFact[], source: RecordSource][] = [];
  let warnings: ReadWarning[] = [];
  const listed: CheckProblem[] = [];
  const words = { label: "Checking", noun: "records" };
  const report = await withProgress(context, input.progress, words, (progress) => {
    const blocks = readRecords(sources, {
      ...readOptions(input, recipe),
      signal: context.signal,
      onBytes: (bytes) => progress.advance({ bytes }),
      onUnreadable: (source) => void unreadable.push(source),
      onColumns: columns.onColumns,
      onWarning: (source, warning) =>
        void warnings.push({ source, line: warning.line, problem: tableProblem(warning) }),
    });
    const records = withoutRejection(blocks, input.rejected, readBefore, readOptions(input, recipe));
    return checkRecords(columns.watch(records, (facts, source) => void tables.push([facts, source])), {
      check: importCheck(context, input, recipe),
      recipe,
      now: context.clock.now,
      columnsOf: (source) => columns.namesOf(source),
      takeWarnings() {
        const taken = warnings;
        warnings = [];
        return taken;
      },
      onProblem: (problem) => void (listed.length < MOST_LISTED && listed.push(problem)),
      onProgress: (records) => progress.advance({ records }),
    });
  });
  if (report.records === 0) await tellNoRecords(context, "check", sources);
  await say(context, report);
  for (const [facts, source] of tables) await sayColumns(context, facts, source);
  await sayMissing(context, columns);
  for (const { source, reason } of unreadable) await context.note(`  not read: ${cleanLine(source)}: ${reason}`);
  if (listed.length > 0 || asksForResult(context)) {
    const data = { ...report, columns: columns.told, missing_columns: columns.missing, unreadable, problems: listed };
    await context.print({
      text: stringifyJson(data),
      data,
      rows: listed.map((problem) => ({ ...problem })),
      columns: ["source", "line", "column", "severity", "rule", "reason"],
    });
  }
  if (report.invalid > 0) return 3;
  return unreadable.length > 0 ? 8 : 0;
}

async function say(context: Context, { records, invalid, skipped, fixed, rules }: CheckReport): Promise<void> {
  const parts = [`Checked ${formatNumber(records)} records: ${formatNumber(records - invalid - skipped)} can be sent`];
  if (invalid > 0) parts.push(`${formatNumber(invalid)} cannot`);
  if (skipped > 0) parts.push(`${formatNumber(skipped)} are meant for something else`);
  await context.note(parts.join(", "));
  for (const [kind, count] of Object.entries(fixed)) {
    await context.note(`  would be repaired: ${formatNumber(count)} ${FIXES[kind as keyof typeof FIXES]}`);
  }
  for (const { rule, severity, count, examples } of rules) {
    const [first] = examples;
    const example = first === undefined ? "" : `, first in line ${first.line}: ${first.reason}`;
    await context.note(`  ${severity}: ${formatNumber(count)} × ${rule}${example}`);
  }
}
