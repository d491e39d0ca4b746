/** Reads a lookup table and checks it, because Mixpanel takes a table whole or not at all, and counts every try. */
import { MAX_TABLE_BYTES } from "../api/lookup_tables.ts";
import { inputError } from "../errors.ts";
import { decompressors } from "../runtime/compression/decompressors.ts";
import { abortable } from "../streams/abortable.ts";
import { concatenate } from "../streams/chunks.ts";
import { csvRecords, CsvSyntaxError } from "../streams/csv/delimited_rows.ts";
import { decompressIfCompressed } from "../streams/gzip.ts";
import type { RecordSource } from "../records/read/record_source.ts";

interface CheckedTable {
  csv: Uint8Array;
  /** Of the header; the first is the key. */
  columns: string[];
  /** Without the header. */
  rows: number;
}

/** Problems that are told of; the rest of the table is likely to have the same. */
const MOST_PROBLEMS = 5;

/**
 * Reads a table, decompressed if need be.
 *
 * @throws MpError (input) that names the first lines that Mixpanel would refuse: keys that are blank or there twice, and
 * rows with more or fewer fields than the header.
 */
export async function readLookupTable(source: RecordSource, signal?: AbortSignal): Promise<CheckedTable> {
  const csv = await readBytes(source, signal);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(csv);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw inputError(`Cannot use ${source.name}: it is not UTF-8`, "iconv -t UTF-8 converts it", "bad_table");
  }
  try {
    return { csv, ...checkTable(text, source.name) };
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw inputError(`Cannot use ${source.name}: line ${error.line} has ${error.message}`, undefined, "bad_table");
  }
}

function checkTable(text: string, name: string): { columns: string[]; rows: number } {
  const records = csvRecords(text);
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
