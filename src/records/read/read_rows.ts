/** CSV and TSV as records: one object a row, with the names that the header or `--columns` gives. */
import { inputError } from "../../errors.ts";
import { BrokenRow, type Rows, RowSplitter } from "../../streams/csv/delimited_rows.ts";
import { NULL_MARK, tableForm } from "../../streams/csv/table_form.ts";
import { trimHidden } from "../../streams/hidden_characters.ts";
import { setMember } from "../../streams/json/members.ts";
import { type ColumnKind, type ColumnPlan, columnPlan, type PlacedText, typedValue } from "./read_column_kinds.ts";
import { ColumnWarnings, type TableWarning, unnamedColumn } from "./column_warnings.ts";
import { type RowForm, UnreadableRecord } from "./record_block.ts";

export interface RowReadOptions {
  /** One character. Default: for CSV the one that the first line has most of; a tab for TSV. */
  delimiter?: string;
  /** Names of the columns, for input without a header, or in its place. */
  columns?: readonly string[];
  /** Whether the first row names the columns. Default: true, unless `columns` are given. */
  hasHeader?: boolean;
  /** Whether columns of numbers and of true and false are read as such; else every value is text. Default true. */
  inferTypes?: boolean;
  /** Columns that are text whatever they hold. */
  textColumns?: ReadonlySet<string>;
  /** Texts that stand for nothing, as an empty field does. Without quotes, `\\N` always does. */
  nulls?: readonly string[];
  /** Numbers have a decimal comma, and points between thousands. Default false. */
  decimalComma?: boolean;
  /** Whether nothing becomes of a column, so that nothing is to be said of it. */
  isLeftOut?(column: string): boolean;
  /** Looks at the columns before the first row is read, and throws when they will not do. */
  checkColumns?(source: string, columns: readonly string[]): void;
  /** Told what the columns were found to hold. */
  onColumns?(columns: readonly ReadColumn[]): void;
  /** Called with values that are read otherwise than the others of their column. */
  onWarning?(warning: TableWarning): void;
}

/** A column of a table, and how it is read. */
export interface ReadColumn {
  name: string;
  /** Unset where the format says what its values are. */
  kind?: ColumnKind;
  /** The first field with something in it, as far as the table was looked at. */
  first?: PlacedText;
}

/** Records and their lines. */
export interface RowValues {
  values: unknown[];
  lineNumbers: number[];
  /** What the values were read from. */
  fields: (string[] | undefined)[];
  table: RowForm;
}

/** Rows that are looked at before the types of their columns are decided. */
const SAMPLE_ROWS = 1000;
/** Fewer, when they are as long as this together. */
const SAMPLE_CHARACTERS = 4_000_000;
/** Rows take many times the memory of their text, so that few of them are made at a time. */
const PIECE_BYTES = 64 * 1024;

/**
 * The rows of a table as objects, in groups as they come in. Empty fields are left out.
 *
 * @param name of the source, for messages
 * @param head its first bytes, for the delimiter and the line end
 * @throws MpError (input) for a header that cannot be used, and for bytes that are not UTF-8.
 */
export async function* rowValues(
  source: AsyncIterable<Uint8Array>,
  name: string,
  head: Uint8Array,
  format: "csv" | "tsv",
  options: RowReadOptions = {},
): AsyncGenerator<RowValues, void> {
  const form = tableForm(new TextDecoder().decode(head));
  const delimiter = options.delimiter ?? (format === "tsv" ? form.told ?? "\t" : form.delimiter);
  const splitter = new RowSplitter({
    delimiter,
    lineEnd: form.lineEnd,
    fields: options.columns?.length,
    nullMark: NULL_MARK,
    firstLine: form.told === undefined ? 1 : 2,
  });
  const table = new Table(name, { ...options, delimiter });
  let unread = form.skipped;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      const text = decoder.decode(chunk, { stream: chunk !== undefined });
      if (unread === 0) return text;
      const rest = text.slice(unread);
      unread = Math.max(0, unread - text.length);
      return rest;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw inputError(
        `Cannot read ${name}: it is not UTF-8 (line ${splitter.line} or after)`,
        "iconv -f WINDOWS-1252 -t UTF-8 converts what spreadsheets write",
        "not_utf8",
      );
    }
  };
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const values = table.take(splitter.push(decode(chunk.subarray(at, at + PIECE_BYTES))), false);
      if (values !== undefined) yield values;
    }
  }
  const values = table.take(splitter.push(decode(), true), true);
  if (values !== undefined) yield values;
}

/** Turns rows into objects, once the first rows have shown what the columns hold. */
class Table {
  readonly #name: string;
  readonly #options: RowReadOptions;
  readonly #nulls: ReadonlySet<string>;
  #columns: readonly string[] | undefined;
  #mustSkipHeader: boolean;
  /** Undefined until the types are decided. */
  #plans: readonly ColumnPlan[] | undefined;
  readonly #warnings: ColumnWarnings;
  #form: RowForm | undefined;
  #sample: Rows = { rows: [], lineNumbers: [] };
  #sampled = 0;
  #sampledCharacters = 0;

  constructor(name: string, options: RowReadOptions) {
    this.#name = name;
    this.#options = options;
    this.#nulls = new Set(["", ...options.nulls ?? []]);
    this.#columns = options.columns === undefined ? undefined : checkNames(options.columns, name);
    this.#mustSkipHeader = options.hasHeader ?? options.columns === undefined;
    this.#warnings = new ColumnWarnings((warning) => options.onWarning?.(warning));
  }

