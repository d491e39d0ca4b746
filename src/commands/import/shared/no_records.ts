/** Sources without a record. Of a pipe: mostly the command before it has failed. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { cleanLine } from "../../../output/clean.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";

const MOST_NAMED = 3;

/**
 * Refuses to call it a success when pipes had no record in them. A file that was named may be one of a quiet day, whatever
 * its format: that is told.
 *
 * @param action what could not be done
 * @throws MpError (input)
 */
export async function tellNoRecords(
  context: Pick<Context, "note">,
  action: "check" | "import",
  sources: readonly RecordSource[],
): Promise<void> {
  const names = sources.slice(0, MOST_NAMED).map(({ name }) => cleanLine(name)).join(", ");
  const more = sources.length > MOST_NAMED ? ` and ${sources.length - MOST_NAMED} more` : "";
  const state = `there is no record in ${names}${more}`;
  if (sources.some(({ identity }) => identity !== undefined)) {
    return await context.note(`Nothing to ${action}: ${state}`);
  }
  throw inputError(
    `Cannot ${action}: ${state}`,
    "did the command before the pipe fail? 'set -o pipefail' lets a script notice",
    "no_records",
  );
}
