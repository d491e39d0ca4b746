/** Says what becomes of the columns of an import. */
import type { Context } from "../../../cli/context.ts";
import { inputError, type MpError } from "../../../errors.ts";
import { cleanLine } from "../../../output/clean.ts";
import { formatNumber } from "../../../output/format.ts";
import { renderTable } from "../../../output/table.ts";
import { areReady, type ColumnFact, columnFacts } from "../../../records/check/column_facts.ts";
import { missingIn, NamedColumns } from "../../../records/check/named_columns.ts";
import type { ReadyRecords } from "../../../records/check/record_check.ts";
import type { NamedColumn } from "../../../records/map/map_flags.ts";
import type { Recipe } from "../../../records/map/map_recipe.ts";
import type { ReadColumn } from "../../../records/read/read_rows.ts";
import type { RecordBlock } from "../../../records/read/record_block.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { withHiddenShown } from "../../../streams/hidden_characters.ts";
import { stringifyJson } from "../../../streams/json/json.ts";
import { type ImportInput, namedOfInput } from "./import_flags.ts";
import { nearest } from "../../../streams/nearest.ts";

/** Tables of columns that are shown; files of one folder mostly have the same. */
const MOST_SHOWN = 5;
const MOST_COLUMNS = 60;
const MOST_CHARACTERS = 40;

/** A column as it stands in JSON. */
export interface ToldColumn extends ColumnFact {
  source: string;
}

/** What the columns of an import are looked at for. */
export interface ImportColumnsOptions {
  /** What was named by hand, and is to be there. */
  named?: readonly NamedColumn[];
  /** The only source: what its header does not have is nowhere. */
  only?: RecordSource;
  /** Where only rows are to be reported: finds records that are none, without parsing them. */
  passed?: PassedRecords;
}

/** What finds records that are no rows. */
export interface PassedRecords {
  ready: ReadyRecords;
  nowMs: number;
}

/** Looks at the first block of each source, and for names in all of them. */
export class ImportColumns {
  /** Of each kind of file the first, told in JSON. */
  readonly told: ToldColumn[] = [];
  readonly #recipe: Recipe;
  readonly #passed: PassedRecords | undefined;
  readonly #named: readonly NamedColumn[];
  readonly #seen: NamedColumns;
  readonly #only: RecordSource | undefined;
  #hasRecords = false;
  readonly #tables = new Map<RecordSource, readonly ReadColumn[]>();
  readonly #shapes = new Set<string>();
  #source: RecordSource | undefined;

  constructor(recipe: Recipe, { named = [], only, passed }: ImportColumnsOptions = {}) {
    this.#recipe = recipe;
    this.#passed = passed;
    this.#named = named;
    this.#seen = new NamedColumns(named);
    this.#only = only;
  }

