/** Lists in pages that lead on by a cursor. */
import type { SandboxCall } from "../call.ts";
import { jsonAnswer } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";

const USUAL_PAGE_SIZE = 20;
const MOST_PAGE_SIZE = 1000;

/**
 * One page of a list: `{status, results, pagination: {page_size, next_cursor, previous_cursor}}`. The request says which by
 * `page_size`, and by `next_cursor` or `cursor`.
 *
 * @throws Refusal 400 for a cursor that is none.
 */
export function cursorPage({ url }: SandboxCall, items: readonly unknown[]): Response {
  const { searchParams } = url;
  const wanted = Number(searchParams.get("page_size") ?? USUAL_PAGE_SIZE);
  if (!Number.isInteger(wanted) || wanted < 1) throw new Refusal(400, "page_size: must be a whole number above 0");
  const size = Math.min(wanted, MOST_PAGE_SIZE);
  const start = placeOf(searchParams.get("next_cursor") ?? searchParams.get("cursor") ?? "");
  const next = start + size;
  return jsonAnswer({
    status: "ok",
    results: items.slice(start, next),
    pagination: {
      page_size: size,
      next_cursor: next < items.length ? cursorOf(next) : null,
      previous_cursor: start > 0 ? cursorOf(Math.max(0, start - size)) : null,
    },
  });
}

const cursorOf = (place: number): string => btoa(`o${place}`);

function placeOf(cursor: string): number {
  if (cursor === "") return 0;
  const text = /^[\w+/]+=*$/.test(cursor) && cursor.length % 4 === 0 ? atob(cursor) : "";
  if (/^o\d{1,9}$/.test(text)) return Number(text.slice(1));
  throw new Refusal(400, "next_cursor: invalid cursor");
}
