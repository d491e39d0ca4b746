/** All pages of a profile query: the first one, then several at a time, in their order. */
import type { Client } from "../../client/types.ts";
import { sha256Hex } from "../../runtime/hash.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { inOrder } from "../../streams/in_order.ts";
import type { ProfilePage } from "../../streams/profiles/profile_page.ts";
import { type PageInfo, type PageSequence, USUAL_PAGE_SIZE } from "./profile_pages.ts";
import { type FetchOptions, fetchPage, type ProfileQuery, unexpectedPage } from "./fetch_page.ts";

export interface SessionOptions<T> extends FetchOptions {
  /** Pages that are fetched at the same time, after the first. */
  concurrency: number;
  /** What is made of a page where it was fetched, side by side with others. */
  prepare(page: ProfilePage): Promise<T>;
}

export interface SessionPage<T> extends PageInfo {
  /** Number of the page, from 0. */
  page: number;
  prepared: T;
}

/**
 * Yields the pages that come next in the sequence, and takes each into it. Memory holds about twice as many pages as are
 * fetched at a time. Requests that are not wanted any more are cancelled.
 *
 * @throws SessionExpiredError, MpError; see `fetchPage`.
 */
export async function* sessionPages<T>(
  client: Client,
  query: ProfileQuery,
  sequence: PageSequence,
  options: SessionOptions<T>,
): AsyncGenerator<SessionPage<T>, void> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, ...options.signal === undefined ? [] : [options.signal]]);
  const fetchOne = async (page: number): Promise<{ found: SessionPage<T>; hash: string }> => {
    const answer = await fetchPage(client, query, { page, sessionId: sequence.sessionId }, { ...options, signal });
    const { pagination } = answer.info;
    const { session_id: sessionId, page_size: pageSize, total } = {
      ...isObject(pagination) ? pagination : {},
      ...answer.info,
    };
    const hash = sha256Hex(answer.lines);
    const found = {
      page,
      profiles: answer.profiles,
      pageSize: typeof pageSize === "number" && pageSize > 0 ? pageSize : USUAL_PAGE_SIZE,
      total: typeof total === "number" ? total : undefined,
      sessionId: typeof sessionId === "string" ? sessionId : undefined,
      prepared: await options.prepare(answer),
    };
    return { found, hash };
  };
  let before: string | undefined;
  const take = ({ found, hash }: Awaited<ReturnType<typeof fetchOne>>): SessionPage<T> => {
    // A server that looks at no page's number would go on with it for ever.
    if (hash === before && found.profiles > 0) throw unexpectedPage(`page ${found.page} is the one before it again`);
    before = hash;
    sequence.take(found);
    return found;
  };
  try {
    if (sequence.pages === 0) yield take(await fetchOne(0));
    while (!sequence.isOver) {
      // Past the pages that the total speaks of, one at a time: there is hardly another.
      const running = sequence.pages < (sequence.expectedPages ?? Infinity) ? options.concurrency : 1;
      for await (const page of inOrder(pageNumbers(sequence), fetchOne, { running })) {
        yield take(page);
        if (sequence.isOver) return;
      }
    }
  } finally {
    left.abort();
  }
}

/** The pages up to what the total says; one more when that is not enough; without a total, all. */
function* pageNumbers({ pages, expectedPages = Infinity }: PageSequence): Generator<number, void> {
  const end = Math.max(pages + 1, expectedPages);
  for (let page = pages; page < end; page++) yield page;
}
