/** The lines of files and pipes, with the numbers that people know them by, for input that is JSON Lines and nothing else. */
import { inputError } from "../../errors.ts";
import type { LinesBlock } from "./record_block.ts";
import { type RecordSource, STANDARD_INPUT } from "./record_source.ts";
import { type ReadOptions, readRecords } from "./read_records.ts";

/** What reading of lines can be told. */
export type LineReadOptions = Pick<ReadOptions, "onBytes" | "onUnreadable" | "signal">;

const OPEN_LIST = 0x5b;

/**
 * All lines of all sources, in order, decompressed where a source is compressed.
 *
 * @throws MpError (input) for damaged compression, a line that is too long, and a JSON list in place of JSON Lines.
 */
export async function* lineRecords(
  sources: readonly RecordSource[],
  options: LineReadOptions = {},
): AsyncGenerator<LinesBlock, void> {
  for await (const block of readRecords(sources, { ...options, format: "jsonl" })) {
    if (block.kind !== "lines") continue;
    if (block.firstLine === 1) refuseList(block.lines.at(0), block.source);
    yield block;
  }
}

function refuseList(first: Uint8Array, { name }: RecordSource): void {
  if (first[first.findIndex((byte) => byte > 0x20)] !== OPEN_LIST) return;
  throw inputError(
    `Cannot read ${name}: it is a JSON list, not JSON Lines`,
    name === STANDARD_INPUT
      ? "write one record a line: put 'jq -c .[]' before this command"
      : `write one record a line: jq -c '.[]' ${name}`,
    "json_list",
  );
}
