/** A client that answers from a function, for jobs. The real one has tests of its own. */
import type { Answer, Client, Connection, WireRequest } from "../../src/client/types.ts";

/** What a fake server gets and gives: a text, chunks of a stream, or a throw. */
export type Responder = (
  request: WireRequest,
  signal: AbortSignal | undefined,
) => Promise<string | AsyncIterable<Uint8Array>> | string | AsyncIterable<Uint8Array>;

export interface FakeClient extends Client {
  readonly requests: WireRequest[];
}

export function fakeClient(respond: Responder, connection: Partial<Connection> = {}): FakeClient {
  const requests: WireRequest[] = [];
  return {
    connection: {
      region: "us",
      projectId: "1",
      credentials: { projectToken: "token-1" },
      timeoutMs: 1000,
      pacing: false,
      proxy: {},
      ...connection,
    },
    requests,
    async send(request, options) {
      options?.signal?.throwIfAborted();
      requests.push(kept(request));
      const body = await respond(request, options?.signal);
      return answer(body);
    },
  };
}

/** The memory of a body is used again once the request is answered. */
function kept(request: WireRequest): WireRequest {
  const { body } = request;
  return body?.kind === "ndjson" ? { ...request, body: { ...body, bytes: body.bytes.slice() } } : request;
}

/** The records of an import or of a tracking request. */
export function recordsOf(request: WireRequest): { event: string; properties: Record<string, unknown> }[] {
  if (request.body?.kind === "ndjson") return linesOf(request).map((line) => JSON.parse(line));
  if (request.body?.kind === "json") return JSON.parse(request.body.text);
  if (request.body?.kind === "form") return JSON.parse(request.body.fields[0]?.value ?? "[]");
  return [];
}

export function linesOf(request: WireRequest): string[] {
  return request.body?.kind === "ndjson" ? new TextDecoder().decode(request.body.bytes).trimEnd().split("\n") : [];
}

function answer(body: string | AsyncIterable<Uint8Array>): Answer {
  const stream = () => typeof body === "string" ? new Blob([body]).stream() as AsyncIterable<Uint8Array> : body;
  return {
    status: 200,
    headers: new Headers(),
    url: "http://127.0.0.1/",
    text: () => Promise.resolve(String(body)),
    stream,
    views: stream,
    encoded: () => ({ isGzip: false, body: stream(), inflate: (body) => body }),
  };
}
