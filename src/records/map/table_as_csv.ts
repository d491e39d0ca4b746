/** Rows of any format as the CSV that lookup tables are made of. */
import { inputError } from "../../errors.ts";
import { csvFormat } from "../../streams/csv/csv.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseExactJson } from "../../streams/json/json.ts";
import { type RecordBlock, UnreadableRecord } from "../read/record_block.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * CSV with a header. What records lack is empty.
 *
 * @param columnsOf the columns, where the source has named them by the time its first block comes. Default: those of the
 * first record
 * @throws MpError (input) for a record that is no object, cannot be read, or has columns that the first has not.
 */
export async function* tableAsCsv(
  blocks: AsyncIterable<RecordBlock>,
  columnsOf: () => readonly string[] | undefined = () => undefined,
): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  let format: ReturnType<typeof csvFormat> | undefined;
  let known = new Set<string>();
  for await (const block of blocks) {
    let text = "";
    for (const { record, line } of recordsOf(block)) {
      if (!isObject(record) || record instanceof UnreadableRecord) {
        const state = record instanceof UnreadableRecord ? record.reason : "it is no object";
        throw inputError(`Cannot use line ${line} of ${block.source.name}: ${state}`, undefined, "bad_table");
      }
      if (format === undefined) {
        known = new Set(columnsOf() ?? Object.keys(record));
        format = csvFormat([...known]);
        text += format.header();
      }
      const other = Object.keys(record).find((name) => !known.has(name));
      if (other !== undefined) {
        throw inputError(
          `Cannot use line ${line} of ${block.source.name}: the first record has no ${JSON.stringify(other)}`,
          "all columns of a table must be in its first record",
          "bad_table",
        );
      }
      text += format.line(record);
    }
    if (text !== "") yield encoder.encode(text);
  }
}

function* recordsOf(block: RecordBlock): Generator<{ record: unknown; line: number }, void> {
  if (block.kind === "values") {
    for (const [index, record] of block.values.entries()) yield { record, line: block.lineNumbers[index] as number };
    return;
  }
  for (const [index, bytes] of block.lines.entries()) {
    const line = block.firstLine + index;
    try {
      const text = decoder.decode(bytes).trim();
      if (text !== "") yield { record: parseExactJson(text), line };
    } catch (error) {
      const isNoText = error instanceof TypeError;
      yield { record: isNoText ? new UnreadableRecord("not valid UTF-8") : UnreadableRecord.ofJson(error, ""), line };
    }
  }
}
