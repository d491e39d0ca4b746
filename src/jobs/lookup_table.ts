/** Reads a lookup table and checks it, because Mixpanel takes a table whole or not at all, and counts every try. */
import { MAX_TABLE_BYTES } from "../api/lookup_tables.ts";
import { inputError } from "../errors.ts";
import { decompressors } from "../runtime/compression/decompressors.ts";
import { abortable } from "../streams/abortable.ts";
import { concatenate } from "../streams/chunks.ts";
import { csvFormat } from "../streams/csv/csv.ts";
import { type CsvRecord, csvRecords, CsvSyntaxError } from "../streams/csv/delimited_rows.ts";
import { NULL_MARK, tableForm } from "../streams/csv/table_form.ts";
import { decompressIfCompressed } from "../streams/gzip.ts";
import type { RecordSource } from "../records/read/record_source.ts";

interface CheckedTable {
  csv: Uint8Array;
  /** Of the header; the first is the key. */
  columns: string[];
  /** Without the header. */
  rows: number;
}

/** How a table is written, as far as it is told. */
export interface LookupTableForm {
  /** Default: what the table says in its first line, or what that has most of. */
  delimiter?: string;
  /** Texts that stand for nothing. Without quotes, `\\N` always does. */
  nulls?: readonly string[];
  /** Whether it was written here, as Mixpanel takes it. */
  isPlain?: boolean;
}

/** Problems that are reported; the rest of the table is likely to have the same. */
const MOST_PROBLEMS = 5;

/**
 * Reads a table, decompressed if need be. One that Mixpanel can read is sent byte for byte; another delimiter, a byte
 * order mark, Excel's first line and what stands for nothing are removed from the others.
 *
 * @throws MpError (input) that names the first lines that Mixpanel would refuse: keys that are blank or there twice, and
 * rows with more or fewer fields than the header.
 */
export async function readLookupTable(
  source: RecordSource,
  signal?: AbortSignal,
  options: LookupTableForm = {},
): Promise<CheckedTable> {
  const csv = await readBytes(source, signal);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(csv);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw inputError(`Cannot use ${source.name}: it is not UTF-8`, "iconv -t UTF-8 converts it", "bad_table");
  }
  try {
    const table = plainTable(text, options);
    const facts = checkTable(table.records(), source.name);
    return { csv: table.isPlain ? csv : new TextEncoder().encode(asCsv(table.records(), facts.columns)), ...facts };
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw inputError(`Cannot use ${source.name}: line ${error.line} has ${error.message}`, undefined, "bad_table");
  }
}

interface PlainTable {
  /** Whether Mixpanel can read it as it is. */
  isPlain: boolean;
  records(): Generator<CsvRecord, void>;
}

function plainTable(whole: string, { delimiter: wanted, nulls = [], isPlain }: LookupTableForm): PlainTable {
  if (isPlain) return { isPlain, records: () => csvRecords(whole) };
  const text = whole.startsWith("\ufeff") ? whole.slice(1) : whole;
  const form = tableForm(text);
  const delimiter = wanted ?? form.delimiter;
  const empty = new Set(nulls);
  return {
    isPlain: text === whole && delimiter === "," && form.skipped === 0 && empty.size === 0 && !text.includes(NULL_MARK),
    *records() {
      const firstLine = form.skipped === 0 ? 1 : 2;
      for (const record of csvRecords(text.slice(form.skipped), { delimiter, nullMark: NULL_MARK, firstLine })) {
        const { fields, line } = record;
        yield empty.size === 0 ? record : { fields: fields.map((field) => empty.has(field) ? "" : field), line };
      }
    },
  };
}

function asCsv(records: Iterable<CsvRecord>, columns: readonly string[]): string {
  const format = csvFormat(columns);
  let text = "";
  for (const { fields } of records) {
    text += format.line(Object.fromEntries(columns.map((name, index) => [name, fields[index]])));
  }
  return text;
}

function checkTable(records: Generator<CsvRecord, void>, name: string): { columns: string[]; rows: number } {
  const header = records.next();
  if (header.done) throw inputError(`Cannot use ${name}: it is empty`, "the first line names the columns", "bad_table");
  const columns = header.value.fields;
  const problems: string[] = [];
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) problems.push(`the header has the column ${JSON.stringify(twice)} twice`);
  if (columns.some((column) => column.trim() === "")) problems.push("the header has a column without a name");
  const lineOfKey = new Map<string, number>();
  let rows = 0;
  for (const { fields, line } of records) {
    rows++;
    const [key = ""] = fields;
    const earlier = lineOfKey.get(key);
    if (fields.length !== columns.length) {
      problems.push(`line ${line} has ${fields.length} fields, and the header ${columns.length}`);
    } else if (key.trim() === "") problems.push(`line ${line} has no key in its first field`);
    else if (earlier !== undefined) {
      problems.push(`lines ${earlier} and ${line} have the same key ${JSON.stringify(key)}`);
    } else lineOfKey.set(key, line);
  }
  if (problems.length === 0) return { columns, rows };
  const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : "";
  throw inputError(
    `Cannot use ${name}: ${problems.slice(0, MOST_PROBLEMS).join("; ")}${more}`,
    "Mixpanel takes all rows of a table or none",
    "bad_table",
  );
}

async function readBytes(source: RecordSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of decompressIfCompressed(abortable(source.open(), signal), decompressors)) {
    length += chunk.length;
    if (length > MAX_TABLE_BYTES) {
      throw inputError(`Cannot use ${source.name}: it is larger than 100 MB`, undefined, "too_large");
    }
    // Its memory may be used again.
    chunks.push(chunk.slice());
  }
  return concatenate(chunks);
}
