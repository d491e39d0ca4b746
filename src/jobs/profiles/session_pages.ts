/** All pages of a profile query: the first one, then several at a time, in their order. */
import type { Client } from "../../client/types.ts";
import { sha256Hex } from "../../runtime/hash.ts";
import { inOrder } from "../../streams/in_order.ts";
import type { ProfilePage } from "../../streams/profiles/profile_page.ts";
import { type PageInfo, pageInfo, type PageSequence } from "./profile_pages.ts";
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
  type Fetched = { found: SessionPage<T>; hash: string };
  const fetchOne = async (page: number): Promise<Fetched | undefined> => {
    const { sessionId, firstNumber } = sequence;
    const place = { isFirst: page === 0, number: firstNumber + page, sessionId };
    const answer = await fetchPage(client, query, place, { ...options, signal });
    if (answer === undefined) return undefined;
    const hash = sha256Hex(answer.lines);
    const found = { page, ...pageInfo(answer.info, answer.profiles), prepared: await options.prepare(answer) };
    return { found, hash };
  };
  let before: string | undefined;
  const take = ({ found, hash }: Fetched): SessionPage<T> => {
    // A server that looks at no page's number would go on with it forever.
    if (hash === before && found.profiles > 0) throw unexpectedPage(`page ${found.page} is the one before it again`);
    before = hash;
    sequence.take(found);
    return found;
  };
  try {
    if (sequence.pages === 0) yield take((await fetchOne(0))!);
    while (!sequence.isOver) {
      // Past the pages that the total speaks of, one at a time: there is hardly another.
      const running = sequence.pages < (sequence.expectedPages ?? Infinity) ? options.concurrency : 1;
      for await (const page of inOrder(pageNumbers(sequence), fetchOne, { running })) {
        if (page === undefined) return sequence.breakOff();
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
