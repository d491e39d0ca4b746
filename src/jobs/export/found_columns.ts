/** Finds the columns of all slices, before any of them can be written. */
import { columnFinder } from "../../streams/table/columns.ts";
import type { Column } from "../../streams/table/record_encoder.ts";
import { wholeLines } from "./whole_lines.ts";
import { linesOfSlice } from "./render.ts";
import type { SpooledSlice } from "./spool.ts";

export interface FoundColumns {
  /** Looks at a slice as soon as it is there, while others are being fetched. */
  observe(slice: SpooledSlice): Promise<void>;
  columns(): Column[];
}

/** @param known what an earlier run has found; it stays in front */
export function foundColumns(known: readonly Column[] = []): FoundColumns {
  const finder = columnFinder("event");
  finder.merge(known);
  return {
    async observe(slice) {
      for await (const block of wholeLines(linesOfSlice(slice))) finder.observe(block);
    },
    columns: () => finder.columns(),
  };
}
