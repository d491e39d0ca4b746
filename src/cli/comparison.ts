/** `--compare`: the same question about other days, whose answer stands beside the first. */
import { z } from "zod";
import { isDay } from "../api/params.ts";
import { inputError } from "../errors.ts";
import { isoDay } from "../streams/iso_time.ts";

const DAY_MS = 86_400_000;
const WORDS = ["previous", "week", "month", "year"] as const;

export const COMPARE = {
  compare: z.string().optional().meta({
    placeholder: "PERIOD",
    description:
      "Ask for other days too, one more query: previous (as many days before), week, month or year (the same " +
      "days of the last one), or a first DAY",
  }),
};

export interface FromTo {
  from: string;
  to: string;
}

/**
 * The days that a range is compared with. Days that a month does not have become its last one.
 *
 * @param flag how the period was named, for messages
 * @throws MpError (input) for what is neither one of the words nor a day.
 */
export function comparedRange(compare: string, { from, to }: FromTo, flag = "--compare"): FromTo {
  const word = compare.trim().toLowerCase();
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  const shifted = (by: number) => ({ from: addDays(from, by), to: addDays(to, by) });
  if (word === "previous") return shifted(-days);
  if (word === "week") return shifted(-7);
  if (word === "month") return { from: addMonths(from, -1), to: addMonths(to, -1) };
  if (word === "year") return { from: addMonths(from, -12), to: addMonths(to, -12) };
  if (isDay(word)) return { from: word, to: addDays(word, days - 1) };
  throw inputError(
    `Cannot use ${flag} ${JSON.stringify(compare)}: not one of ${WORDS.join(", ")}, and not a day`,
    `try ${flag} previous, or ${flag} 2026-01-31 for as many days from that one on`,
    "bad_choice",
  );
}

const addDays = (day: string, count: number): string => isoDay(Date.parse(day) + count * DAY_MS);

function addMonths(day: string, count: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return isoDay(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}
