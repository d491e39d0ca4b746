/** A prepared request as a `curl` command for a POSIX shell, with the names of variables in place of secrets. */
import type { Authorization } from "../client/authorize.ts";
import { PLACEHOLDER } from "../client/credentials.ts";
import type { PreparedRequest } from "../client/prepare.ts";
import type { WireBody } from "../client/types.ts";

/** Longer bodies come from a here-document: a single argument may have at most 128 KiB on Linux. */
const LONGEST_ARGUMENT = 32 * 1024;
const ENCODED_PLACEHOLDER = /%EE%80%80([A-Z_]+)%EE%80%81/g;

/** The command, with a line end. Variables in it are those of `settings/environment.ts`. */
export function curlCommand(prepared: PreparedRequest): string {
  const { request, url, headers, authorization } = prepared;
  const address = url.href.replace(ENCODED_PLACEHOLDER, "\uE000$1\uE001");
  const parts = [`curl ${request.method === "GET" ? "" : `-X ${request.method} `}${quote(address)}`];
  if (authorization !== undefined) parts.push(credentials(authorization));
  if (request.streaming) parts.push("--compressed");
  const type = headers["content-type"];
  if (request.body !== undefined && type !== undefined) parts.push(`-H ${quote(`content-type: ${type}`)}`);
  for (const [name, value] of Object.entries(request.headers ?? {})) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  const { flags, document } = request.body === undefined ? { flags: [], document: "" } : bodyFlags(request.body);
  return [...parts, ...flags].join(" \\\n  ") + document + "\n";
}

function credentials(authorization: Authorization): string {
  switch (authorization.kind) {
    case "service_account":
      return `-u ${quote(`${authorization.username}:${authorization.secret}`)}`;
    case "oauth":
      return `-H ${quote(`authorization: Bearer ${authorization.token}`)}`;
    case "client_credentials":
      // The access token that a POST to /oauth/token returns for MP_CLIENT_ID and MP_CLIENT_SECRET.
      return `-H ${quote("authorization: Bearer \uE000MP_OAUTH_TOKEN\uE001")}`;
    case "project_secret":
      return `-u ${quote(`${authorization.secret}:`)}`;
    case "project_token":
      return `-u ${quote(`${authorization.token}:`)}`;
  }
}

function bodyFlags(body: WireBody): { flags: string[]; document: string } {
  if (body.kind === "form") {
    const flags = body.fields.map(({ name, value, base64 }) =>
      base64
        ? `--data-urlencode "${name}=$(printf %s ${quote(value)} | base64 | tr -d '\\n')"`
        : `--data-urlencode ${quote(`${name}=${value}`)}`
    );
    return { flags, document: "" };
  }
  const text = body.kind === "raw" ? new TextDecoder().decode(body.bytes) : body.text;
  if (text.length <= LONGEST_ARGUMENT) return { flags: [`--data-raw ${quote(text)}`], document: "" };
  const end = text.endsWith("\n") ? "" : "\n";
  return { flags: ["--data-binary @-"], document: ` <<'END_OF_BODY'\n${text}${end}END_OF_BODY` };
}

/** Quotes for the shell; placeholders become variables that the shell fills in. */
function quote(text: string): string {
  const quoted = `'${text.replaceAll("'", `'\\''`)}'`;
  return quoted.replace(PLACEHOLDER, `'"$$$1"'`).replace(/''(?=")/g, "").replace(/(?<=")''/g, "");
}
