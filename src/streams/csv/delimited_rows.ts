/**
 * Takes CSV and TSV apart by RFC 4180 while it comes in: quoted fields may hold delimiters, line ends and doubled quotes.
 * A row that is broken costs that row, not the rows after it.
 */

/** A row that is not one. */
export class BrokenRow {
  /**
   * @param reason in the words of a message
   * @param column where in its line, from 1
   * @param text as it was read
   * @param line where the fault is, in a row that spans several lines
   */
  constructor(
    readonly reason: string,
    readonly column: number | undefined,
    readonly text: string,
    readonly line?: number,
  ) {}
}

/** Rows that came out together, with the line in which each begins, from 1. Empty lines are left out. */
export interface Rows {
  rows: (string[] | BrokenRow)[];
  lineNumbers: number[];
}

export interface RowOptions {
  /** One character: `,` or a tab, or what a spreadsheet wrote instead. */
  delimiter: string;
  /**
   * What ends lines outside of quotes: a line feed, with or without a carriage return, or, in old files, that alone, or any
   * of the three. Default a line feed.
   */
  lineEnd?: "\n" | "\r" | "any";
  /** Fields that a row must have. Default: as many as the first row has. */
  fields?: number | "any";
  /** A field that stands for nothing where it has no quotes: it is an empty one. */
  nullMark?: string;
  /** The number of the first line. Default 1. */
  firstLine?: number;
  /** The longest row, in characters; a quote that is open for longer is taken for one that is never closed. */
  maxCharacters?: number;
}

const DEFAULT_MAX_CHARACTERS = 16 * 1024 * 1024;
const QUOTE = 0x22;

/** A quoted row that ends beyond what has been read so far. */
const UNFINISHED = Symbol("unfinished");

/** Holds the beginning of a row that is not yet whole, and nothing else. */
export class RowSplitter {
  #rest = "";
  #line = 1;
  #fields: number | "any" | undefined;
  readonly #delimiter: string;
  readonly #lineEnd: "\n" | "\r";
  /** Whether a carriage return ends a line where a line feed does. */
  readonly #takesReturn: boolean;
  /** The next ones, while both are looked for. */
  #feed = -1;
  #return = -1;
  readonly #maxCharacters: number;
  readonly #nullMark: string | undefined;
  /** Of the row that was read last. */
  #end = 0;

  constructor(options: RowOptions) {
    this.#delimiter = options.delimiter;
    this.#takesReturn = options.lineEnd === "any";
    this.#lineEnd = options.lineEnd === "\r" ? "\r" : "\n";
    this.#fields = options.fields;
    this.#nullMark = options.nullMark;
    this.#line = options.firstLine ?? 1;
    this.#maxCharacters = options.maxCharacters ?? DEFAULT_MAX_CHARACTERS;
  }

  /** Of the row that comes next, from 1. */
  get line(): number {
    return this.#line;
  }

