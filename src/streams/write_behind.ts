/** Writes while the next bytes are being made. */

const BUFFER_BYTES = 512 * 1024;

/**
 * Hands all bytes of `source` to `write`, in order, and returns when the last are written.
 *
 * One write is under way at a time; what comes meanwhile is collected, up to 512 KiB, and written next. So a slow
 * source is written as it comes, and a fast one in few large pieces: half as long for an export as one write for each
 * of its pieces. `write` must be done with the bytes when it returns, because their memory is used again.
 *
 * With `waitsForFull` nothing is written before there are 512 KiB, for files that nobody reads meanwhile.
 *
 * When the source fails, what came before is written first. When a write fails, the source is left.
 */
export async function writeBehind(
  source: AsyncIterable<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  { waitsForFull = false }: { waitsForFull?: boolean } = {},
): Promise<void> {
  let collecting: Uint8Array = new Uint8Array(BUFFER_BYTES);
  let other: Uint8Array = new Uint8Array(BUFFER_BYTES);
  let collected = 0;
  let writing: Promise<void> | undefined;
  let hasEnded = false;
  let failure: { error: unknown } | undefined;

  const isDue = () => collected > 0 && (!waitsForFull || collected === BUFFER_BYTES || hasEnded);
  const writeCollected = (): Promise<void> => {
    const bytes = collecting.subarray(0, collected);
    [collecting, other] = [other, collecting];
    collected = 0;
    return write(bytes).then(() => {
      writing = isDue() ? writeCollected() : undefined;
    }, (error) => {
      failure = { error };
      writing = undefined;
    });
  };

  try {
    for await (const piece of source) {
      for (let start = 0; start < piece.length && failure === undefined;) {
        const part = piece.subarray(start, start + BUFFER_BYTES - collected);
        collecting.set(part, collected);
        collected += part.length;
        start += part.length;
        if (isDue()) writing ??= writeCollected();
        while (collected === BUFFER_BYTES && writing !== undefined) await writing;
      }
      if (failure !== undefined) break;
    }
  } finally {
    hasEnded = true;
    if (failure === undefined && isDue()) writing ??= writeCollected();
    while (writing !== undefined) await writing;
    // At once: a collector would let the buffers of many slices pile up. A write that has failed may still be reading.
    if (failure === undefined) { for (const { buffer } of [collecting, other]) (buffer as ArrayBuffer).transfer(0); }
  }
  if (failure !== undefined) throw failure.error;
}
