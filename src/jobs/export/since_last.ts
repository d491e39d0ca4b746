/** The range of an export that adds what is new to a folder. */
import { inputError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { addDays, type DayRange, daysWithout, laterDay } from "./days.ts";
import { filesThere, withWholeRequests } from "./held_days.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { type Split, unitStart } from "./split.ts";
import { isoDay } from "../../streams/iso_time.ts";

export interface SinceLast {
  storage: Storage;
  /** Where the manifest is, when that is not the storage. */
  manifestStorage?: Storage;
  split: Split;
  /** Days that are fetched again, since events can arrive late. */
  lookbackDays: number;
  /** Where the first run begins. */
  from?: string;
  /** Default: yesterday, the last whole day. */
  to?: string;
  nowMs: number;
  /** Replaces the export that is there. */
  restart?: boolean;
}

export interface RangeSinceLast extends DayRange {
  /** Files of this day and later ones are fetched again, earlier ones when they are not there. */
  lookBackFrom: string;
  /** Where the next look-back will begin at the earliest, which is not to fetch more than it has to. */
  nextLookBackFrom: string;
}

/**
 * From the last day that is there, less the look-back, to yesterday: whole files and whole requests, and nothing before
 * the first day. It begins earlier when files are missing there.
 *
 * @throws MpError (input) when there is no export yet and no first day is given.
 */
export async function rangeSinceLast(wish: SinceLast): Promise<RangeSinceLast> {
  const { storage, split, lookbackDays, nowMs, restart } = wish;
  if (split === "none") {
    throw inputError("Cannot use --since-last with --split none: there is one file for all days", "use --split day");
  }
  const made = (range: Omit<RangeSinceLast, "nextLookBackFrom" | "to">) =>
    checked({ ...range, to, nextLookBackFrom: unitStart(addDays(to, 1 - lookbackDays), split) });
  const yesterday = addDays(isoDay(nowMs), -1);
  const to = wish.to === undefined || wish.to > yesterday ? yesterday : wish.to;
  const manifest = await readManifest(wish.manifestStorage ?? storage);
  if (manifest === undefined || restart) {
    const from = wish.from ?? manifest?.query.from_date;
    if (from !== undefined) return made({ from, lookBackFrom: from });
    throw inputError(
      `Cannot export since the last time: ${JSON.stringify(storage.address)} has no export yet`,
      "say where to begin with --from DAY; later runs need not",
      "no_export",
    );
  }
  return made(await whatIsNew(manifest, wish));
}

async function whatIsNew(manifest: Manifest, wish: SinceLast): Promise<{ from: string; lookBackFrom: string }> {
  const { storage, split, lookbackDays } = wish;
  const { from_date: first } = manifest.query;
  const there = await filesThere(storage, manifest.files);
  const held = withWholeRequests(there.filter(({ open }) => !open));
  const last = there.reduce((latest, { to }) => to > latest ? to : latest, addDays(first, -1));
  const inRange = (day: string) => laterDay(unitStart(day, split), first);
  const wanted = inRange(addDays(last, 1 - lookbackDays));
  const request = held.find(({ together }) => together && together.from < wanted && together.to >= wanted)?.together;
  const lookBackFrom = request?.from ?? wanted;
  const [gap] = daysWithout({ from: first, to: last }, held);
  const from = gap === undefined ? lookBackFrom : inRange(gap.from);
  return { from: from < lookBackFrom ? from : lookBackFrom, lookBackFrom };
}

function checked(range: RangeSinceLast): RangeSinceLast {
  if (range.from <= range.to) return range;
  throw inputError(`Cannot export from ${range.from}: whole days end with ${range.to}`, "begin earlier with --from");
}
