/** Finds the columns of all slices, before any of them can be written. */
import { columnFinder, type FoundKey, type RecordColumns } from "../../streams/table/columns.ts";
import type { ColumnFinder } from "../../streams/table/record_encoder.ts";
import { linesOfSlice } from "./render.ts";
import type { LookAtSlice } from "./slice_look.ts";
import type { SpooledSlice } from "./spool.ts";
import { WholeLines, wholeLines } from "./whole_lines.ts";

export class FoundColumns {
  readonly #finder = columnFinder("event");
  /** What was found in slices while they were fetched. */
  readonly #looked = new Map<SpooledSlice, RecordColumns>();
  #isEmpty = true;

  get finder(): ColumnFinder {
    return this.#finder;
  }

  /** Whether there were no events. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  readonly look: LookAtSlice = () => {
    let finder: RecordColumns | undefined = columnFinder("event");
    const lines = new WholeLines();
    const observe = (blocks: Iterable<Uint8Array>) => {
      try {
        for (const block of blocks) finder?.observe(block);
      } catch {
        // expected: a line that is no event: it is found again when the slice is read from the spool
        finder = undefined;
      }
    };
    return {
      take: (chunk) => observe(lines.take(chunk)),
      keep: (slice) => {
        observe(lines.end());
        if (finder !== undefined) this.#looked.set(slice, finder);
      },
      drop: () => {},
    };
  };

  /** Takes what was found in the slice, or reads it. */
  async observe(slice: SpooledSlice): Promise<void> {
    if (slice.events > 0) this.#isEmpty = false;
    const looked = this.#looked.get(slice);
    if (looked === undefined) {
      for await (const block of wholeLines(linesOfSlice(slice))) this.#finder.observe(block);
    } else this.#finder.absorb(looked.found);
    this.#looked.delete(slice);
  }

  absorb(slice: SpooledSlice, found: readonly FoundKey[]): void {
    if (slice.events > 0) this.#isEmpty = false;
    this.#finder.absorb(found);
  }
}
