/** A pipe without a record: mostly the command before it has failed. */
import { inputError } from "../../../errors.ts";
import { cleanLine } from "../../../output/clean.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";

/**
 * Refuses to call it a success when pipes had no record in them. A file that was named may be one of a quiet day.
 *
 * @param action what could not be done
 * @throws MpError (input)
 */
export function refuseNoRecords(action: "check" | "import", sources: readonly RecordSource[]): void {
  if (sources.some(({ identity }) => identity !== undefined)) return;
  const names = sources.map(({ name }) => cleanLine(name)).join(", ");
  throw inputError(
    `Cannot ${action}: there is no record in ${names}`,
    "did the command before the pipe fail? 'set -o pipefail' lets a script notice",
    "no_records",
  );
}
