/**
 * Lists that come in pages: `{results, pagination: {page, page_size, total}}`, or with a cursor in place of the numbers.
 * Which page is next, how pages become one answer, and whether that is whole.
 */
import { isObject } from "../streams/json/is_object.ts";
import { stringifyJson } from "../streams/json/json.ts";

/** Parameters of the query string that ask for a page. */
export type PageQuery = [first: [name: string, value: string], ...others: [name: string, value: string][]];

/** In place of a page: the server does not give it. */
export class RefusedPage {
  constructor(readonly reason: string) {}
}

/** All pages as one answer. */
export interface JoinedPages {
  data: unknown;
  /** Why the list is not whole, in words; undefined when it is. */
  gap?: string;
}

/** What an answer says of its place among others. */
export interface Pagination {
  page?: number;
  pageSize?: number;
  total?: number;
  cursor?: { value: string; parameters: readonly string[] };
}

/** Names of a cursor in an answer, and of the parameter that takes it: the next is tried where the first is not known. */
const CURSORS: readonly (readonly [field: string, parameters: readonly string[]])[] = [
  ["next_cursor", ["next_cursor", "cursor"]],
  ["cursor", ["cursor", "next_cursor"]],
  ["next_page_token", ["page_token", "next_page_token"]],
];

/** A server that names one more page again and again is not followed forever. */
export const MOST_PAGES = 10_000;

/**
 * Follows an answer's pages to the end, or until `limit` items are there. `ask` gets a page by the parameters that ask
 * for it, or a `RefusedPage`. Undefined when the answer is the only one.
 */
export async function followPages(
  first: unknown,
  ask: (query: PageQuery) => Promise<unknown>,
  limit = Infinity,
): Promise<JoinedPages | undefined> {
  if (nextPages(first, first, 1, limit).length === 0) return undefined;
  const { results } = first as { results: unknown };
  let joined = Array.isArray(results) ? [...results] : results;
  let last = first;
  let gap: string | undefined;
  let knownName: string | undefined;
  const asked = new Set<string>();
  for (let pages = 1;; pages++) {
    const ways = nextPages(last, { results: joined }, pages, limit);
    if (ways.length === 0) break;
    const key = JSON.stringify(ways[0]);
    if (asked.has(key)) gap = "the server led back to a page that had come";
    else if (pages === MOST_PAGES) gap = `${MOST_PAGES} pages came, and the server names one more`;
    if (gap !== undefined) break;
    asked.add(key);
    // The name that the server knew before, where it knew one.
    const known = ways.filter(([[name]]) => name === knownName);
    let page: unknown;
    for (const query of known.length > 0 ? known : ways) {
      page = await ask(query);
      gap = refusedPage(page, last, query);
      if (gap !== undefined) continue;
      knownName = query[0][0];
      break;
    }
    if (gap !== undefined) break;
    joined = join(joined, resultsOf(page));
    last = page;
  }
  if (Array.isArray(joined)) joined = joined.slice(0, limit);
  const { total } = paginationOf(last);
  const received = sizeOf(joined);
  if (gap === undefined && total !== undefined && received < Math.min(total, limit) && Array.isArray(joined)) {
    gap = "no more came";
  }
  const count = total === undefined ? `${received}` : `${received} of ${total}`;
  return {
    data: withResults(first, joined, received, gap !== undefined),
    gap: gap === undefined ? undefined : `${count}: ${gap}`,
  };
}

/** The parameters that ask for the page after an answer, in the order in which to try them; none when all has come. */
function nextPages(answer: unknown, joined: unknown, pages: number, limit: number): PageQuery[] {
  if (!isObject(answer) || !("results" in answer)) return [];
  const { page, pageSize, total, cursor } = paginationOf(answer);
  const results = resultsOf(joined);
  const received = sizeOf(results);
  if (received >= limit) return [];
  const size: [string, string][] = pageSize === undefined ? [] : [["page_size", String(pageSize)]];
  if (cursor !== undefined) return cursor.parameters.map((name): PageQuery => [[name, cursor.value], ...size]);
  if (page === undefined) return [];
  // A list is counted; of anything else, pages are. Where nobody says how many there are, a short page is the last.
  const isWhole = total === undefined
    ? pageSize === undefined || sizeOf(answer.results) < pageSize
    : Array.isArray(results)
    ? received >= total
    : pages * (pageSize ?? total) >= total;
  return isWhole ? [] : [[["page", String(page + 1)], ...size]];
}

/** Why a page does not continue the one before it; undefined when it does. */
function refusedPage(page: unknown, before: unknown, query: PageQuery): string | undefined {
  if (page instanceof RefusedPage) return page.reason;
  const results = resultsOf(page);
  const { cursor, total } = paginationOf(before);
  if (sizeOf(results) === 0) return cursor === undefined && total !== undefined ? "the next page is empty" : undefined;
  const asked = query.find(([name]) => name === "page")?.[1];
  const given = paginationOf(page).page;
  const isOther = asked !== undefined && given !== undefined && String(given) !== asked;
  const isSame = stringifyJson(results) === stringifyJson(resultsOf(before));
  return isOther || isSame ? "the server gave the same page again" : undefined;
}

export function paginationOf(answer: unknown): Pagination {
  if (!isObject(answer)) return {};
  const { pagination } = answer;
  const fields = isObject(pagination) ? pagination : {};
  const found = [fields, answer].flatMap((place) =>
    CURSORS.flatMap(([field, parameters]) => {
      const value = place[field];
      return typeof value === "string" && value !== "" ? [{ value, parameters }] : [];
    })
  );
  return {
    page: wholeNumber(fields.page),
    pageSize: wholeNumber(fields.page_size),
    total: wholeNumber(fields.total),
    cursor: found[0],
  };
}

/** A page without an envelope is its results. */
function resultsOf(answer: unknown): unknown {
  return isObject(answer) && "results" in answer ? answer.results : answer;
}

function sizeOf(results: unknown): number {
  if (Array.isArray(results)) return results.length;
  return isObject(results) ? Object.keys(results).length : 0;
}

/** Lists follow each other, in the first, which grows; objects are joined name by name. */
function join(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) {
    for (const item of after) before.push(item);
    return before;
  }
  if (!isObject(before) || !isObject(after)) return after;
  const joined = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(after)) {
    joined.set(name, joined.has(name) ? join(joined.get(name), value) : value);
  }
  return Object.fromEntries(joined);
}

/** The first answer with all results, described as one page. Of a whole list no cursor leads on. */
function withResults(first: unknown, results: unknown, size: number, hasGap: boolean): unknown {
  const { pagination, ...rest } = first as Record<string, unknown>;
  const without = (fields: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => hasGap || !CURSORS.some(([field]) => field === name)));
  const page = isObject(pagination) ? { pagination: { ...without(pagination), page_size: size } } : {};
  return { ...without(rest), results, ...page };
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? number as number : undefined;
}