  /** For the reader's `onColumns`. @throws MpError (input) for the header of the only source that lacks what was named */
  readonly onColumns = (source: RecordSource, columns: readonly ReadColumn[]): void => {
    this.#tables.set(source, columns);
    if (source !== this.#only) return;
    const names = columns.map(({ name }) => name);
    const [missing] = missingIn(this.#named, names);
    if (missing !== undefined) throw missingColumn(missing, source, names);
  };

  /** What was named and no record had, once all have passed. */
  get missing(): readonly NamedColumn[] {
    return this.#hasRecords ? this.#seen.missing : [];
  }

  /** The names of a table's columns. */
  namesOf(source: RecordSource): string[] | undefined {
    return this.#tables.get(source)?.map(({ name }) => name);
  }

  /** Looks at blocks on their way; `onTable` is told how to show the columns of a file that differ from those before. */
  async *watch(
    blocks: AsyncIterable<RecordBlock>,
    onTable: (facts: readonly ColumnFact[], source: RecordSource) => Promise<void> | void,
  ): AsyncGenerator<RecordBlock, void> {
    for await (const block of blocks) {
      this.#hasRecords = true;
      this.#seen.look(block);
      if (block.source !== this.#source) {
        this.#source = block.source;
        const facts = this.#look(block);
        if (facts !== undefined) await onTable(facts, block.source);
      }
      yield block;
    }
  }

  /** The facts that are to be shown; undefined for records that are sent as they are, and when they were shown. */
  #look(block: RecordBlock): readonly ColumnFact[] | undefined {
    if (this.#passed !== undefined && areReady(block, this.#passed.ready, this.#passed.nowMs)) return undefined;
    const { facts, hasRows } = columnFacts(block, this.#recipe, this.#tables.get(block.source));
    const shape = JSON.stringify(facts.map(({ column, becomes, type, after }) => [column, becomes, type, after]));
    if (facts.length === 0 || this.#shapes.has(shape) || this.#shapes.size >= MOST_SHOWN) return undefined;
    this.#shapes.add(shape);
    for (const fact of facts) this.told.push({ source: block.source.name, ...fact });
    return hasRows ? facts : undefined;
  }
}

/** The columns of what is imported with these flags. */
export function importColumns(
  input: ImportInput,
  recipe: Recipe,
  sources: readonly RecordSource[],
  passed?: PassedRecords,
): ImportColumns {
  return new ImportColumns(recipe, {
    named: namedOfInput(input),
    only: sources.length === 1 ? sources[0] : undefined,
    passed,
  });
}

function missingColumn({ flag, name }: NamedColumn, source: RecordSource, names: readonly string[]): MpError {
  const near = nearest(name, names);
  return inputError(
    `Cannot import ${cleanLine(source.name)}: it has no column ${JSON.stringify(name)}, which ${flag} names`,
    near === undefined ? `its columns are ${names.slice(0, MOST_COLUMNS).join(", ")}` : `did you mean ${near}?`,
    "missing_column",
  );
}

/** Says what was named and no record had: mostly it is mistyped. */
export async function sayMissing(context: Pick<Context, "note">, { missing }: ImportColumns): Promise<void> {
  for (const { flag, name } of missing) {
    await context.note(`  warning: no record has ${JSON.stringify(name)}, which ${cleanLine(flag)} names`);
  }
}

/** Shows columns on standard error: what each becomes, of what type, and its first value. */
export async function sayColumns(
  context: Pick<Context, "note" | "stderr">,
  facts: readonly ColumnFact[],
  source: RecordSource,
): Promise<void> {
  const rows = facts.slice(0, MOST_COLUMNS).map((fact) => ({
    column: shownName(fact.column),
    becomes: becomesOf(fact),
    type: fact.type ?? (fact.written === undefined ? "(empty)" : ""),
    "first value": firstValue(fact),
  }));
  await context.note(`Columns of ${cleanLine(source.name)}:`);
  const width = context.stderr.isTerminal ? Math.max(20, context.stderr.columns() - 2) : Infinity;
  // A time and what it becomes are worth a second line; a long text is not.
  const isSentence = rows.some((row) => row["first value"].includes(" -> "));
  const columns = ["column", "becomes", "type", { key: "first value", isSentence }];
  for (const line of renderTable(rows, { columns, width, colour: false }).trimEnd().split("\n")) {
    if (!/^[─ ]+$/.test(line)) await context.note(`  ${line}`);
  }
  const more = facts.length - rows.length;
  if (more > 0) await context.note(`  … and ${formatNumber(more)} more; -f json lists all`);
}

function becomesOf({ becomes, after }: ColumnFact): string {
  if (becomes === null) return "(left out)";
  return after === undefined ? shownName(becomes) : `${shownName(becomes)}, if ${shownName(after)} is empty`;
}

/** A name whose beginning and end tell it from others. */
function shownName(name: string): string {
  const characters = [...name];
  if (characters.length <= MOST_CHARACTERS) return withHiddenShown(name);
  const end = Math.floor((MOST_CHARACTERS - 1) / 2);
  return withHiddenShown(
    `${characters.slice(0, MOST_CHARACTERS - 1 - end).join("")}…${characters.slice(-end).join("")}`,
  );
}

const FIRST_SECONDS = 31_536_000;

/** As it is written, and as it is sent where that is something else. */
function firstValue({ written, sent, becomes, type }: ColumnFact): string {
  const before = shown(written);
  const isMoment = type === "time" && becomes === "time" && typeof sent === "number";
  const after = isMoment ? momentOf(sent) : becomes === null || becomes.endsWith("*") ? before : shown(sent);
  return before === after || sent === undefined ? before : `${before} -> ${after}`;
}

function momentOf(time: number): string {
  // What is before 1971 is refused: it is mostly another count.
  if (Math.abs(time) < FIRST_SECONDS) return String(time);
  const ms = Math.abs(time) < 31_536_000_000 ? time * 1000 : time;
  return Number.isFinite(new Date(ms).getTime()) ? new Date(ms).toISOString().replace(".000Z", "Z") : String(time);
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : stringifyJson(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
