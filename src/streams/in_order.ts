/** Work side by side whose results come in the order of what it is done for. */

export interface InOrderLimits {
  /** How much work is under way at a time. */
  running: number;
  /** How many results are under way or waiting for their turn, at most. Default: twice as many as run. */
  ahead?: number;
}

/**
 * Does `work` for each item and yields the results in the order of the items. While the first is slow, others are done
 * and wait, as many as `ahead` allows. A failure is thrown when its turn comes; nothing new is begun after it. Work that
 * is under way when the reader leaves is not waited for: give it a signal.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { running, ahead = running * 2 }: InOrderLimits,
): AsyncGenerator<R, void> {
  const source = items[Symbol.iterator]();
  const waiting: Promise<R>[] = [];
  let busy = 0;
  let isOver = false;
  const fill = () => {
    while (!isOver && busy < running && waiting.length < ahead) {
      const next = source.next();
      if (next.done) {
        isOver = true;
        return;
      }
      busy++;
      const result = work(next.value).catch((error) => {
        isOver = true;
        throw error;
      }).finally(() => {
        busy--;
        fill();
      });
      // expected: the fault that its turn throws, if its turn comes
      result.catch(() => {});
      waiting.push(result);
    }
  };
  try {
    for (fill(); waiting.length > 0; fill()) {
      const result = await waiting[0]!;
      waiting.shift();
      yield result;
    }
  } finally {
    isOver = true;
    source.return?.();
  }
}
