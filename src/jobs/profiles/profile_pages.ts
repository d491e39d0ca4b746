/** Profiles page by page. The first page counts as one query, later pages of its session are free. */
import type { z } from "zod";
import { call, type CallResult } from "../../api/call.ts";
import { type profilesPage, queryProfiles } from "../../api/profile_queries.ts";
import type { Client } from "../../client/types.ts";

export type ProfilesPage = z.output<typeof profilesPage>;

/** What a page says that decides whether there is another. */
export interface PageInfo {
  profiles: number;
  pageSize: number;
  total?: number;
  /** Later pages need not repeat the session that they belong to. */
  sessionId?: string;
}

/** Mixpanel's own page size, for answers that do not say theirs. */
export const USUAL_PAGE_SIZE = 1000;

/** Which pages a query has, as far as its answers tell. They are taken in their order. */
export class PageSequence {
  pages = 0;
  received = 0;
  sessionId?: string;
  /** Profiles in all, where the first page tells. */
  total?: number;
  isOver = false;
  /** Whether a first page that was full came without the session that the next one needs. */
  hasMore = false;
  #fullPage = 0;

  /** Goes on where an earlier run stopped. */
  static resumed(first: PageInfo, pages: number, received: number): PageSequence {
    const sequence = new PageSequence();
    sequence.take(first);
    sequence.pages = pages;
    sequence.received = received;
    if (sequence.#isTotalReached()) sequence.isOver = true;
    return sequence;
  }

  take({ profiles, pageSize, total, sessionId }: PageInfo): void {
    this.pages++;
    this.received += profiles;
    if (this.pages === 1) {
      this.sessionId = sessionId || undefined;
      // A server may give less than the size that it names; what it gave is then a full page.
      this.#fullPage = total !== undefined && total > profiles ? profiles : pageSize;
      this.total = total;
    }
    const isShort = profiles < this.#fullPage;
    this.hasMore = this.sessionId === undefined && profiles > 0 &&
      (this.#isTotalTelling() || (!isShort && total === undefined));
    this.isOver = profiles === 0 || this.sessionId === undefined || this.#isTotalReached() ||
      (isShort && !this.#isTotalTelling());
  }

  /** How many pages there are by the total; undefined when it does not tell. */
  get expectedPages(): number | undefined {
    return this.#isTotalTelling() ? Math.ceil(this.total! / this.#fullPage) : undefined;
  }

  #isTotalReached(): boolean {
    return this.#isTotalTelling() && this.received >= this.total!;
  }

  /** Some say that `total` is the count of the page alone. One that is no larger than a full first page proves nothing. */
  #isTotalTelling(): boolean {
    return this.total !== undefined && this.total > this.#fullPage;
  }
}

/** Yields pages one after the other, until there are no more, or until the server gives another than was asked for. */
export async function* profilePages(
  client: Client,
  params: z.input<typeof queryProfiles.params>,
): AsyncGenerator<CallResult<ProfilesPage>> {
  const sequence = new PageSequence();
  while (!sequence.isOver) {
    const { pages: page, sessionId: session_id } = sequence;
    const answer = page === 0
      ? await call(client, queryProfiles, params)
      : await call(client, queryProfiles, { ...params, session_id, page }, { adjust: { countsAgainstQuota: false } });
    const { results, page_size: pageSize, total, session_id: sessionId } = answer.result();
    const { page: given } = answer.data as { page?: unknown };
    if (page > 0 && typeof given === "number" && given !== page) return;
    yield answer;
    sequence.take({ profiles: results.length, pageSize, total, sessionId: sessionId ?? undefined });
  }
}
