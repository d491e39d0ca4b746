/** Rows as CSV or TSV text, quoted by RFC 4180. */
import { stringifyJson } from "../json/json.ts";
import { ownMember } from "../json/members.ts";

/** What a file may begin with, for programs that else take it for something other than UTF-8. */
export const BYTE_ORDER_MARK = "\ufeff";

/** Named values of any kind; what a row lacks is an empty field. */
export type CsvRow = Record<string, unknown>;

export interface CsvOptions {
  /** Default `,`; a tab makes TSV. */
  separator?: "," | "\t" | ";";
  /** Whether the first line names the columns. Default true. */
  header?: boolean;
  /** What ends a line. Default `\n`, as Unix tools expect; RFC 4180 itself has `\r\n`. Readers take both. */
  lineEnd?: "\n" | "\r\n";
}

/** Turns rows into lines. Made once for a file, because it prepares the columns. */
export interface CsvFormat {
  /** The line with the columns' names. */
  header(): string;
  line(row: CsvRow): string;
}

/**
 * How rows with these columns are written. Text is quoted where RFC 4180 asks for it, and nothing else is
 * changed: a cell that begins with `=` stays so, because it may be data. Objects and lists become compact
 * JSON, null and undefined become nothing, as an empty string does, and integers of any size keep their digits.
 */
export function csvFormat(columns: readonly string[], options: CsvOptions = {}): CsvFormat {
  const separator = options.separator ?? ",";
  const lineEnd = options.lineEnd ?? "\n";
  const special = SPECIAL[separator];
  const count = columns.length;

  function field(value: unknown): string {
    switch (typeof value) {
      case "string":
        return special.test(value) ? quote(value) : value;
      case "number":
      case "boolean":
      case "bigint":
        return String(value);
      case "object": {
        if (value === null) return "";
        const text = stringifyJson(value);
        return special.test(text) ? quote(text) : text;
      }
      default:
        return "";
    }
  }

  function join(fields: (index: number) => string): string {
    // A line with nothing on it would be skipped by readers, and the row with it.
    if (count === 1) return (fields(0) || '""') + lineEnd;
    let line = "";
    for (let index = 0; index < count; index++) line += (index === 0 ? "" : separator) + fields(index);
    return line + lineEnd;
  }

  return {
    header: () => join((index) => field(columns[index])),
    line: (row) => join((index) => field(ownMember(row, columns[index] as string))),
  };
}

const SPECIAL = { ",": /[",\r\n]/, ";": /[";\r\n]/, "\t": /["\t\r\n]/ };

function quote(text: string): string {
  return '"' + (text.includes('"') ? text.replaceAll('"', '""') : text) + '"';
}
