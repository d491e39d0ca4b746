/** Lines as the blocks that a delivery takes, for commands whose input is JSON Lines and nothing else. */
import { lineBlocks, type RecordSource } from "./record_source.ts";
import type { LinesBlock } from "./record_block.ts";

/** All lines of all sources, in order; see `lineBlocks`. */
export async function* lineRecords(
  sources: readonly RecordSource[],
  onBytes?: (bytes: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<LinesBlock, void> {
  for await (const { linesBefore, ...block } of lineBlocks(sources, onBytes, signal)) {
    yield { kind: "lines", recordsBefore: linesBefore, ...block };
  }
}
