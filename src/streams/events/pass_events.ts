/** Passes a compressed export on as it is, and checks it meanwhile. */
import { EventLook } from "./event_look.ts";
import type { EventCount } from "./event_lines.ts";
import type { ByteStep } from "../gzip.ts";
import { Handoff } from "../handoff.ts";

/** A line feed as a gzip member of its own. */
const LINE_FEED_MEMBER = Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 227, 2, 0, 147, 6, 215, 50, 1, 0, 0, 0);

/**
 * The bytes of a gzip export, unchanged. A chunk is good until the next is asked for. While they pass, they are
 * decompressed beside them: their check sums have to be right, and every line has to look like an event. So what has
 * come out is to be trusted only when the end is reached.
 *
 * `count` is kept up to date with the events and their uncompressed bytes. When the last line has no line feed, a gzip
 * member with one follows, so that another export may be appended.
 *
 * @param encoded chunks in memory of their own: one is still looked at when the next is asked for
 * @param inflate decompresses; a chunk that it has been given is its own; what it gives may be views of memory that is
 *   used again
 * @param onChunk is given each decompressed chunk when it has been looked at, and is done with it when it returns
 * @throws MpError (server, network or rate_limited) that says what came instead of an event; what `encoded` and
 *   `inflate` throw passes unchanged.
 */
export async function* passEvents(
  encoded: AsyncIterable<Uint8Array>,
  count: EventCount,
  inflate: ByteStep,
  onChunk?: (chunk: Uint8Array) => Promise<void> | void,
): AsyncGenerator<Uint8Array, void> {
  const beside = new Handoff();
  let failure: { error: unknown } | undefined;
  let lacksLineFeed = false;
  const look = async () => {
    const lines = new EventLook(count);
    for await (const chunk of inflate(beside)) {
      lines.take(chunk);
      await onChunk?.(chunk);
    }
    ({ lacksLineFeed } = lines.end());
  };
  const looking = look().catch(async (error) => {
    failure = { error };
    await beside.return();
  });
  try {
    for await (const chunk of encoded) {
      yield chunk;
      // Not before: decompressing uses it up.
      await beside.put(chunk);
      if (failure !== undefined) break;
    }
    beside.end();
    await looking;
  } finally {
    // When the source has failed or the reader has left, there is nothing to wait for but the work under way.
    await beside.return();
    await looking;
  }
  if (failure !== undefined) throw failure.error;
  if (lacksLineFeed) {
    count.bytes++;
    yield LINE_FEED_MEMBER;
  }
}
