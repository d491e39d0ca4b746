/** Fetches one page of a profile query, as often as it takes. */
import type { z } from "zod";
import { stream } from "../../api/call.ts";
import { queryProfiles } from "../../api/profile_queries.ts";
import { Attempts, Failed, type RetryRule } from "../../client/attempts.ts";
import { seenInstead } from "../../client/error_body.ts";
import type { Client, Wait } from "../../client/types.ts";
import { type ErrorDetails, MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import { concatenate } from "../../streams/chunks.ts";
import { parseJson } from "../../streams/json/json.ts";
import { pageInfo } from "./profile_pages.ts";
import { type OnProfileId, type ProfilePage, splitProfilePage } from "../../streams/profiles/profile_page.ts";

/** What is asked for: all parameters of a profile query but the page. */
export type ProfileQuery = Omit<z.input<typeof queryProfiles.params>, "session_id" | "page">;

export interface FetchOptions {
  clock: Clock;
  signal?: AbortSignal;
  onId?: OnProfileId;
  /** What the job waits for; undefined when it goes on. */
  onWait?(wait: Wait | undefined): void;
}

/** The server refuses a later page of a query whose first one it gave: it no longer knows the session. */
export class SessionExpiredError extends MpError {
  constructor(cause: MpError) {
    super("Cannot go on with the profile query: Mixpanel has forgotten its session", {
      ...cause,
      hint: "run the command again, with --restart to start over",
      cause,
    });
  }
}

const PAGE_RULES: readonly RetryRule[] = [
  {
    matches: ({ category }) => category === "rate_limited" || category === "server" || category === "network",
    attempts: 8,
    // With jitter: lanes that failed together come back apart.
    backoff: { firstMs: 2000, mostMs: 60_000, jitter: 0.5 },
    retryAfter: { mostMs: JOB_PATIENCE_MS },
  },
];

export interface PagePlace {
  isFirst: boolean;
  /** What is asked for, of a later page. */
  number: number;
  sessionId?: string;
}

/**
 * A page, cut into profiles; undefined when a server without sessions refuses it or gives another. Rate limits, failures
 * of the server and of the network are waited out, about three minutes; an answer that is something else ends it at once.
 *
 * @throws SessionExpiredError for a later page; else MpError of the last try.
 */
export async function fetchPage(
  client: Client,
  query: ProfileQuery,
  place: PagePlace,
  options: FetchOptions,
): Promise<ProfilePage | undefined> {
  const { clock, signal, onWait } = options;
  return await new Attempts({ rules: PAGE_RULES, clock, signal, onWait }).run(async () => {
    try {
      return await tryOnce(client, query, place, options);
    } catch (error) {
      if (!(error instanceof MpError) || signal?.aborted) throw error;
      if (!place.isFirst && isLaterPageRefused(error)) {
        if (place.sessionId === undefined) return undefined;
        throw new SessionExpiredError(error);
      }
      return new Failed(error, reasonOf(error));
    }
  });
}

async function tryOnce(
  client: Client,
  query: ProfileQuery,
  { isFirst, number, sessionId }: PagePlace,
  { signal, onId, onWait }: FetchOptions,
): Promise<ProfilePage | undefined> {
  const params = isFirst ? query : { ...query, session_id: sessionId, page: number };
  const answer = await stream(client, queryProfiles, params, {
    signal,
    once: true,
    // The hour's quota is waited for: in a session it concerns the first page alone.
    patienceMs: JOB_PATIENCE_MS,
    adjust: sessionId === undefined ? undefined : { countsAgainstQuota: false },
    onWait,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.stream()) chunks.push(chunk);
  const isWanted = (info: ProfilePage["info"]) => {
    const answered = pageInfo(info, 0).number;
    return answered === undefined || answered === number || (isFirst && answered === 1);
  };
  const found = splitProfilePage(concatenate(chunks), onId, isWanted);
  if (found === undefined) throw unreadable(await answer.text());
  if (isWanted(found.info)) return found;
  if (!isFirst && sessionId === undefined) return undefined;
  throw unexpectedPage(`page ${pageInfo(found.info, 0).number} came for page ${number}`);
}

/** A page that breaks off may come whole another time; what was never a page will not become one. */
function unreadable(text: string): MpError {
  return isCut(text)
    ? unexpectedPage("it breaks off within a page of profiles", { code: "cut_answer" })
    : unexpectedPage("it is no page of profiles", { serverMessage: seenInstead(text) });
}

function isCut(text: string): boolean {
  if (!text.trimStart().startsWith("{")) return false;
  try {
    parseJson(text);
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return true;
  }
}

/** The error for an answer that is not the page that was asked for. */
export function unexpectedPage(state: string, details: Partial<ErrorDetails> = {}): MpError {
  return new MpError(`Cannot read the answer of ${queryProfiles.id}: ${state}`, {
    category: "server",
    code: "unexpected_answer",
    hint: "check the region and the host with 'mp whoami'",
    ...details,
  });
}

/** Whatever its words are: what else a page has in its request was good enough for the first. */
function isLaterPageRefused({ status }: MpError): boolean {
  return status === 400 || status === 404;
}

function reasonOf({ status, category, code }: MpError): string {
  if (category === "rate_limited") return "rate limited";
  if (status !== undefined) return `the server answered ${status}`;
  return code === "cut_answer" ? "an answer broke off" : "connection lost";
}
