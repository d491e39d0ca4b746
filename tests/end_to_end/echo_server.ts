/** Servers that repeat credentials: a gateway that refuses everything, and one that adds to what a sandbox answers. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { echoedForms, escapedForms } from "./encoded_forms.ts";

export interface EchoServer {
  readonly url: string;
  /** How many requests it has answered. */
  answered(): number;
  close(): Promise<void>;
}

export interface EchoCredentials {
  username: string;
  /** All that must not be found anywhere. */
  secrets: readonly string[];
}

/** The credentials in every form, in words. */
export function echoOf({ username, secrets }: EchoCredentials): string {
  const pairs = secrets.flatMap((secret) => [`${username}:${secret}`, `${secret}:`]).flatMap((pair) => {
    const encoded = Buffer.from(pair).toString("base64");
    return [`Basic ${encoded}`, encoded, encoded.replace(/=+$/, ""), encodeURIComponent(encoded)];
  });
  return [...secrets.flatMap(echoedForms), ...pairs].join(" ");
}

/** The echo as a string of JSON that has it twice: in words, and once more in escapes of JSON's own. */
function echoInJson(credentials: EchoCredentials): string {
  const escaped = credentials.secrets.flatMap(escapedForms).filter((form) =>
    /^[^"\\]*(\\u[\da-f]{4}[^"\\]*)+$/i.test(form)
  );
  return `"${JSON.stringify(echoOf(credentials)).slice(1, -1)} ${escaped.join(" ")}"`;
}

/** Refuses each request, and says with what it came, in a JSON object or a page. */
export function startRefusingGateway(status: number, credentials: EchoCredentials): Promise<EchoServer> {
  const [echo, inJson] = [echoOf(credentials), echoInJson(credentials)];
  return listen((request, _body, respond) => {
    const refused = { index: 0, field: ECHO, message: ECHO, $insert_id: ECHO };
    const json = { code: status, error: ECHO, details: { message: ECHO }, failed_records: [refused], request_id: ECHO };
    const isPage = /export|cohorts/.test(request.url ?? "");
    const body = isPage
      ? `<html><title>${echo}</title></html>`
      : JSON.stringify(json).replaceAll(`"${ECHO}"`, () => inJson);
    respond(status, { "x-request-id": ascii(echo), "content-type": isPage ? "text/html" : "application/json" }, body);
  });
}

/** Passes requests on to a sandbox, with its credentials, and puts an echo into each object of its answers. */
export function startEchoingProxy(
  sandbox: { url: string; authorization: string; token: string },
  credentials: EchoCredentials & { token: string },
): Promise<EchoServer> {
  const [echo, inJson] = [echoOf(credentials), echoInJson(credentials)];
  return listen(async (request, body, respond) => {
    const headers = new Headers();
    for (const name of ["accept", "content-type", "authorization"]) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    if (headers.has("authorization")) headers.set("authorization", sandbox.authorization);
    const isGzip = request.headers["content-encoding"] === "gzip";
    const text = (isGzip ? gunzipSync(body) : body).toString("utf8");
    const path = (request.url ?? "/").replaceAll(encodeURIComponent(credentials.token), sandbox.token);
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: request.method,
      headers,
      body: text === "" ? undefined : text.replaceAll(JSON.stringify(credentials.token).slice(1, -1), sandbox.token),
      redirect: "manual",
    });
    const type = answer.headers.get("content-type") ?? "text/plain";
    const lines = (await answer.text()).split("\n").map((line) => withEcho(line, inJson));
    respond(answer.status, { "content-type": type, "x-request-id": ascii(echo) }, lines.join("\n"));
  });
}

/** A line of JSON with an echo in each of its objects; other lines as they are. */
function withEcho(line: string, echo: string): string {
  if (!/^\s*[[{]/.test(line)) return line;
  return line.replace(/\{(\s*)(?=["}])/g, (brace, space, at) => {
    const isEmpty = line[at + brace.length] === "}";
    return isInString(line, at) ? brace : `{${space}"echo":${echo}${isEmpty ? "" : ","}`;
  });
}

function isInString(line: string, at: number): boolean {
  return (line.slice(0, at).replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;
}

/** Where an echo belongs in JSON. */
const ECHO = "ECHO";

const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, "");

type Respond = (status: number, headers: Record<string, string>, body: string) => void;

async function listen(
  handle: (request: http.IncomingMessage, body: Buffer, respond: Respond) => void | Promise<void>,
): Promise<EchoServer> {
  let answered = 0;
  const server = http.createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      answered++;
      void handle(request, Buffer.concat(chunks), (status, headers, body) => {
        response.writeHead(status, headers);
        void inPieces(response, Buffer.from(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: () => answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The first bytes in pieces, which secrets do not fit into. */
async function inPieces(response: http.ServerResponse, body: Buffer): Promise<void> {
  for (let start = 0; start < Math.min(body.length, 300); start += 10) {
    response.write(body.subarray(start, start + 10));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end(body.subarray(Math.min(body.length, 300)));
}
