/** A client whose answers come from somewhere else than Mixpanel: no request is sent there, and no account is needed. */
import type { Context } from "../../../cli/context.ts";
import { createClient } from "../../../client/client.ts";
import type { Client, Connection } from "../../../client/types.ts";
import { MpError } from "../../../errors.ts";
import type { TransportAnswer } from "../../../runtime/network/transport.ts";
import { watchedBody } from "../../../runtime/network/transport_body.ts";
import type { TransportRequest } from "../../../runtime/network/wire.ts";
import { SANDBOX } from "../../../sandbox/defaults.ts";
import { VERSION } from "../../../version.ts";

/** Where the emulator's handler is, as far as a request is concerned. */
const CONNECTION: Connection = {
  region: "us",
  baseUrl: "http://127.0.0.1",
  projectId: String(SANDBOX.projectId),
  credentials: { serviceAccount: { username: SANDBOX.username, secret: SANDBOX.serviceSecret } },
  timeoutMs: 500_000,
  pacing: false,
  proxy: {},
};

/** @param name what is asked, as messages name it */
export function answeringClient(
  context: Context,
  name: string,
  answer: (request: Request) => Promise<Response>,
): Client {
  let ownError: unknown;
  const client = createClient(CONNECTION, {
    async transport(request) {
      try {
        return answerOf(await answer(requestOf(request)), context.clock.now);
      } catch (error) {
        throw ownError = error;
      }
    },
    clock: context.clock,
    userAgent: `mp/${VERSION}`,
  });
  return {
    connection: CONNECTION,
    async send(request, own = {}) {
      try {
        return await client.send(request, { ...own, once: true, signal: own.signal ?? context.signal });
      } catch (error) {
        // The address of an error would be that of a server, and there is none.
        if (!(error instanceof MpError) || error.serverMessage === undefined || error === ownError) throw error;
        const { category, code, serverMessage } = error;
        throw new MpError(`Cannot ask ${name}: ${serverMessage}`, { category, code, cause: error });
      }
    },
  };
}

function requestOf({ method, url, headers, body }: TransportRequest): Request {
  return new Request(url, { method, headers, body: body as BodyInit | undefined });
}

function answerOf({ status, headers, body }: Response, now: () => number): TransportAnswer {
  const chunks = (body ?? new Blob([]).stream())[Symbol.asyncIterator]();
  return {
    status,
    headers,
    body: watchedBody(chunks, {
      controller: new AbortController(),
      idleTimeoutMs: CONNECTION.timeoutMs,
      now,
      isGzip: false,
      onEnd: () => {},
    }),
  };
}