  /**
   * The rows that are whole with this text.
   *
   * @param isLast no more text follows: what is left is a row too
   */
  push(chunk: string, isLast = false): Rows {
    const text = this.#rest === "" ? chunk : this.#rest + chunk;
    const rows: Rows["rows"] = [];
    const lineNumbers: number[] = [];
    let at = 0;
    let quote = text.indexOf('"');
    this.#feed = this.#return = -1;
    while (at < text.length) {
      let lineEnd = this.#endOfLine(text, at, isLast);
      if (lineEnd < 0) {
        if (!isLast && text.length - at <= this.#maxCharacters) break;
        lineEnd = text.length;
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const line = this.#line;
      let row: string[] | BrokenRow | undefined;
      if (quote < 0 || quote >= lineEnd) {
        row = this.#plainRow(text, at, lineEnd);
        this.#end = lineEnd + 1;
        this.#line++;
      } else {
        const mayGrow = !isLast && text.length - at <= this.#maxCharacters;
        const read = this.#quotedRow(text, at, lineEnd, mayGrow, isLast);
        if (read === UNFINISHED) break;
        row = read;
      }
      at = this.#end;
      if (row === undefined) continue;
      rows.push(row);
      lineNumbers.push(line);
    }
    this.#rest = at >= text.length ? "" : text.slice(at);
    return { rows, lineNumbers };
  }

  /** A row without quotes; undefined for an empty line. */
  #plainRow(text: string, start: number, lineEnd: number): string[] | BrokenRow | undefined {
    const end = this.#withoutReturn(text, start, lineEnd);
    if (end === start) return undefined;
    const line = text.slice(start, end);
    const fields = line.split(this.#delimiter);
    const mark = this.#nullMark;
    if (mark !== undefined && line.includes(mark)) {
      for (let index = 0; index < fields.length; index++) fields[index] = this.#unquoted(fields[index] as string);
    }
    return this.#counted(fields, line);
  }

  #unquoted(field: string): string {
    return field === this.#nullMark ? "" : field;
  }

  #quotedRow(
    text: string,
    start: number,
    firstLineEnd: number,
    mayGrow: boolean,
    isLast: boolean,
  ): string[] | BrokenRow | typeof UNFINISHED {
    const fields: string[] = [];
    const delimiter = this.#delimiter.charCodeAt(0);
    let at = start;
    let lineEnd = firstLineEnd;
    let lines = 1;
    const broken = (reason: string, column: number | undefined, end: number, linesPassed: number) => {
      this.#end = end + 1;
      this.#line += linesPassed;
      // The lines behind it are looked at again.
      this.#feed = this.#return = -1;
      const row = text.slice(start, this.#withoutReturn(text, start, end));
      const faultLine = lines === 1 ? undefined : this.#line - linesPassed + lines - 1;
      return new BrokenRow(reason, column, row, faultLine);
    };
    for (;;) {
      if (text.charCodeAt(at) !== QUOTE) {
        const stop = text.indexOf(this.#delimiter, at);
        if (stop >= 0 && stop < lineEnd) {
          fields.push(this.#unquoted(text.slice(at, stop)));
          at = stop + 1;
          continue;
        }
        fields.push(this.#unquoted(text.slice(at, this.#withoutReturn(text, at, lineEnd))));
        break;
      }
      const close = closingQuote(text, at + 1);
      if (close < 0) {
        if (mayGrow) return UNFINISHED;
        // Nobody can tell where the field should have ended: only the line in which it begins is given up.
        return broken("a quote that is not closed", lines === 1 ? at - start + 1 : undefined, firstLineEnd, 1);
      }
      const value = text.slice(at + 1, close);
      fields.push(value.includes('"') ? value.replaceAll('""', '"') : value);
      while (lineEnd < close) {
        lines++;
        lineEnd = this.#endOfLine(text, lineEnd + 1, isLast);
        if (lineEnd >= 0) continue;
        if (mayGrow) return UNFINISHED;
        lineEnd = text.length;
      }
      at = close + 1;
      if (text.charCodeAt(at) === delimiter) {
        at++;
        continue;
      }
      if (at >= this.#withoutReturn(text, close + 1, lineEnd)) break;
      return broken("text after a closing quote", lines === 1 ? at - start + 1 : undefined, lineEnd, lines);
    }
    this.#end = lineEnd + 1;
    this.#line += lines;
    return this.#counted(fields, undefined) ??
      new BrokenRow(this.#mismatch(fields), undefined, text.slice(start, this.#withoutReturn(text, start, lineEnd)));
  }

  /** The fields, when there are as many as there must be. */
  #counted(fields: string[], line: string): string[] | BrokenRow;
  #counted(fields: string[], line: undefined): string[] | undefined;
  #counted(fields: string[], line: string | undefined): string[] | BrokenRow | undefined {
    this.#fields ??= fields.length;
    if (fields.length === this.#fields || this.#fields === "any") return fields;
    return line === undefined ? undefined : new BrokenRow(this.#mismatch(fields), undefined, line);
  }

  #mismatch(fields: string[]): string {
    return `${fields.length} ${fields.length === 1 ? "field" : "fields"} where there must be ${this.#fields}`;
  }

  /** Where the line ends that goes on at `at`: at its line feed, or at a carriage return alone. -1 when it is not yet known. */
  #endOfLine(text: string, at: number, isLast: boolean): number {
    if (!this.#takesReturn) return text.indexOf(this.#lineEnd, at);
    if (this.#feed < at) this.#feed = indexOrEnd(text, "\n", at);
    if (this.#return < at) this.#return = indexOrEnd(text, "\r", at);
    if (this.#feed < text.length && this.#feed <= this.#return + 1) return this.#feed;
    // After the last character a line feed may follow.
    return this.#return < (isLast ? text.length : text.length - 1) ? this.#return : -1;
  }

  #withoutReturn(text: string, start: number, end: number): number {
    return this.#lineEnd === "\n" && end > start && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
  }
}

function indexOrEnd(text: string, part: string, start: number): number {
  const index = text.indexOf(part, start);
  return index < 0 ? text.length : index;
}

/** The quote that ends a field; -1 when it is not there. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}

/** A record of a table, with the line in which it begins, from 1. */
export interface CsvRecord {
  fields: string[];
  line: number;
}

/** What is not CSV, with the line in which it is. */
export class CsvSyntaxError extends SyntaxError {
  constructor(message: string, readonly line: number) {
    super(message);
    this.name = "CsvSyntaxError";
  }
}

const PIECE_CHARACTERS = 64 * 1024;

/**
 * The records of a text, header included, with as many fields as each has. Lines end in LF, CRLF or CR; blank lines and a
 * byte order mark are skipped. All fields are texts, quoted or not.
 *
 * @param form what is not as RFC 4180 has it. Default: nothing
 * @throws CsvSyntaxError for a quote that is not closed, and for text after a closing quote.
 */
export function* csvRecords(
  text: string,
  form: Partial<Pick<RowOptions, "delimiter" | "nullMark" | "firstLine">> = {},
): Generator<CsvRecord, void> {
  const splitter = new RowSplitter({ delimiter: ",", lineEnd: "any", fields: "any", maxCharacters: Infinity, ...form });
  let size = PIECE_CHARACTERS;
  for (let at = text.startsWith("\ufeff") ? 1 : 0, end; at < text.length; at = end) {
    end = at + size;
    const { rows, lineNumbers } = splitter.push(text.slice(at, end), end >= text.length);
    // A row that is longer than a piece is looked at again with each: few large ones do.
    size = rows.length > 0 ? PIECE_CHARACTERS : size * 2;
    for (const [index, row] of rows.entries()) {
      const line = lineNumbers[index] as number;
      if (row instanceof BrokenRow) throw new CsvSyntaxError(row.reason, row.line ?? line);
      yield { fields: row, line };
    }
  }
}
