/** The error of an export that has not got everything. */
import { MpError } from "../../errors.ts";
import { type DayRange, formatDays, joinDays } from "./days.ts";

/** Days that could not be fetched, and why. */
export interface MissingDays extends DayRange {
  error: MpError;
}

const MOST_SHOWN = 5;
const RUN_AGAIN = "run the same command again: it fetches only what is missing";

/** The first of the ranges, as far as a line holds them. */
export function formatRanges(days: readonly DayRange[]): string {
  const ranges = joinDays(days).map(formatDays);
  const more = ranges.length > MOST_SHOWN ? ` and ${ranges.length - MOST_SHOWN} more` : "";
  return ranges.slice(0, MOST_SHOWN).join(", ") + more;
}

/** Ends the command as its first cause would, and says which days are missing. */
export class MissingDaysError extends MpError {
  constructor(readonly missing: readonly MissingDays[], hint = RUN_AGAIN) {
    const { error } = missing[0] as MissingDays;
    super(`Cannot finish the export: ${formatRanges(missing)} could not be fetched (${reasonOf(error)})`, {
      category: error.category,
      code: error.code,
      hint,
      status: error.status,
      requestId: error.requestId,
      serverMessage: error.serverMessage,
      cause: error,
    });
  }
}

/** A message without its first words, which all have in common. */
function reasonOf({ message }: MpError): string {
  return message.replace(/^Cannot finish the export: /, "");
}
