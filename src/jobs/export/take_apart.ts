/** A slice that was fetched for several files becomes a slice for each. */
import { linesOfSlice } from "./render.ts";
import { type Split, unitsOf } from "./split.ts";
import type { Spool, SpooledSlice } from "./spool.ts";
import type { UnitInMaking } from "./folder_tables.ts";
import { routeIntoUnits } from "./unit_router.ts";
import { wholeLines } from "./whole_lines.ts";

/** @param units what is known of its files; else none of them is over if the slice is not */
export async function takeApart(
  slice: SpooledSlice,
  split: Split,
  spool: Spool,
  units: readonly UnitInMaking[] = [],
): Promise<SpooledSlice[]> {
  const wanted = unitsOf(slice, split);
  if (wanted.length === 1) return [slice];
  // Its days were looked at before it was kept.
  const parts = await routeIntoUnits(wholeLines(linesOfSlice(slice)), wanted, spool, {
    isOpen: ({ from }) => units.find((unit) => unit.from === from)?.isOpen ?? slice.isOpen,
    isStrict: false,
  });
  await spool.remove(slice);
  return parts;
}
