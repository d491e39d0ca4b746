/** A list that came in part is printed, and said to be one: on standard error and by the exit code. */
import type { Context } from "./context.ts";

const DONE_IN_PART = 8;

/** Says why a list is not whole, and returns the exit code; undefined for one that is. */
export async function tellGap(context: Context, { gap }: { gap?: string }): Promise<number | undefined> {
  if (gap === undefined) return undefined;
  await context.note(`This list is not whole, ${gap}`);
  return DONE_IN_PART;
}
