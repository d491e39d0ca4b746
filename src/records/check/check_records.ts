/** A dry run of an import that finds every problem of every record, and says where it is. */
import { JsonDepthError, parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import type { EventProblem } from "./event_rules.ts";
import type { RecordSource } from "../read/record_source.ts";
import { eventNotices, everyProblem, type FoundProblem, ruleOf } from "./check_event.ts";
import { columnInJson, columnInTable, faultInJson } from "./check_place.ts";
import { type FixKind, type RecordFixer } from "../map/fix_record.ts";
import { MapProblem } from "../map/map_problem.ts";
import type { Recipe } from "../map/map_recipe.ts";
import { recordMapper } from "../map/map_record.ts";
import { type RecordBlock, UnreadableRecord } from "../read/record_block.ts";

/** A problem of one record, and where it is. */
export interface CheckProblem {
  source: string;
  /** The line, or the number of the record where the format has no lines; from 1. */
  line: number;
  /** In JSON Lines the character in the line, in a table the number of the column; from 1. Unset where it is not known. */
  column?: number;
  /** In a table. */
  column_name?: string;
  severity: "error" | "notice";
  /** A stable name. */
  rule: string;
  field?: string;
  reason: string;
}

/** All problems of one rule. */
export interface CheckedRule {
  rule: string;
  severity: "error" | "notice";
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
  /** Passed over by the layout, because they are meant for something else. */
  skipped: number;
  /** Repairs that would be made. */
  fixed: Partial<Record<FixKind, number>>;
  /** By number, errors first. */
  rules: CheckedRule[];
}

export interface CheckOptions {
  /** Default: events in Mixpanel's own layout. */
  recipe?: Recipe;
  fix?: RecordFixer;
  now(): number;
  /** What is wrong with an update of a profile or a group. */
  updateProblem?(update: unknown): { field?: string; reason: string } | undefined;
  /** The columns of a table, from the reader's `onColumns`. */
  columnsOf?(source: RecordSource): readonly string[] | undefined;
  /** Told of each problem; the check waits for it. */
  onProblem?(problem: CheckProblem): Promise<void> | void;
  /** Told of the records of each block. */
  onProgress?(records: number): void;
}

/** Mixpanel takes records of less than 1 MB. Which megabyte is not said, so this is the larger one. */
const MAX_RECORD_BYTES = 1024 * 1024;
const EXAMPLES = 3;
const TOO_DEEP = "nested_too_deep";

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Checks all records and sends none. Memory holds a block and some examples of each rule. */
export async function checkRecords(blocks: AsyncIterable<RecordBlock>, options: CheckOptions): Promise<CheckReport> {
  const check = new Check(options);
  for await (const block of blocks) {
    const before = check.report.records;
    for (const problem of check.block(block)) await options.onProblem?.(problem);
    options.onProgress?.(check.report.records - before);
  }
  return check.finish();
}

type Unplaced = Pick<FoundProblem, "rule" | "severity" | "reason"> & { field?: string };

class Check {
  readonly report: CheckReport = { records: 0, valid: 0, invalid: 0, skipped: 0, fixed: {}, rules: [] };
  readonly #options: CheckOptions;
  readonly #recipe: Recipe;
  readonly #rules = new Map<string, CheckedRule>();
  /** Of the record at hand. */
  #misfits: MapProblem[] = [];
  readonly #map: ReturnType<typeof recordMapper>;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#recipe = options.recipe ?? {};
    this.#map = recordMapper(this.#recipe, (problem) => void this.#misfits.push(problem));
  }

  *block(block: RecordBlock): Generator<CheckProblem, void> {
    const source = block.source.name;
    if (block.kind === "lines") {
      for (const [index, bytes] of block.lines.entries()) {
        const line = block.firstLine + index;
        const { text, problems } = this.#line(bytes);
        for (const problem of problems) {
          const column = problem.column ?? (text && problem.field && columnInJson(text, problem.field, this.#recipe));
          yield this.#placed({ source, line, column: column || undefined }, problem);
        }
      }
      return;
    }
    const columns = this.#options.columnsOf?.(block.source);
    for (const [index, value] of block.values.entries()) {
      const line = block.lineNumbers[index] as number;
      for (const problem of this.#value(value)) {
        const place = columns === undefined || problem.field === undefined
          ? undefined
          : columnInTable(columns, problem.field, this.#recipe);
        yield this.#placed({
          source,
          line,
          column: problem.column ?? place?.column,
          column_name: place?.columnName,
        }, problem);
      }
    }
  }

  finish(): CheckReport {
    const bySeverity = (rule: CheckedRule) => rule.severity === "error" ? 0 : 1;
    this.report.rules = [...this.#rules.values()].sort((a, b) => bySeverity(a) - bySeverity(b) || b.count - a.count);
    return this.report;
  }

  #placed(place: Pick<CheckProblem, "source" | "line" | "column" | "column_name">, found: Unplaced): CheckProblem {
    const { severity, rule, field, reason } = found;
    const problem: CheckProblem = { ...place, severity, rule, field, reason };
    let known = this.#rules.get(rule);
    if (known === undefined) this.#rules.set(rule, known = { rule, severity, count: 0, examples: [] });
    known.count++;
    if (known.examples.length < EXAMPLES) known.examples.push(problem);
    return problem;
  }

  #line(bytes: Uint8Array): { text?: string; problems: (Unplaced & { column?: number })[] } {
    let text: string;
    try {
      text = strictDecoder.decode(bytes);
    } catch {
      return { problems: this.#broken("not_utf8", "not valid UTF-8") };
    }
    if (text.trim() === "") return { problems: [] };
    let value: unknown;
    try {
      value = parseExactJson(text);
    } catch (error) {
      if (error instanceof JsonDepthError) return { problems: this.#broken(TOO_DEEP, error.message) };
      const { reason, column } = faultInJson(text);
      return { problems: this.#broken("not_json", reason, column) };
    }
    return { text, problems: this.#record(value, bytes.length) };
  }

  #value(value: unknown): (Unplaced & { column?: number })[] {
    if (!(value instanceof UnreadableRecord)) return this.#record(value);
    if (value.reason === new JsonDepthError().message) return this.#broken(TOO_DEEP, value.reason);
    const isText = value.text !== undefined && value.reason === "not valid JSON";
    const { reason, column } = isText ? faultInJson(value.text as string) : value;
    // Where in a record that spans lines a character stands says nothing.
    return this.#broken("unreadable", reason, isText ? undefined : column);
  }

  #broken(rule: string, reason: string, column?: number): (Unplaced & { column?: number })[] {
    this.report.records++;
    this.report.invalid++;
    return [{ rule, severity: "error", reason, column }];
  }

  #record(value: unknown, bytes?: number): Unplaced[] {
    const { report } = this;
    report.records++;
    this.#misfits = [];
    const mapped = this.#map(value);
    if (mapped instanceof MapProblem) {
      if (mapped.isSkipped) {
        report.skipped++;
        return [];
      }
      this.#misfits.push(mapped);
    }
    const found: Unplaced[] = this.#misfits.map(({ field, reason }) => ({
      rule: field === "record" ? "not_an_object" : "misfit",
      severity: "error",
      field,
      reason,
    }));
    if (!(mapped instanceof MapProblem)) {
      const misfit = new Set(this.#misfits.map(({ field }) => field));
      const { record, problems } = this.#repaired(mapped);
      for (const problem of problems) {
        // A time that is no time is not missing as well.
        if (!(problem.field === "properties.time" && misfit.has("time"))) found.push(problem);
      }
      const size = mapped === value && bytes !== undefined ? bytes : sizeOf(record);
      if (size > MAX_RECORD_BYTES) {
        found.push({ rule: "too_large", severity: "error", reason: `larger than 1 MB (${size} bytes)` });
      }
    }
    if (found.some(({ severity }) => severity === "error")) report.invalid++;
    else report.valid++;
    return found;
  }

  /** Repairs count where they make a record one that can be sent; what is left is what they cannot help. */
  #repaired(record: unknown): { record: unknown; problems: Unplaced[] } {
    const problems = this.#problems(record);
    const { fix } = this.#options;
    if (fix === undefined || !problems.some(({ severity }) => severity === "error")) return { record, problems };
    const repaired = fix(record);
    if (repaired.fixes.length === 0) return { record, problems };
    const left = this.#problems(repaired.record);
    if (left.some(({ severity }) => severity === "error")) return { record, problems: left };
    for (const kind of repaired.fixes) this.report.fixed[kind] = (this.report.fixed[kind] ?? 0) + 1;
    return { record: repaired.record, problems: left };
  }

  #problems(record: unknown): Unplaced[] {
    if ((this.#recipe.kind ?? "events") === "events") {
      return [...everyProblem(record, { nowMs: this.#options.now() }), ...eventNotices(record)];
    }
    const problem = this.#options.updateProblem?.(record);
    if (problem === undefined) return [];
    const rule = ruleOf(problem as EventProblem);
    return [{ ...problem, rule: rule === "other" ? "bad_update" : rule, severity: "error" }];
  }
}

const encoder = new TextEncoder();
/** No text of so many characters or fewer has more bytes than a record may have. */
const SURELY_SMALL = MAX_RECORD_BYTES / 3;

function sizeOf(record: unknown): number {
  const text = stringifyJson(record);
  return text.length <= SURELY_SMALL ? text.length : encoder.encode(text).length;
}
