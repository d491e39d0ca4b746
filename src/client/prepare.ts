/** From a request of the API layer to one that can be sent: address, headers, bytes; the credentials apart. */
import { type Authorization, chooseAuthorization, projectParameter, secretParameter } from "./authorize.ts";
import { encodeBody } from "./body.ts";
import { requestUrl } from "./hosts.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJson } from "../streams/json/json.ts";
import type { Connection, WireBody, WireRequest } from "./types.ts";

export interface PreparedRequest {
  request: WireRequest;
  url: URL;
  /** Without `Authorization`. */
  headers: Record<string, string>;
  body?: Uint8Array;
  authorization?: Authorization;
}

/**
 * Completes a request; nothing is sent. `--dry-run` shows the result.
 *
 * @throws MpError (auth, input) when credentials or the project are missing.
 */
export async function prepareRequest(request: WireRequest, connection: Connection): Promise<PreparedRequest> {
  const authorization = chooseAuthorization(request, connection);
  const url = requestUrl(request, connection, [
    ...projectParameter(request, connection, authorization, "query"),
    ...secretParameter(authorization),
  ]);
  const body = request.projectIn === "json"
    ? withProject(request.body, projectParameter(request, connection, authorization, "json"))
    : withFields(request.body, projectParameter(request, connection, authorization, "form"));
  const encoded = body && await encodeBody(body);
  const headers = {
    accept: request.streaming ? "*/*" : "application/json, */*;q=0.5",
    "accept-encoding": "gzip",
    ...encoded?.headers,
    ...lowerCased(request.headers),
  };
  return { request: { ...request, body }, url, headers, body: encoded?.bytes, authorization };
}

/** Adds fields to a form. Any other body was written by hand, and is sent as it is. */
function withFields(body: WireBody | undefined, fields: [string, string][]): WireBody | undefined {
  if (fields.length === 0 || (body !== undefined && body.kind !== "form")) return body;
  return { kind: "form", fields: [...body?.fields ?? [], ...fields.map(([name, value]) => ({ name, value }))] };
}

/** Adds the project to the object of a JSON body, as a number, unless it is named there. */
function withProject(body: WireBody | undefined, fields: [string, string][]): WireBody | undefined {
  const [project] = fields;
  if (project === undefined || body?.kind !== "json") return body;
  const [name, id] = project;
  const { text } = body;
  const sent = parseJson(text);
  if (!isObject(sent) || Object.hasOwn(sent, name)) return body;
  const rest = text.slice(text.indexOf("{") + 1);
  const value = /^\d+$/.test(id) ? id : JSON.stringify(id);
  return { kind: "json", text: `{${JSON.stringify(name)}:${value}${/^\s*\}/.test(rest) ? "" : ","}${rest}` };
}

/** Whether a request must not leave its host: it carries a secret, or content. */
export function carriesSecrets({ request, authorization, body }: PreparedRequest): boolean {
  return authorization !== undefined || body !== undefined ||
    request.query.some(([name]) => name === "token" || name === "api_key") ||
    Object.keys(request.headers ?? {}).some((name) => /^(authorization|cookie)$/i.test(name));
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
