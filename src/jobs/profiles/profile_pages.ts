/** Profiles page by page. The first page counts as one query, later pages of its session are free. */
import type { z } from "zod";
import { call, type CallResult } from "../../api/call.ts";
import { MOST_PAGES, paginationOf } from "../../api/pages.ts";
import { type profilesPage, queryProfiles } from "../../api/profile_queries.ts";
import type { Client } from "../../client/types.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { stringifyJson } from "../../streams/json/json.ts";

export type ProfilesPage = z.output<typeof profilesPage>;

/** What a page says that decides whether there is another. */
export interface PageInfo {
  profiles: number;
  pageSize: number;
  total?: number;
  /** Later pages need not repeat the session that they belong to. */
  sessionId?: string;
  /** Its number, by its own account. */
  number?: number;
  /** What leads on where there is no session: the page's number, or a cursor, which is not followed. */
  otherwise?: "number" | "cursor";
}

/** Mixpanel's own page size, for answers that do not say theirs. */
const USUAL_PAGE_SIZE = 1000;

/** What a page says besides its profiles, itself or, as the reference's standard answer does, in `pagination`. */
export function pageInfo(answer: Readonly<Record<string, unknown>>, profiles: number): PageInfo {
  const { page, pageSize, total, cursor } = paginationOf(answer);
  const own = paginationOf({ pagination: answer });
  const { session_id: sessionId } = { ...isObject(answer.pagination) ? answer.pagination : {}, ...answer };
  return {
    profiles,
    pageSize: own.pageSize || pageSize || USUAL_PAGE_SIZE,
    total: own.total ?? total,
    sessionId: typeof sessionId === "string" && sessionId !== "" ? sessionId : undefined,
    number: own.page ?? page,
    otherwise: cursor !== undefined ? "cursor" : page !== undefined ? "number" : undefined,
  };
}

/** Which pages a query has, as far as its answers tell. They are taken in their order. */
export class PageSequence {
  pages = 0;
  received = 0;
  sessionId?: string;
  /** What the first page calls itself: 0 in a session, 1 in the reference's standard answer. */
  firstNumber = 0;
  /** Profiles in all, where the first page tells. */
  total?: number;
  isOver = false;
  /** Whether there are more, which cannot be asked for or do not come. */
  hasMore = false;
  /** Why they do not come. */
  reason = "no more came";
  #fullPage = 0;
  #otherwise: PageInfo["otherwise"];

  /** Continues where an earlier run stopped. */
  static resumed(first: PageInfo, pages: number, received: number): PageSequence {
    const sequence = new PageSequence();
    sequence.take(first);
    sequence.pages = pages;
    sequence.received = received;
    if (sequence.#isTotalReached()) sequence.isOver = true;
    return sequence;
  }

  take({ profiles, pageSize, total, sessionId, number = 0, otherwise }: PageInfo): void {
    this.pages++;
    this.received += profiles;
    if (this.pages === 1) {
      this.sessionId = sessionId;
      this.firstNumber = number;
      this.#otherwise = sessionId === undefined ? otherwise : undefined;
      // A server may give less than the size that it names; what it gave is then a full page.
      this.#fullPage = total !== undefined && total > profiles ? profiles : pageSize;
      this.total = total;
    }
    const isShort = profiles < this.#fullPage;
    const leadsOn = this.sessionId !== undefined || this.#otherwise === "number";
    this.hasMore = !leadsOn && profiles > 0 &&
      (this.#isTotalTelling() || this.#otherwise === "cursor" || (!isShort && total === undefined));
    this.isOver = profiles === 0 || !leadsOn || this.#isTotalReached() || (isShort && !this.#isTotalTelling());
  }

  /** No more come, though there may be more. */
  breakOff(reason = this.reason): void {
    this.hasMore = this.isOver = true;
    this.reason = reason;
  }

  /** How many pages there are by the total; undefined when it does not tell. */
  get expectedPages(): number | undefined {
    return this.#isTotalTelling() ? Math.max(1, Math.ceil(this.total! / this.#fullPage)) : undefined;
  }

  #isTotalReached(): boolean {
    return this.#isTotalTelling() && this.received >= this.total!;
  }

  /**
   * Of a session some say that `total` is the count of the page alone: one that is no larger than a full first page
   * proves nothing there.
   */
  #isTotalTelling(): boolean {
    return this.total !== undefined && (this.#otherwise !== undefined || this.total > this.#fullPage);
  }
}

/** Yields pages one after the other, until there are no more, or until the server gives another than was asked for. */
export async function* profilePages(
  client: Client,
  params: z.input<typeof queryProfiles.params>,
  sequence = new PageSequence(),
): AsyncGenerator<CallResult<ProfilesPage>> {
  let before: string | undefined;
  while (!sequence.isOver) {
    const { pages, sessionId: session_id, firstNumber } = sequence;
    if (pages === MOST_PAGES) {
      return sequence.breakOff(`${MOST_PAGES} pages came; 'mp export profiles' has no such bound`);
    }
    const page = firstNumber + pages;
    const answer = pages === 0
      ? await call(client, queryProfiles, params, { onePage: true })
      : await call(client, queryProfiles, { ...params, session_id, page }, {
        adjust: session_id === undefined ? undefined : { countsAgainstQuota: false },
      });
    const result = answer.result();
    const info = pageInfo(result, result.results.length);
    const isOther = pages > 0 && info.number !== undefined && info.number !== page;
    const profiles = stringifyJson(result.results);
    const isSame = info.profiles > 0 && profiles === before;
    if (isOther || isSame) return sequence.breakOff("the server gave the same page again");
    before = profiles;
    yield answer;
    sequence.take(info);
  }
}
