/** An input without a record: mostly a command before the pipe has failed, or another file was meant. */
import { inputError, type MpError } from "../../../errors.ts";
import { cleanLine } from "../../../output/clean.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";

/** The error for that; `action` is what could not be done. */
export function noRecords(action: "check" | "import", sources: readonly RecordSource[]): MpError {
  const [first] = sources;
  const where = sources.length === 1 && first !== undefined ? cleanLine(first.name) : `${sources.length} sources`;
  return inputError(
    `Cannot ${action}: there is no record in ${where}`,
    "did the command before the pipe fail? 'set -o pipefail' lets a script notice",
    "no_records",
  );
}
