/**
 * From a record as it was read to the bytes that are sent, or to the reasons why not: mapping, repairs, rules, size. An
 * import asks for the first reason, and `--check` for all of them; both go the same way.
 */
import { jsonFault, repeatedKeys, TEXT_AFTER_VALUE } from "../../streams/json/json_position.ts";
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { textWithBytes } from "../../streams/shown_bytes.ts";
import type { FixKind, RecordFixer } from "../map/fix_record.ts";
import { MapProblem } from "../map/map_problem.ts";
import type { Recipe } from "../map/map_recipe.ts";
import { recordMapper } from "../map/map_record.ts";
import { UnreadableRecord } from "../read/record_block.ts";
import { LIMITS, type RecordProblem, ruleProblem } from "../record_rules.ts";

/** A record that is not sent. */
export class RefusedRecord {
  /** @param isSkipped true when nothing is wrong with it, but it is meant for something else */
  constructor(
    readonly reason: string,
    readonly field: string | undefined,
    readonly isSkipped = false,
  ) {}
}

/** Finds records that are sent as they are, or with another text, without taking them apart. */
export interface ReadyRecords {
  /** Whether the line that is in `bytes` from `start` to `end` has such a record. */
  find(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean;
  /**
   * Where what is sent begins and ends: in the bytes of the line, or in others that stay as they are until `bytes` has
   * been another array meanwhile. In both, a line feed may follow, and then the next record.
   */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** What is to be said about the record that was found last, although it is sent. */
  warnings(): readonly RecordProblem[];
}

/** Everything that there is to say about a record. */
export interface Examination {
  /** In the order in which they were found. With an error among them, the record is not sent. */
  problems: readonly RecordProblem[];
  /** Repairs that make it one that can be sent. */
  fixes: readonly FixKind[];
  /** Whether it is meant for something else. */
  isSkipped: boolean;
}

/** Decides what is sent. Lines that are returned have no line feed, and are good until the next call. */
export interface RecordCheck {
  /** The quick way for lines, where there is one: what it does not find is for `line`, which comes to the same. */
  readonly ready?: ReadyRecords;
  /** What is sent for a line of JSON Lines. Undefined: it is blank. */
  line(line: Uint8Array, nowMs: number): Uint8Array | RefusedRecord | undefined;
  /** What is sent for a parsed record. Its integers beyond 2^53 are bigints, other long numbers `LongNumber`s. */
  value(value: unknown, nowMs: number): Uint8Array | RefusedRecord;
  /** Repairs of what `line` and `value` have returned since they were last taken away, by kind. */
  readonly fixes: Map<FixKind, number>;
  /** What is to be said about the record that `line` or `value` has returned last, although it is sent. */
  readonly warnings: readonly RecordProblem[];
  /** All that is to be said about a line. Undefined: it is blank. */
  examineLine(line: Uint8Array, nowMs: number): Examination | undefined;
  /** All that is to be said about a parsed record; `text` is what it was parsed from, where that was JSON. */
  examineValue(value: unknown, nowMs: number, text?: string): Examination;
}

/** The rules for one kind of record. */
export interface RecordRules {
  /** The errors of a record, up to `most` of them. */
  problemsOf(record: unknown, nowMs: number, most?: number): readonly RecordProblem[];
  /** What of a record that is taken may not be meant. */
  warningsOf?(record: unknown): readonly RecordProblem[];
  /** What becomes of a record that is taken. */
  noticesOf?(record: unknown): readonly RecordProblem[];
  /** The record with what it lacks, from its text where it has one that lacks nothing. */
  print?(record: unknown, text: string | undefined, nowMs: number, warn: (warning: RecordProblem) => void): string;
  /** The quick way for lines, where there is one for what the recipe does. */
  ready?(recipe: Recipe | undefined): ReadyRecords | undefined;
}

/** What is done to records before they are checked. */
export interface Preparation {
  /** How they become what Mixpanel takes. Without one, they are that. */
  recipe?: Recipe;
  /** Repairs what the rules would refuse. */
  fix?: RecordFixer;
}

/** The check by these rules. */
export function recordCheck(rules: RecordRules, preparation: Preparation = {}): RecordCheck {
  return new Pipeline(rules, preparation);
}

/** What was found out about a record. */
interface Verdict {
  /** What is sent; unset where a problem is an error, and for what is skipped. */
  sent?: Uint8Array;
  /** The first error, or everything. */
  problems: readonly RecordProblem[];
  fixes: readonly FixKind[];
  /** Why it is meant for something else. */
  skipped?: MapProblem;
}

const NONE: readonly never[] = [];
const SPACE = 0x20;

class Pipeline implements RecordCheck {
  readonly ready?: ReadyRecords;
  readonly fixes = new Map<FixKind, number>();
  readonly #rules: RecordRules;
  readonly #fix: RecordFixer | undefined;
  /** Gives up a record at its first problem. */
  readonly #map: (value: unknown) => unknown;
  /** Goes on after a problem, without the value. */
  readonly #mapOn: (value: unknown) => unknown;
  /** What the latter has met with in the record at hand. */
  #misfits: MapProblem[] = [];
  #warnings: RecordProblem[] = [];
  readonly #warn = (warning: RecordProblem): void => void this.#warnings.push(warning);

