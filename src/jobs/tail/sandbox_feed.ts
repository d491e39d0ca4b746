/** New events of a sandbox, at once: it holds a request back until there is something to tell. */
import { isLoopback } from "../../client/hosts.ts";
import type { Client } from "../../client/types.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import type { NewEvents, TailOptions } from "./tail_options.ts";

/** What is used of the sandbox's answer. */
interface FeedPage {
  feed: string;
  last_request: number;
  last_event: number;
  events: { number: number; project_id: number; record: { event: string } }[];
}

const LONGEST_WAIT_MS = 20_000;
/** What a server on this machine says that is no sandbox. */
const STRANGERS: ReadonlySet<string> = new Set(["auth", "input", "not_found", "server"]);

/** The state of a sandbox's feed, when that is who the client talks to. */
export async function findFeed(client: Client): Promise<FeedPage | undefined> {
  const { baseUrl } = client.connection;
  if (baseUrl === undefined || !isLoopback(new URL(baseUrl))) return undefined;
  try {
    return await ask(client, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0);
  } catch (error) {
    // expected: the answer of a proxy or gateway, which knows of no feed
    if (error instanceof MpError && STRANGERS.has(error.category)) return undefined;
    throw error;
  }
}

/** Events from `start` on, in batches as they come, until the time is over. */
export async function* newSandboxEvents(
  client: Client,
  clock: Clock,
  start: FeedPage,
  { names, untilMs, note }: TailOptions,
): AsyncGenerator<NewEvents, void> {
  const { projectId, timeoutMs } = client.connection;
  // A request that is held back must not be taken for one that is not answered.
  const longestMs = Math.min(LONGEST_WAIT_MS, timeoutMs / 2);
  let seen = start;
  while (clock.now() < untilMs) {
    const waitMs = Math.min(longestMs, untilMs - clock.now());
    const page = await ask(client, seen.last_request, seen.last_event, waitMs) ?? seen;
    if (page.feed === seen.feed) {
      const lost = (page.events[0]?.number ?? page.last_event + 1) - seen.last_event - 1;
      if (lost > 0) await note(`${lost} events came faster than they could be shown`);
      const lines = page.events
        .filter(({ project_id, record }) =>
          (projectId === undefined || String(project_id) === projectId) &&
          (names === undefined || names.includes(record.event))
        )
        .map(({ record }) => stringifyJson(record));
      if (lines.length > 0) yield lines;
    }
    seen = page;
  }
}

async function ask(client: Client, request: number, event: number, waitMs: number): Promise<FeedPage | undefined> {
  const answer = await client.send({
    method: "GET",
    family: "root",
    path: "/sandbox/feed",
    query: [["after_request", String(request)], ["after_event", String(event)], ["wait_ms", String(Math.ceil(waitMs))]],
    auth: [],
    projectIn: "none",
    repeatable: true,
  });
  const text = await answer.text();
  const page = text.startsWith("{") ? parseJson(text) : undefined;
  return isObject(page) && typeof page.feed === "string" && Array.isArray(page.events)
    ? page as unknown as FeedPage
    : undefined;
}
