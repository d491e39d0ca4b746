/** Ends a wait for bytes that may never come. */

/**
 * Passes chunks on until the signal is aborted, and then fails with its reason, also while it waits for a chunk:
 * nobody may ever write into a pipe again.
 */
export async function* abortable(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  if (signal === undefined) return yield* source;
  const chunks = source[Symbol.asyncIterator]();
  let giveUp = (_reason: unknown) => {};
  const onAbort = () => giveUp(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        giveUp = reject;
        chunks.next().then(resolve, reject);
      });
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // It waits for a chunk that may never come, so nothing waits for it.
    // expected: any fault of the source, whose reader has left
    chunks.return?.().catch(() => {});
  }
}
