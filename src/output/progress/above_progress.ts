/** What is said while a progress may stand on the same terminal. */
import type { Output } from "../../runtime/standard_streams.ts";

/** A progress that can make room for other lines. */
export interface StandingProgress {
  /** Writes whole lines in place of the progress, which is then drawn below them. */
  above(text: string): Promise<void>;
}

const standing = new WeakMap<Output, StandingProgress>();

/** Whole lines, above the progress that is drawn on this output, if one is. */
export function writeAbove(output: Output, text: string): Promise<void> {
  return standing.get(output)?.above(text) ?? output.write(text);
}

/** Says which progress stands on an output; undefined when it is taken away. */
export function standOn(output: Output, progress: StandingProgress | undefined): void {
  if (progress === undefined) standing.delete(output);
  else standing.set(output, progress);
}
