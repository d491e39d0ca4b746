/** Saves how far a job is while it waits for what comes next. */
import { settlesWithin } from "../../runtime/clock.ts";

/**
 * What comes from `source`; `save` is called when nothing has come for a while: the next can take long.
 *
 * @param pauseMs how long that is
 */
export async function* saving<T>(
  source: AsyncGenerator<T, void>,
  pauseMs: number,
  save: () => Promise<void> | undefined,
): AsyncGenerator<T, void> {
  try {
    for (;;) {
      const next = source.next();
      if (!await settlesWithin(next, pauseMs)) await save();
      const { done, value } = await next;
      if (done) return;
      yield value;
    }
  } finally {
    await source.return();
  }
}
