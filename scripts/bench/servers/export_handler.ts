/** Raw exports: the compressed days of a dataset, as Mixpanel sends them. */
import { dayAfter, DAYS, FIRST_DAY } from "../dataset.ts";
import { gzipMember, type Segment } from "../gzip_segments.ts";

/** Asked for from this day on, each day comes ten times. */
export const TENFOLD_FIRST_DAY = "2025-09-01";

/** Answers with the days asked for, after `firstByteMs` milliseconds. */
export function exportHandler(
  segments: readonly Segment[],
  firstByteMs: number,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith("/export")) return new Response("no such path", { status: 404 });
    const from = searchParams.get("from_date") ?? FIRST_DAY;
    const to = searchParams.get("to_date") ?? dayAfter(DAYS - 1);
    const isTenfold = from < FIRST_DAY;
    const inYear = (date: string) => isTenfold ? date.replace(/^\d{4}/, FIRST_DAY.slice(0, 4)) : date;
    const chosen = segments.filter((_, day) => dayAfter(day) >= inYear(from) && dayAfter(day) <= inYear(to));
    const repeated = chosen.flatMap((segment) => isTenfold ? Array<Segment>(10).fill(segment) : [segment]);
    if (firstByteMs > 0) await new Promise((resolve) => setTimeout(resolve, firstByteMs));
    if (repeated.length === 0) return new Response("", { headers: { "content-type": "text/plain" } });
    return new Response(streamOf(gzipMember(repeated)), {
      headers: { "content-type": "text/plain", "content-encoding": "gzip" },
    });
  };
}

/** The pieces in chunks of a size that a server would send. */
function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const chunkBytes = 256 * 1024;
  let piece = 0;
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      const current = pieces[piece];
      if (current === undefined) return controller.close();
      controller.enqueue(current.subarray(offset, offset + chunkBytes));
      offset += chunkBytes;
      if (offset < current.length) return;
      piece++;
      offset = 0;
    },
  }, { highWaterMark: 0 });
}
