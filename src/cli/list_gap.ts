/** A list that came in part is printed, and said to be one on standard error. */
import type { z } from "zod";
import { paramMeta } from "../api/params.ts";
import { formatNumber } from "../output/format.ts";
import { deriveRows } from "../output/rows.ts";
import { isObject } from "../streams/json/is_object.ts";
import type { Context } from "./context.ts";

/** Of a list whose first rows are shown; without a total where nobody knows how many there are. */
export function cutNote(shown: number, total?: number): string {
  const what = total === undefined
    ? `The first ${formatNumber(shown)}`
    : `${formatNumber(shown)} of ${formatNumber(total)}`;
  return `${what}; --limit N for more`;
}

/** The note on a list that may have been cut: it is as long as the server makes it when nobody asks for more. */
export function usualLimitNote(
  params: z.ZodObject,
  typed: Readonly<Record<string, unknown>>,
  data: unknown,
): string | undefined {
  const { limit } = params.shape as Record<string, z.ZodType | undefined>;
  const usual = limit && paramMeta(limit).usual;
  if (usual === undefined || typed.limit !== undefined || deriveRows(data).rows.length !== usual) return;
  const total = isObject(data) && typeof data.total === "number" ? data.total : undefined;
  return total !== undefined && total <= usual ? undefined : cutNote(usual, total);
}

const DONE_IN_PART = 8;

/** The note on a list of which pages are missing. */
export const gapNote = ({ gap }: { gap?: string }): string | undefined =>
  gap === undefined ? undefined : `This list is not whole, ${gap}`;

/** Says why the pages of a list are not all there, and returns the exit code; undefined for one that is. */
export async function tellGap(context: Context, answer: { gap?: string }): Promise<number | undefined> {
  const note = gapNote(answer);
  if (note === undefined) return undefined;
  await context.note(note);
  return DONE_IN_PART;
}
