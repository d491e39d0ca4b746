/** Takes a slice of several files apart, by the day of each event. */
import { gzip } from "../../runtime/compressed_body.ts";
import { routeByDay } from "../../streams/day_router.ts";
import { addDays, type DayRange, isOpenDay } from "./days.ts";
import type { Spool, SpooledSlice, SpoolFile } from "./spool.ts";

/** So many bytes of a file are collected and then compressed as a gzip member: many files are open at a time. */
const MEMBER_BYTES = 128 * 1024;

/** A spool file that is being filled. */
interface Part {
  unit: DayRange;
  file: SpoolFile;
  collected: Uint8Array;
  collectedBytes: number;
  isEmpty: boolean;
  events: number;
  bytes: number;
}

/**
 * Writes the lines into one spool file for each unit, and commits them when all lines have come.
 *
 * An event of a day outside of all units, as a project's own calendar can have it, goes with the nearest: it belongs to
 * the answer and is not left out.
 *
 * @param spool whose encoding is gzip
 */
export async function routeIntoUnits(
  lines: AsyncIterable<Uint8Array>,
  units: readonly DayRange[],
  spool: Spool,
  nowMs: number,
): Promise<SpooledSlice[]> {
  const parts: Part[] = [];
  try {
    for (const unit of units) parts.push(newPart(unit, await spool.create()));
    const byDay = partsByDay(parts);
    const first = parts[0] as Part;
    const last = parts[parts.length - 1] as Part;
    await routeByDay(lines, async (day, run, events) => {
      const part = byDay.get(day) ?? (day < first.unit.from ? first : last);
      part.events += events;
      part.bytes += run.length;
      await collect(part, run);
    });
    for (const part of parts) {
      if (part.collectedBytes > 0 || part.isEmpty) await writeMember(part);
    }
    const slices: SpooledSlice[] = [];
    for (const { unit, file, events, bytes } of parts) {
      slices.push(await file.commit({ ...unit, events, bytes, isOpen: isOpenDay(unit.to, nowMs) }));
    }
    return slices;
  } catch (error) {
    for (const { file } of parts) await file.abort();
    throw error;
  }
}

/** Its memory grows with its events, up to that of a member. */
function newPart(unit: DayRange, file: SpoolFile): Part {
  return { unit, file, collected: new Uint8Array(4096), collectedBytes: 0, isEmpty: true, events: 0, bytes: 0 };
}

async function collect(part: Part, run: Uint8Array): Promise<void> {
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
    if (needed === MEMBER_BYTES) await writeMember(part);
  }
}

async function writeMember(part: Part): Promise<void> {
  await part.file.write(await gzip(part.collected.subarray(0, part.collectedBytes)));
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
