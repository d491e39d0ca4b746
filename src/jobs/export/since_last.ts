/** The range of an export that adds what is new to a folder. */
import { inputError } from "../../errors.ts";
import type { Storage } from "../storage/storage.ts";
import { addDays, byFirstDay, dayAt, type DayRange } from "./days.ts";
import { readManifest } from "./manifest.ts";
import { type Split, unitStart } from "./split.ts";

export interface SinceLast {
  storage: Storage;
  split: Split;
  /** Days that are fetched again, since events can arrive late. */
  lookbackDays: number;
  /** Where the first run begins. */
  from?: string;
  /** Default: yesterday, the last whole day. */
  to?: string;
  nowMs: number;
}

/**
 * From the last day that is there, less the look-back, to yesterday: whole files, and nothing before the first.
 *
 * @throws MpError (input) when there is no export yet and no first day is given.
 */
export async function rangeSinceLast(wish: SinceLast): Promise<DayRange> {
  const { storage, split, lookbackDays, nowMs } = wish;
  if (split === "none") {
    throw inputError("Cannot use --since-last with --split none: there is one file for all days", "use --split day");
  }
  const yesterday = addDays(dayAt(nowMs), -1);
  const to = wish.to === undefined || wish.to > yesterday ? yesterday : wish.to;
  const manifest = await readManifest(storage);
  if (manifest === undefined) {
    if (wish.from !== undefined) return checked({ from: wish.from, to });
    throw inputError(
      `Cannot export since the last time: ${JSON.stringify(storage.address)} has no export yet`,
      "say where to begin with --from DAY; later runs need not",
      "no_export",
    );
  }
  const first = manifest.query.from_date;
  const next = firstMissingDay(first, manifest.files);
  const wanted = unitStart(addDays(next, -lookbackDays), split);
  return checked({ from: wanted < first ? first : wanted, to });
}

/** The day after those that are there without a gap. */
function firstMissingDay(first: string, files: readonly DayRange[]): string {
  let next = first;
  for (const { from, to } of [...files].sort(byFirstDay)) {
    if (from <= next && to >= next) next = addDays(to, 1);
  }
  return next;
}

function checked(range: DayRange): DayRange {
  if (range.from <= range.to) return range;
  throw inputError(`Cannot export from ${range.from}: whole days end with ${range.to}`, "begin earlier with --from");
}
