/** Finds the columns of all slices, before any of them can be written. */
import { columnFinder } from "../../streams/table/columns.ts";
import type { ColumnFinder } from "../../streams/table/record_encoder.ts";
import { linesOfSlice } from "./render.ts";
import type { SpooledSlice } from "./spool.ts";
import { wholeLines } from "./whole_lines.ts";

export interface FoundColumns {
  /** Looks at a slice as soon as it is there, while others are being fetched. */
  observe(slice: SpooledSlice): Promise<void>;
  readonly finder: ColumnFinder;
  /** Whether there were no events. */
  readonly isEmpty: boolean;
}

export function foundColumns(): FoundColumns {
  const finder = columnFinder("event");
  let isEmpty = true;
  return {
    finder,
    get isEmpty() {
      return isEmpty;
    },
    async observe(slice) {
      for await (const block of wholeLines(linesOfSlice(slice))) {
        if (block.length > 0) isEmpty = false;
        finder.observe(block);
      }
    },
  };
}
