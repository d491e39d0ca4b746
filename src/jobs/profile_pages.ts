/** Profiles page by page. The first page counts as one query, later pages of its session are free. */
import type { z } from "zod";
import { call, type CallResult } from "../api/call.ts";
import { type profilesPage, queryProfiles } from "../api/profiles.ts";
import type { Client } from "../client/types.ts";

export type ProfilesPage = z.output<typeof profilesPage>;

/** Yields pages until one is short, empty, or the session's total is reached. */
export async function* profilePages(
  client: Client,
  params: z.input<typeof queryProfiles.params>,
): AsyncGenerator<CallResult<ProfilesPage>> {
  let received = 0;
  let total = Infinity;
  let session: { session_id?: string; page?: number } = {};
  for (let page = 0;; page++) {
    const adjust = page === 0 ? undefined : { countsAgainstQuota: false };
    const answer = await call(client, queryProfiles, { ...params, ...session }, { adjust });
    const result = answer.result();
    yield answer;
    received += result.results.length;
    // Only the first page says how many there are in all.
    if (page === 0) total = result.total ?? Infinity;
    // Later pages need not repeat the session that they belong to.
    const sessionId = result.session_id || session.session_id;
    const isLast = result.results.length < result.page_size || received >= total || !sessionId;
    if (isLast || result.results.length === 0) return;
    session = { session_id: sessionId, page: page + 1 };
  }
}
