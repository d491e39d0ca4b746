/** Takes a slice of several files apart, by the day of each event. */
import { alsoFailed } from "../../errors.ts";
import { gzip } from "../../runtime/compression/compressed_body.ts";
import { routeByDay } from "../../streams/events/day_router.ts";
import { addDays, type DayRange } from "./days.ts";
import type { SliceLook } from "./slice_look.ts";
import type { Spool, SpooledSlice, SpoolFile } from "./spool.ts";

/** So many bytes of a file are collected and then written, as a gzip member or plain: many files are open at a time. */
const MEMBER_BYTES = 128 * 1024;

/**
 * Says that the project's days are not those of `time` in UTC: by that, an event does not belong to the days that were
 * asked for. No slice of such a project can be taken apart.
 */
export class ForeignDayError extends Error {}

/** The form in which the spool keeps bytes. */
type Pack = (bytes: Uint8Array) => Promise<Uint8Array>;

export interface RoutingOptions {
  /** Whether the last day of a unit was not over when its events were fetched. */
  isOpen(unit: DayRange): boolean;
  /**
   * Otherwise an event of a day outside of all units, or of none, goes with the nearest: it belongs to the answer and is not
   * left out.
   */
  isStrict: boolean;
  /** Begins a look at the lines of a unit. */
  look?: (unit: DayRange) => SliceLook | undefined;
}

/** A spool file that is being filled. */
interface Part {
  unit: DayRange;
  look: SliceLook | undefined;
  /** Made with its first bytes. */
  file?: SpoolFile;
  collected: Uint8Array;
  collectedBytes: number;
  isEmpty: boolean;
  events: number;
  bytes: number;
}

/**
 * Writes the lines into one spool file for each unit, and commits them when all lines have come.
 *
 * @throws ForeignDayError for such an event, when it is strict
 */
export async function routeIntoUnits(
  lines: AsyncIterable<Uint8Array>,
  units: readonly DayRange[],
  spool: Spool,
  { isOpen, isStrict, look }: RoutingOptions,
): Promise<SpooledSlice[]> {
  const pack: Pack = spool.encoding === "gzip"
    ? (bytes) => gzip(bytes, spool.level)
    : (bytes) => Promise.resolve(bytes);
  const parts = units.map((unit) => newPart(unit, look?.(unit)));
  const slices: SpooledSlice[] = [];
  try {
    const byDay = partsByDay(parts);
    const first = parts[0] as Part;
    const last = parts[parts.length - 1] as Part;
    await routeByDay(lines, async (day, run, events) => {
      if (isStrict && !byDay.has(day)) throw new ForeignDayError();
      const part = byDay.get(day) ?? (day < first.unit.from ? first : last);
      part.events += events;
      part.bytes += run.length;
      await part.look?.take(run);
      await collect(part, run, pack, spool);
    });
    const together = { from: first.unit.from, to: last.unit.to };
    for (const part of parts) {
      const { unit, events, bytes } = part;
      if (part.collectedBytes > 0 || part.isEmpty) await writeHeld(part, pack, spool);
      const info = { ...unit, events, bytes, isOpen: isOpen(unit), together };
      slices.push(await part.file!.commit(info));
      part.file = undefined;
    }
    for (const [index, { look }] of parts.entries()) await look?.keep(slices[index] as SpooledSlice);
    return slices;
  } catch (error) {
    for (const { look } of parts) look?.drop();
    const takenBack = (async () => {
      for (const { file } of parts) await file?.abort();
      for (const slice of slices) await spool.remove(slice);
    })();
    throw await takenBack.then(() => error, (further) => alsoFailed(error, further));
  }
}

/** Its memory grows with its events, up to that of a member. */
function newPart(unit: DayRange, look: SliceLook | undefined): Part {
  return { unit, look, collected: new Uint8Array(4096), collectedBytes: 0, isEmpty: true, events: 0, bytes: 0 };
}

async function collect(part: Part, run: Uint8Array, pack: Pack, spool: Spool): Promise<void> {
  for (let start = 0; start < run.length;) {
    const piece = run.subarray(start, start + MEMBER_BYTES - part.collectedBytes);
    const needed = part.collectedBytes + piece.length;
    if (needed > part.collected.length) {
      const larger = new Uint8Array(Math.min(MEMBER_BYTES, needed * 2));
      larger.set(part.collected.subarray(0, part.collectedBytes));
      part.collected = larger;
    }
    part.collected.set(piece, part.collectedBytes);
    part.collectedBytes = needed;
    start += piece.length;
    if (needed < MEMBER_BYTES) continue;
    await writeHeld(part, pack, spool);
  }
}

async function writeHeld(part: Part, pack: Pack, spool: Spool): Promise<void> {
  part.file ??= await spool.create();
  await part.file.write(await pack(part.collected.subarray(0, part.collectedBytes)));
  part.collectedBytes = 0;
  part.isEmpty = false;
}

function partsByDay(parts: readonly Part[]): Map<string, Part> {
  const byDay = new Map<string, Part>();
  for (const part of parts) {
    for (let day = part.unit.from; day <= part.unit.to; day = addDays(day, 1)) byDay.set(day, part);
  }
  return byDay;
}
