/** A dry run of an import that finds every problem of every record, and says where it is. */
import type { FixKind } from "../map/fix_record.ts";
import type { Recipe } from "../map/map_recipe.ts";
import type { RecordBlock } from "../read/record_block.ts";
import type { RecordSource } from "../read/record_source.ts";
import { isToldOnce, type RecordProblem, type RuleId, type Severity } from "../record_rules.ts";
import { columnInJson, columnInTable } from "./check_place.ts";
import type { Examination, RecordCheck } from "./record_check.ts";

/** A problem of one record, and where it is. */
export interface CheckProblem {
  source: string;
  /** The line, or the number of the record where the format has no lines; from 1. */
  line: number;
  /** In JSON Lines the character in the line, in a table the number of the column; from 1. Unset where it is not known. */
  column?: number;
  /** In a table. */
  column_name?: string;
  severity: Severity;
  /** A stable name. */
  rule: RuleId;
  field?: string;
  reason: string;
}

/** Something about a place that is known before its record is looked at. */
export interface ReadWarning {
  source: RecordSource;
  line: number;
  problem: RecordProblem;
}

/** All problems of one rule. */
export interface CheckedRule {
  rule: RuleId;
  severity: Severity;
  count: number;
  /** The first ones. */
  examples: CheckProblem[];
}

export interface CheckReport {
  /** Read, empty lines left out. */
  records: number;
  /** Without an error. */
  valid: number;
  /** With at least one. */
  invalid: number;
  /** Skipped by the layout, because they are meant for something else. */
  skipped: number;
  /** Repairs that would be made. */
  fixed: Partial<Record<FixKind, number>>;
  /** By number, errors first. */
  rules: CheckedRule[];
}

export interface RecordCheckOptions {
  /** The check that an import would make. */
  check: RecordCheck;
  /** By which the check maps records: it says where a field comes from. */
  recipe?: Recipe;
  now(): number;
  /** The columns of a table, from the reader's `onColumns`. */
  columnsOf?(source: RecordSource): readonly string[] | undefined;
  /** Takes away what the reader has had to say about what it has read so far. */
  takeWarnings?(): Iterable<ReadWarning>;
  /** Called with each problem, and of the first only where all records of a source have the same; the check waits for it. */
  onProblem?(problem: CheckProblem): Promise<void> | void;
  /** Called with the records of each block. */
  onProgress?(records: number): void;
}

const EXAMPLES = 3;
/** The worst first. */
const SEVERITIES: readonly Severity[] = ["error", "warning", "notice"];

/** Checks all records and sends none. Memory holds a block and some examples of each rule. */
export async function checkRecords(
  blocks: AsyncIterable<RecordBlock>,
  options: RecordCheckOptions,
): Promise<CheckReport> {
  const report = new ReportBuilder(options);
  for await (const block of blocks) {
    const before = report.records;
    for (const problem of report.warnings(options.takeWarnings?.() ?? [])) await options.onProblem?.(problem);
    for (const problem of report.block(block)) await options.onProblem?.(problem);
    options.onProgress?.(report.records - before);
  }
  return report.finish();
}

class ReportBuilder {
  readonly #report: CheckReport = { records: 0, valid: 0, invalid: 0, skipped: 0, fixed: {}, rules: [] };
  readonly #options: RecordCheckOptions;
  readonly #rules = new Map<RuleId, CheckedRule>();
  /** Of problems that are reported once for each field: those that were. */
  readonly #told = new Set<string>();

  constructor(options: RecordCheckOptions) {
    this.#options = options;
  }

  get records(): number {
    return this.#report.records;
  }

  *warnings(warnings: Iterable<ReadWarning>): Generator<CheckProblem, void> {
    const { columnsOf, recipe } = this.#options;
    for (const { source, line, problem } of warnings) {
      const place = problem.field === undefined
        ? undefined
        : columnInTable(columnsOf?.(source) ?? [], problem.field, recipe);
      const { column, columnName } = place ?? {};
      yield* this.#placed({ source: source.name, line, column, column_name: columnName }, problem);
    }
  }

  *block(block: RecordBlock): Generator<CheckProblem, void> {
    const { check, recipe, now, columnsOf } = this.#options;
    const source = block.source.name;
    const nowMs = now();
    if (block.kind === "lines") {
      for (const [index, bytes] of block.lines.entries()) {
        const examined = check.examineLine(bytes, nowMs);
        if (examined === undefined) continue;
        this.#count(examined);
        const line = block.firstLine + index;
        for (const problem of examined.problems) {
          const column = problem.column ?? columnInLine(bytes, problem.field, recipe);
          yield* this.#placed({ source, line, column }, problem);
        }
      }
      return;
    }
    const columns = columnsOf?.(block.source);
    for (const [index, value] of block.values.entries()) {
      const examined = check.examineValue(value, nowMs, block.texts?.[index]);
      this.#count(examined);
      const line = block.lineNumbers[index] as number;
      for (const problem of examined.problems) {
        const place = columns === undefined || problem.field === undefined
          ? undefined
          : columnInTable(columns, problem.field, recipe);
        const column = problem.column ?? place?.column;
        yield* this.#placed({ source, line, column, column_name: place?.columnName }, problem);
      }
    }
  }

  finish(): CheckReport {
    const rank = ({ severity }: CheckedRule) => SEVERITIES.indexOf(severity);
    this.#report.rules = [...this.#rules.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
    return this.#report;
  }

  #count({ problems, fixes, isSkipped }: Examination): void {
    const report = this.#report;
    report.records++;
    if (isSkipped) report.skipped++;
    else if (problems.some(({ severity }) => severity === "error")) report.invalid++;
    else report.valid++;
    for (const kind of fixes) report.fixed[kind] = (report.fixed[kind] ?? 0) + 1;
  }

  /** Counts a problem, and gives it out unless it is known. */
  *#placed(
    place: Pick<CheckProblem, "source" | "line" | "column" | "column_name">,
    { severity, rule, field, reason }: RecordProblem,
  ): Generator<CheckProblem, void> {
    const problem: CheckProblem = { ...place, severity, rule, field, reason };
    let known = this.#rules.get(rule);
    if (known === undefined) this.#rules.set(rule, known = { rule, severity, count: 0, examples: [] });
    known.count++;
    if (isToldOnce(rule)) {
      const key = JSON.stringify([rule, field, place.source]);
      if (this.#told.has(key)) return;
      this.#told.add(key);
    }
    if (known.examples.length < EXAMPLES) known.examples.push(problem);
    yield problem;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function columnInLine(bytes: Uint8Array, field: string | undefined, recipe: Recipe | undefined): number | undefined {
  return field === undefined ? undefined : columnInJson(decoder.decode(bytes), field, recipe);
}