  /** The records of these rows and of those that were held back; undefined while there are none. */
  take(rows: Rows, isLast: boolean): RowValues | undefined {
    if (this.#mustSkipHeader && rows.rows.length > 0) this.#takeHeader(rows);
    if (this.#plans === undefined) {
      const sample = this.#sample;
      for (const row of rows.rows) sample.rows.push(row);
      for (const line of rows.lineNumbers) sample.lineNumbers.push(line);
      const enough = this.#sampleLength();
      if (enough === undefined && !isLast) return undefined;
      this.#decide(sample, enough ?? sample.rows.length);
      rows = sample;
      this.#sample = { rows: [], lineNumbers: [] };
    }
    if (rows.rows.length === 0) return undefined;
    const { lineNumbers } = rows;
    const values = rows.rows.map((row, index) => this.#record(row, lineNumbers[index] as number));
    const fields = rows.rows.map((row) => Array.isArray(row) ? row : undefined);
    return { values, lineNumbers, fields, table: this.#form ??= this.#rowForm() };
  }

  /** How many rows the types are decided by; undefined while there are too few. It must not depend on how they came in. */
  #sampleLength(): number | undefined {
    const { rows } = this.#sample;
    const most = this.#options.inferTypes === false ? 1 : SAMPLE_ROWS;
    for (; this.#sampled < rows.length; this.#sampled++) {
      if (this.#sampled >= most || this.#sampledCharacters >= SAMPLE_CHARACTERS) return this.#sampled;
      const row = rows[this.#sampled] as string[] | BrokenRow;
      for (const field of Array.isArray(row) ? row : [row.text]) this.#sampledCharacters += field.length;
    }
    return undefined;
  }

  #takeHeader(rows: Rows): void {
    const header = rows.rows.shift() as string[] | BrokenRow;
    const line = rows.lineNumbers.shift();
    this.#mustSkipHeader = false;
    if (header instanceof BrokenRow) {
      throw inputError(`Cannot read ${this.#name}: line ${line} has ${header.reason}`, undefined, "bad_table");
    }
    if (this.#columns !== undefined) return;
    this.#columns = checkNames(header, this.#name);
    const { isLeftOut = () => false, onWarning } = this.#options;
    for (const [index, name] of this.#columns.entries()) {
      const isNamed = (header[index] as string).replace(/^\ufeff/, "").trim() !== "";
      if (!isNamed && !isLeftOut(name)) onWarning?.(unnamedColumn(name));
    }
  }

  #decide({ rows, lineNumbers }: Rows, length: number): void {
    const { checkColumns, onColumns, inferTypes = true, textColumns, decimalComma } = this.#options;
    const columns = this.#names((rows.find((row) => Array.isArray(row)) as string[] | undefined)?.length ?? 0);
    checkColumns?.(this.#name, columns);
    const fields = (index: number) => this.#fieldsOf(rows, lineNumbers, length, index);
    const isText = inferTypes ? textColumns : new Set(columns);
    const plans = columns.map((name, index) => columnPlan(name, fields(index), { textColumns: isText, decimalComma }));
    this.#plans = plans;
    onColumns?.(columns.map((name, index) => ({ name, kind: plans[index]!.kind, first: plans[index]!.first })));
    for (const [index, name] of columns.entries()) this.#warnings.ofPlan(name, plans[index] as ColumnPlan);
  }

  *#fieldsOf(
    rows: Rows["rows"],
    lines: readonly number[],
    length: number,
    column: number,
  ): Generator<PlacedText, void> {
    for (let index = 0; index < length; index++) {
      const row = rows[index];
      if (!Array.isArray(row)) continue;
      const text = row[column] ?? "";
      if (!this.#nulls.has(text)) yield { text, line: lines[index] as number };
    }
  }

  #record(row: string[] | BrokenRow, line: number): unknown {
    if (row instanceof BrokenRow) return new UnreadableRecord(row.reason, row.column, row.text);
    const columns = this.#names(row.length);
    const plans = this.#plans as readonly ColumnPlan[];
    const nulls = this.#nulls;
    const { decimalComma } = this.#options;
    const record: Record<string, unknown> = {};
    for (let index = 0; index < row.length; index++) {
      const field = row[index] as string;
      if (nulls.has(field)) continue;
      const plan = plans[index];
      const name = columns[index] as string;
      if (plan === undefined || plan.kind === "text") setMember(record, name, field);
      else {
        const value = typedValue(field, plan, decimalComma);
        if (value === field) this.#warnings.ofValue(name, plan.kind, { text: field, line });
        setMember(record, name, value);
      }
    }
    return record;
  }

  #rowForm(): RowForm {
    const columns = this.#columns ?? [];
    const isText = (_name: string, index: number) => (this.#plans?.[index]?.kind ?? "text") === "text";
    return { delimiter: this.#options.delimiter ?? ",", columns, text_columns: columns.filter(isText) };
  }

  #names(fields: number): readonly string[] {
    return this.#columns ??= Array.from({ length: fields }, (_, index) => `column_${index + 1}`);
  }
}

/** @throws MpError (input) for a name that stands there twice. A column without a name gets its number as one. */
function checkNames(names: readonly string[], source: string): string[] {
  const named = names.map((name, index) => {
    const trimmed = trimHidden(name);
    return trimmed === "" ? `column_${index + 1}` : trimmed;
  });
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) {
    throw inputError(
      `Cannot read ${source}: it has the column ${JSON.stringify(twice)} twice`,
      "give the columns other names with --columns",
      "bad_table",
    );
  }
  return named;
}
