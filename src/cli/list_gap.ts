/** A list that came in part is printed, and said to be one on standard error. */
import type { z } from "zod";
import { paramMeta } from "../api/params.ts";
import { formatNumber } from "../output/format.ts";
import { deriveRows } from "../output/rows.ts";
import { isObject } from "../streams/json/is_object.ts";
import type { Context } from "./context.ts";

/** Says that a list may have been cut, where it is as long as the server makes it when nobody asks for more. */
export async function tellUsualLimit(
  context: Context,
  params: z.ZodObject,
  typed: Readonly<Record<string, unknown>>,
  data: unknown,
): Promise<void> {
  const { limit } = params.shape as Record<string, z.ZodType | undefined>;
  const usual = limit && paramMeta(limit).usual;
  if (usual === undefined || typed.limit !== undefined || deriveRows(data).rows.length !== usual) return;
  const total = isObject(data) && typeof data.total === "number" ? data.total : undefined;
  if (total !== undefined) {
    if (total > usual) await context.note(`${usual} of ${formatNumber(total)}; --limit N asks for more`);
    return;
  }
  await context.note(`These are the first ${usual}, as many as come by default; --limit N asks for more`);
}

const DONE_IN_PART = 8;

/** Says why the pages of a list are not all there, and returns the exit code; undefined for one that is. */
export async function tellGap(context: Context, { gap }: { gap?: string }): Promise<number | undefined> {
  if (gap === undefined) return undefined;
  await context.note(`This list is not whole, ${gap}`);
  return DONE_IN_PART;
}
