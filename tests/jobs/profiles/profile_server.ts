/** A profile query as Mixpanel answers it, for tests of its export. */
import type { WireRequest } from "../../../src/client/types.ts";
import { MpError } from "../../../src/errors.ts";
import { type FakeClient, fakeClient } from "../fake_client.ts";

export interface ProfileServer extends FakeClient {
  /** Pages that were asked for, in order, and how often it was 0. */
  readonly pages: number[];
  /** What comes before the answer to a page: a wait, or a throw. */
  before?(page: number): Promise<void> | void;
  /** Changes a page before it is sent. */
  change?(page: Record<string, unknown>): Record<string, unknown> | string;
  /** Sessions that are known. */
  readonly sessions: Set<string>;
  /** Whether later pages are given to a known session only. */
  needsSession: boolean;
  /** Most requests that were under way at a time. */
  mostAtATime: number;
}

/** A profile's line; its 19-digit number and its odd spelling are to survive. */
export const profileLine = (number: number): string =>
  `{"$distinct_id":"u-${number}","$properties":{"org":${
    10n ** 18n + 7n + BigInt(number)
  },"n":${number}.0,"e":"\\u00e9"}}`;

export const linesUpTo = (count: number): string =>
  Array.from({ length: count }, (_, number) => profileLine(number) + "\n").join("");

export function fieldsOf(request: WireRequest): Record<string, string> {
  return request.body?.kind === "form"
    ? Object.fromEntries(request.body.fields.map(({ name, value }) => [name, value]))
    : {};
}

export function failure(status: number, more: Partial<MpError> = {}): MpError {
  const category = status === 429 ? "rate_limited" : status >= 500 ? "server" : "input";
  return new MpError(`status ${status}`, { category, status, ...more });
}

/** A server with so many profiles, in the reference's standard answer: pages are numbered, and have no session. */
export function numberedServer(total: number, pageSize: number, firstNumber = 1): ProfileServer {
  const server = profileServer(total, pageSize, firstNumber);
  server.needsSession = false;
  server.change = ({ page, page_size }) => ({
    status: "success",
    pagination: { page: page as number + firstNumber, page_size, total },
  });
  return server;
}

/** A server with so many profiles. */
export function profileServer(total: number, pageSize: number, firstNumber = 0): ProfileServer {
  let busy = 0;
  const client = fakeClient(async (request, signal) => {
    const fields = fieldsOf(request);
    const page = Number(fields.page ?? firstNumber) - firstNumber;
    server.pages.push(page);
    busy++;
    server.mostAtATime = Math.max(server.mostAtATime, busy);
    try {
      await server.before?.(page);
      signal?.throwIfAborted();
    } finally {
      busy--;
    }
    const session = fields.session_id ?? `s-${server.sessions.size + 1}`;
    if (page === 0) server.sessions.add(session);
    else if (server.needsSession && !server.sessions.has(session)) {
      throw failure(400, { serverMessage: "session_id is unknown or has expired" });
    }
    const from = page * pageSize;
    const count = Math.max(0, Math.min(pageSize, total - from));
    const lines = Array.from({ length: count }, (_, index) => profileLine(from + index));
    const facts = { page, page_size: pageSize, session_id: session, status: "ok", ...(page === 0 ? { total } : {}) };
    const changed = server.change?.(facts) ?? facts;
    if (typeof changed === "string") return changed;
    return `{"results":[${lines.join(",")}],${JSON.stringify(changed).slice(1)}`;
  });
  const server: ProfileServer = Object.assign(client, {
    pages: [],
    sessions: new Set<string>(),
    needsSession: true,
    mostAtATime: 0,
  });
  return server;
}
