/** One request of an export: its events, checked, in the form in which they are kept. */
import { type CallOptions, stream } from "../../api/call.ts";
import { exportEvents as operation } from "../../api/export.ts";
import type { Answer, Client } from "../../client/types.ts";
import { alsoFailed } from "../../errors.ts";
import { gzipped } from "../../runtime/compression/gzip_writer.ts";
import { type EventCount, eventLines } from "../../streams/events/event_lines.ts";
import { passEvents } from "../../streams/events/pass_events.ts";
import type { PartProgress } from "../progress.ts";
import { type DayRange, isOpenDay } from "./days.ts";
import { type ExportQuery, sliceParams } from "./query.ts";
import type { SliceLook } from "./slice_look.ts";
import type { Spool, SpooledSlice, SpoolEncoding } from "./spool.ts";
import { routeIntoUnits } from "./unit_router.ts";

export interface FetchSliceOptions extends CallOptions {
  nowMs: number;
  /** Advances with events and their uncompressed bytes when they have been checked. */
  part: PartProgress;
  /** Begins a look at the lines of a slice. */
  look?: (slice: DayRange) => SliceLook | undefined;
}

/** Asks for a slice, and gives its checked lines. `count` is kept up to date. */
export async function* sliceLines(
  client: Client,
  query: ExportQuery,
  slice: DayRange,
  count: EventCount,
  options: FetchSliceOptions,
): AsyncGenerator<Uint8Array, void> {
  const answer = await ask(client, query, slice, options);
  yield* observed(eventLines(answer.views(), count), count, options);
}

/** Fetches a slice into the spool, as one file. */
export async function fetchIntoSpool(
  client: Client,
  query: ExportQuery,
  slice: DayRange,
  spool: Spool,
  options: FetchSliceOptions,
): Promise<SpooledSlice> {
  const count: EventCount = { records: 0, bytes: 0 };
  const answer = await ask(client, query, slice, options);
  const file = await spool.create();
  const look = options.look?.(slice);
  try {
    await file.take(observed(asStored(answer, spool.encoding, count, look), count, options));
    await look?.end?.();
    const isOpen = isOpenDay(slice.to, options.nowMs);
    const spooled = await file.commit({ ...slice, events: count.records, bytes: count.bytes, isOpen });
    await look?.keep(spooled);
    return spooled;
  } catch (error) {
    look?.drop();
    throw await file.abort().then(() => error, (further) => alsoFailed(error, further));
  }
}

/**
 * Fetches a slice that belongs to several files of the output, into a spool file for each. They are committed when the
 * whole slice has come: together they are whole.
 *
 * @throws ForeignDayError when the project has other days than UTC, so that the slice has to be asked for file by file
 */
export async function fetchIntoUnits(
  client: Client,
  query: ExportQuery,
  slice: DayRange,
  units: readonly DayRange[],
  spool: Spool,
  options: FetchSliceOptions,
): Promise<SpooledSlice[]> {
  const count: EventCount = { records: 0, bytes: 0 };
  const lines = sliceLines(client, query, slice, count, options);
  // All days of a limited export are one request, whatever their events say.
  return await routeIntoUnits(lines, units, spool, {
    isOpen: (unit) => isOpenDay(unit.to, options.nowMs),
    isStrict: query.limit === undefined,
    look: options.look,
  });
}

async function ask(client: Client, query: ExportQuery, slice: DayRange, options: FetchSliceOptions): Promise<Answer> {
  const { nowMs: _now, part: _part, look: _look, ...call } = options;
  return await stream(client, operation, sliceParams(query, slice), call);
}

/** What comes compressed is stored as it came, checked beside; a body that Mixpanel found too short for that is not. */
function asStored(
  answer: Answer,
  encoding: SpoolEncoding,
  count: EventCount,
  look: SliceLook | undefined,
): AsyncIterable<Uint8Array> {
  if (encoding === "plain") return lookedAt(eventLines(answer.views(), count), look);
  const { isGzip, body, inflate } = answer.encoded();
  return isGzip
    ? passEvents(body, count, inflate, (chunk) => look?.take(chunk))
    : gzipped(lookedAt(eventLines(body, count), look));
}

async function* lookedAt(
  source: AsyncIterable<Uint8Array>,
  look: SliceLook | undefined,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) {
    await look?.take(chunk);
    yield chunk;
  }
}

async function* observed(
  source: AsyncIterable<Uint8Array>,
  count: EventCount,
  { part }: FetchSliceOptions,
): AsyncGenerator<Uint8Array, void> {
  let told: EventCount = { ...count };
  const tell = () => {
    if (count.bytes === told.bytes) return;
    part.advance({ records: count.records - told.records, bytes: count.bytes - told.bytes });
    told = { ...count };
  };
  for await (const chunk of source) {
    tell();
    yield chunk;
  }
  tell();
}