  constructor(rules: RecordRules, { recipe, fix }: Preparation) {
    this.#rules = rules;
    this.#fix = fix;
    this.ready = rules.ready?.(recipe);
    const asItIs = (value: unknown) => value;
    const onWarning = this.#warn;
    const onProblem = (problem: MapProblem) => void this.#misfits.push(problem);
    this.#map = recipe === undefined ? asItIs : recordMapper(recipe, { onWarning });
    this.#mapOn = recipe === undefined ? asItIs : recordMapper(recipe, { onWarning, onProblem });
  }

  get warnings(): readonly RecordProblem[] {
    return this.#warnings;
  }

  line(line: Uint8Array, nowMs: number): Uint8Array | RefusedRecord | undefined {
    const text = textOfLine(line);
    if (text === "") return undefined;
    return this.#outcome(this.#examine(valueOf(text), text, nowMs, false));
  }

  value(value: unknown, nowMs: number): Uint8Array | RefusedRecord {
    return this.#outcome(this.#examine(value, undefined, nowMs, false));
  }

  examineLine(line: Uint8Array, nowMs: number): Examination | undefined {
    const text = textOfLine(line);
    if (text === "") return undefined;
    const value = valueOf(text);
    const { problems, ...rest } = withRepeatedKeys(this.#examine(value, text, nowMs, true), value, text);
    // The text has lost the white space before it.
    const before = line.findIndex((byte) => byte > SPACE);
    return {
      problems: problems.map((one) => one.column === undefined ? one : { ...one, column: one.column + before }),
      ...rest,
    };
  }

  examineValue(value: unknown, nowMs: number, text?: string): Examination {
    const { problems, ...rest } = withRepeatedKeys(this.#examine(value, undefined, nowMs, true), value, text);
    return {
      problems: problems.map((one) => one.rule === "key_repeated" ? { ...one, column: undefined } : one),
      ...rest,
    };
  }

  /** @param text of a line, as it was read */
  #examine(value: unknown, text: string | UnreadableRecord | undefined, nowMs: number, all: boolean): Verdict {
    if (this.#warnings.length > 0) this.#warnings = [];
    if (value instanceof UnreadableRecord) {
      const problems = [unreadableProblem(value, text !== undefined, all)];
      return { problems, fixes: NONE };
    }
    if (typeof text !== "string") text = undefined;
    if (all) this.#misfits = [];
    const mapped = all ? this.#mapOn(value) : this.#map(value);
    if (mapped instanceof MapProblem) {
      if (mapped.rule === "skipped") return { problems: NONE, fixes: NONE, skipped: mapped };
      return { problems: [...this.#misfits, mapped].map(misfitProblem), fixes: NONE };
    }
    // What was mapped has another text.
    return this.#judge(mapped, mapped === value ? text : undefined, nowMs, all);
  }

  #judge(record: unknown, text: string | undefined, nowMs: number, all: boolean): Verdict {
    const mapProblems = all ? this.#misfits : NONE;
    const most = all ? undefined : 1;
    let errors = this.#rules.problemsOf(record, nowMs, most);
    let fixes: readonly FixKind[] = NONE;
    let fixed = record;
    if (errors.length > 0 && this.#fix !== undefined) {
      ({ record: fixed, fixes } = this.#fix(record));
      // What is left is what repairs cannot help.
      if (fixes.length > 0) errors = this.#rules.problemsOf(fixed, nowMs, most);
    }
    if (errors.length === 0 && mapProblems.length === 0) {
      const kept = fixed === record ? text : undefined;
      const printed = this.#rules.print?.(fixed, kept, nowMs, this.#warn) ?? kept ?? stringifyJson(fixed);
      // What is too long to be sent is not held in UTF-8, too.
      const sent = printed.length <= LIMITS.recordBytes ? encoded(printed) : undefined;
      const size = sent?.length ?? bytesOf(printed);
      for (const warning of this.#rules.warningsOf?.(fixed) ?? NONE) this.#warn(warning);
      const notices = all ? [...this.#warnings, ...this.#rules.noticesOf?.(fixed) ?? NONE] : NONE;
      if (sent !== undefined && size <= LIMITS.recordBytes) return { sent, problems: notices, fixes };
      return { problems: [...notices, tooLarge(size)], fixes: NONE };
    }
    if (!all) return { problems: errors, fixes: NONE };
    // A time that is no time is not missing as well.
    if (mapProblems.some(({ field }) => field === "time")) {
      errors = errors.filter(({ rule }) => rule !== "time_missing");
    }
    const problems = [...mapProblems.map(misfitProblem), ...errors, ...this.#rules.noticesOf?.(fixed) ?? NONE];
    const size = bytesOf(text ?? stringifyJson(record));
    if (size > LIMITS.recordBytes) problems.push(tooLarge(size));
    return { problems, fixes: NONE };
  }

  #outcome({ sent, problems, fixes, skipped }: Verdict): Uint8Array | RefusedRecord {
    if (sent !== undefined) {
      if (fixes.length > 0) { for (const kind of fixes) this.fixes.set(kind, (this.fixes.get(kind) ?? 0) + 1); }
      return sent;
    }
    if (skipped !== undefined) return new RefusedRecord(skipped.reason, skipped.field, true);
    const { reason, field, column } = problems[0] as RecordProblem;
    return new RefusedRecord(column === undefined ? reason : `${reason} (column ${column})`, field);
  }
}

function examination({ problems, fixes, skipped }: Verdict): Examination {
  return { problems, fixes, isSkipped: skipped !== undefined };
}

/** Of names that stand twice in an object the parser keeps the last one. */
function withRepeatedKeys(verdict: Verdict, value: unknown, text: string | UnreadableRecord | undefined): Examination {
  const { problems, ...rest } = examination(verdict);
  if (typeof text !== "string" || value instanceof UnreadableRecord) return { problems, ...rest };
  const repeated = repeatedKeys(text, value).map(({ path, column }) =>
    ruleProblem("key_repeated", { field: path, column })
  );
  return { problems: [...problems, ...repeated], ...rest };
}

const tooLarge = (bytes: number): RecordProblem => ruleProblem("too_large", { detail: String(bytes) });

const misfitProblem = ({ rule, field, reason }: MapProblem): RecordProblem => ({
  rule: rule === "not_an_object" ? rule : "misfit",
  severity: "error",
  field,
  reason,
});

/**
 * @param isLine whether it is a line of JSON Lines; of other records, all that cannot be read has one name
 * @param all whether it is to be found out where the fault is
 */
function unreadableProblem(record: UnreadableRecord, isLine: boolean, all: boolean): RecordProblem {
  const { rule, reason, column, text = "" } = record;
  if (rule === "nested_too_deep") return ruleProblem(rule);
  const fault = rule === "not_json" && all ? jsonFault(text) : undefined;
  const isOneOfSeveral = fault !== undefined && text[fault.column - 1] === "{" && fault.reason === TEXT_AFTER_VALUE;
  const words = isOneOfSeveral
    ? `${fault.reason}; --input-format json reads records that follow each other`
    : fault?.reason;
  const problem = ruleProblem(rule, { detail: words ?? (rule === "unreadable" ? reason : ""), column });
  if (!isLine) return { ...problem, rule: "unreadable" };
  return { ...problem, column: fault?.column };
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of a line without the white space around it. */
function textOfLine(line: Uint8Array): string | UnreadableRecord {
  try {
    return strictDecoder.decode(line).trim();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new UnreadableRecord("not valid UTF-8", undefined, textWithBytes(line), "not_utf8");
  }
}

function valueOf(text: string | UnreadableRecord): unknown {
  if (typeof text !== "string") return text;
  try {
    return parseExactJson(text);
  } catch (error) {
    return UnreadableRecord.ofJson(error, text);
  }
}

const MOST_BYTES_PER_UNIT = 3;
const PIECE = 64 * 1024;
let encodings = new Uint8Array(MOST_BYTES_PER_UNIT * PIECE);

/** How long a text is in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    // Two units that are one character stay together.
    const isCut = (text.charCodeAt(at + PIECE - 1) & 0xfc00) === 0xd800;
    const end = at + PIECE - (isCut ? 1 : 0);
    bytes += encoder.encodeInto(text.slice(at, end), encodings).written;
    at = end;
  }
  return bytes;
}

/** A text in memory that is used again. */
function encoded(text: string): Uint8Array {
  const most = text.length * MOST_BYTES_PER_UNIT;
  if (encodings.length < most) encodings = new Uint8Array(most);
  return encodings.subarray(0, encoder.encodeInto(text, encodings).written);
}
