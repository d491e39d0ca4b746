/**
 * Lists that come in pages: `{results, pagination: {page, page_size, total}}`, or with a cursor in place of the numbers.
 * Which page is next, how pages become one answer, and whether that is whole.
 */
import { isObject } from "../streams/json/is_object.ts";
import { stringifyJson } from "../streams/json/json.ts";

/** Parameters of the query string that ask for a page. */
export type PageQuery = [name: string, value: string][];

/** All pages as one answer. */
export interface JoinedPages {
  data: unknown;
  /** Why the list is not whole, in words; undefined when it is. */
  gap?: string;
}

interface Pagination {
  page?: number;
  pageSize?: number;
  total?: number;
  cursor?: [name: string, value: string];
}

/** Names of a cursor in an answer, and of the parameter that takes it. */
const CURSORS: readonly (readonly [field: string, parameter: string])[] = [
  ["next_cursor", "next_cursor"],
  ["cursor", "cursor"],
  ["next_page_token", "page_token"],
];

/**
 * Follows an answer's pages to the end, or until `limit` items are there. `ask` gets a page by the parameters that ask
 * for it. Undefined when the answer is the only one.
 */
export async function followPages(
  first: unknown,
  ask: (query: PageQuery) => Promise<unknown>,
  limit = Infinity,
): Promise<JoinedPages | undefined> {
  if (nextPage(first, first, 1, limit) === undefined) return undefined;
  let joined = (first as { results: unknown }).results;
  let last = first;
  let gap: string | undefined;
  const asked = new Set<string>();
  for (let pages = 1;; pages++) {
    const query = nextPage(last, { results: joined }, pages, limit);
    if (query === undefined) break;
    const key = JSON.stringify(query);
    if (asked.has(key)) {
      gap = "the server led back to a page that had come";
      break;
    }
    asked.add(key);
    const page = await ask(query);
    gap = refusedPage(page, last, query);
    if (gap !== undefined) break;
    joined = join(joined, resultsOf(page));
    last = page;
  }
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

/** The parameters that ask for the page after an answer; undefined when all has come. */
function nextPage(answer: unknown, joined: unknown, pages: number, limit: number): PageQuery | undefined {
  if (!isObject(answer) || !("results" in answer)) return undefined;
  const { page, pageSize, total, cursor } = paginationOf(answer);
  const results = resultsOf(joined);
  const received = sizeOf(results);
  if (received >= limit) return undefined;
  const size: PageQuery = pageSize === undefined ? [] : [["page_size", String(pageSize)]];
  if (cursor !== undefined) return [cursor, ...size];
  if (page === undefined || total === undefined) return undefined;
  // A list is counted; of anything else, pages are.
  const isWhole = Array.isArray(results) ? received >= total : pages * (pageSize ?? total) >= total;
  return isWhole ? undefined : [["page", String(page + 1)], ...size];
}

/** Why a page does not continue the one before it; undefined when it does. */
function refusedPage(page: unknown, before: unknown, query: PageQuery): string | undefined {
  const results = resultsOf(page);
  if (sizeOf(results) === 0) return paginationOf(before).cursor === undefined ? "the next page is empty" : undefined;
  const asked = query.find(([name]) => name === "page")?.[1];
  const given = paginationOf(page).page;
  const isOther = asked !== undefined && given !== undefined && String(given) !== asked;
  const isSame = stringifyJson(results) === stringifyJson(resultsOf(before));
  return isOther || isSame ? "the server gave the same page again" : undefined;
}

function paginationOf(answer: unknown): Pagination {
  if (!isObject(answer)) return {};
  const { pagination } = answer;
  const fields = isObject(pagination) ? pagination : {};
  const found = [fields, answer].flatMap((place) =>
    CURSORS.flatMap(([field, parameter]) => {
      const value = place[field];
      return typeof value === "string" && value !== "" ? [[parameter, value] as [string, string]] : [];
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

/** Lists follow each other; objects are joined name by name. */
function join(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
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
