/** Copies events from one project to another: fetched in slices, imported slice by slice, in the order of their days. */
import { EventTrimmer, mostBytes } from "../../streams/events/event_trimmer.ts";
import { type DayRange, daysWithout, formatDays } from "../export/days.ts";
import { fetchSlices } from "../export/fetch_slices.ts";
import type { JobProgress } from "../progress.ts";
import { type ExportQuery, queryFingerprint, recordedQuery } from "../export/query.ts";
import { linesOfSlice } from "../export/render.ts";
import { Spool, type SpooledSlice } from "../export/spool.ts";
import { rawExport } from "../../records/map/presets/raw_export.ts";
import { timeReader } from "../../records/map/map_time.ts";
import { importBlocks } from "../import/import_events.ts";
import { spoolFolder } from "./copy_folder.ts";
import type { CopiedPart } from "./copy_state.ts";
import { type CopyContext, copyPart } from "./copy_part.ts";

export interface CopyEvents extends DayRange {
  /** How the days are named, such as `--last 30d`: a copy stays the same one while they move on. Default: the days. */
  named?: string;
  event?: string[];
  where?: string;
  /** Leaves `$identify`, `$create_alias` and `$merge` out. */
  skipIdentity?: boolean;
  /** The zone that times of the source count in: that of a project made before 2023. */
  timeZone?: string;
  /** Requests at the same time, of the export and of the import. */
  fetchConcurrency?: number;
  sendConcurrency?: number;
  fetchProgress?: JobProgress;
}

/** Events that say which ids are the same user's. */
const IDENTITY_EVENTS = ["$identify", "$create_alias", "$merge"] as const;

/** Slices on this machine that wait for their import, besides those under way. */
const MOST_AHEAD = 4;

/**
 * Copies the days that an earlier run has not copied, and yields each part when all of its events are accounted for.
 * Milliseconds and `$insert_id`s stay; what Mixpanel's servers have added is removed.
 *
 * @throws DeliveryStoppedError when the target cannot be written to, MissingDaysError when the source cannot be read.
 */
export async function* copyEvents(context: CopyContext, wanted: CopyEvents): AsyncGenerator<CopiedPart, void> {
  const { source, state, folder, clock, signal, onNote } = context;
  const { event, where, fetchConcurrency, fetchProgress } = wanted;
  const days = await daysToCopy(context, wanted);
  const whole = { from: (days[0] ?? wanted).from, to: (days.at(-1) ?? wanted).to };
  const query: ExportQuery = { ...whole, event, where, time_in_ms: true };
  const spool = await Spool.open(spoolFolder(folder), queryFingerprint(recordedQuery(source, query)), "gzip");
  const covered = [...state.parts.filter(isDays), ...daysWithout(whole, days)];
  for (const slice of spool.slices) {
    if (covered.some((days) => slice.from <= days.to && slice.to >= days.from)) await spool.remove(slice);
  }
  const slices = fetchSlices(source, query, {
    spool,
    clock,
    signal,
    covered,
    progress: fetchProgress,
    concurrency: fetchConcurrency,
    inOrder: true,
    mostAhead: MOST_AHEAD,
    note: (line) => void onNote(line),
  });
  for await (const slice of slices) {
    yield await copySlice(context, wanted, slice);
    await spool.remove(slice);
  }
}

/** Days of an earlier run that are not among those of this one belong to the copy all the same. */
async function daysToCopy({ state, onNote }: CopyContext, wanted: CopyEvents): Promise<readonly DayRange[]> {
  const earlier = state.days.filter(({ from, to }) => from < wanted.from || to > wanted.to);
  if (earlier.length > 0) {
    await onNote(`The days of the run that stopped are copied too: ${earlier.map(formatDays).join(", ")}`);
  }
  await state.addDays({ from: wanted.from, to: wanted.to });
  return state.days;
}

async function copySlice(context: CopyContext, wanted: CopyEvents, slice: SpooledSlice): Promise<CopiedPart> {
  const { skipIdentity = false, timeZone, sendConcurrency: concurrency } = wanted;
  const { from, to, events, crc32 } = slice;
  const read = timeZone === undefined ? undefined : timeReader({ timeZone, epochsAreLocal: true });
  const trimmer = new EventTrimmer({
    drop: rawExport.recipes.events?.drop ?? [],
    dropEvents: skipIdentity ? IDENTITY_EVENTS : [],
    changeTime: read && ((time) => read(time) ?? time),
  });
  return await copyPart(context, {
    name: `events of ${formatDays(slice)}`,
    from,
    to,
    version: crc32,
    exported: events,
    lines: () => linesOfSlice(slice),
    rewrite: (bytes, start, end, room, at) => trimmer.trim(bytes, start, end, room, at),
    growth: mostBytes(0),
  }, (blocks, options) => importBlocks(context.target, blocks, { ...options, concurrency }));
}

/** Whether a part is some days of events. */
export function isDays(part: CopiedPart): part is CopiedPart & DayRange {
  return part.from !== undefined && part.to !== undefined;
}
