/** A prepared request as a `curl` command for a POSIX shell, with the names of variables in place of secrets. */
import { type Authorization, secretParameter } from "../client/authorize.ts";
import { PLACEHOLDER } from "../client/credentials.ts";
import type { PreparedRequest } from "../client/prepare.ts";
import type { FormField, WireBody } from "../client/types.ts";
import { escapeJsonForTerminal, replaceHarmful } from "../output/clean.ts";

/** Longer bodies come from a here-document: a single argument may have at most 128 KiB on Linux. */
const LONGEST_ARGUMENT = 32 * 1024;
const ENCODED_PLACEHOLDER = /%EE%80%80([A-Z_]+)%EE%80%81/g;

/** How a body is handed to curl. */
interface BodyArguments {
  flags: string[];
  /** What curl reads from standard input, and what it goes through on its way. */
  stdin?: { text: string; through?: string };
}

/** The command, with a line end. Variables in it are those of `settings/environment.ts`. */
export function curlCommand(prepared: PreparedRequest): string {
  const { request, url, headers, authorization } = prepared;
  const address = url.href.replace(ENCODED_PLACEHOLDER, "\uE000$1\uE001");
  const isPlainGet = request.method === "GET" && request.body === undefined;
  const parts = [`curl ${isPlainGet ? "" : `-X ${request.method} `}${quote(address)}`];
  // Without it, curl takes brackets for lists of addresses.
  if (/[[\]{}]/.test(address)) parts.push("-g");
  if (authorization !== undefined && secretParameter(authorization).length === 0) {
    parts.push(credentials(authorization));
  }
  if (request.streaming) parts.push("--compressed");
  const type = headers["content-type"];
  if (request.body !== undefined && type !== undefined) parts.push(`-H ${quote(`content-type: ${type}`)}`);
  for (const [name, value] of Object.entries(request.headers ?? {})) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  const { flags, stdin } = request.body === undefined ? { flags: [] } : bodyArguments(request.body);
  const command = [...parts, ...flags].join(" \\\n  ");
  if (stdin === undefined) return command + "\n";
  const { start, rest } = hereDocument(stdin.text);
  return stdin.through === undefined
    ? `${command} ${start}\n${rest}`
    : `${start} ${stdin.through} | ${command}\n${rest}`;
}

function credentials(authorization: Authorization): string {
  switch (authorization.kind) {
    case "service_account":
      return `-u ${quote(`${authorization.username}:${authorization.secret}`)}`;
    case "oauth":
      return `-H ${quote(`authorization: Bearer ${authorization.token}`)}`;
    case "client_credentials":
    case "session":
      // The access token that a POST to /oauth/token returns for MP_CLIENT_ID and MP_CLIENT_SECRET, or for a login.
      return `-H ${quote("authorization: Bearer \uE000MP_OAUTH_TOKEN\uE001")}`;
    case "project_secret":
      return `-u ${quote(`${authorization.secret}:`)}`;
    case "project_token":
      return `-u ${quote(`${authorization.token}:`)}`;
  }
}

function bodyArguments(body: WireBody): BodyArguments {
  if (body.kind === "form") return formArguments(body.fields);
  const text = "bytes" in body ? asText(body.bytes) : escapeJsonForTerminal(body.text);
  if (text === undefined) {
    const { bytes } = body as WireBody & { bytes: Uint8Array };
    return { flags: ["--data-binary @-"], stdin: { text: base64Lines(bytes), through: "base64 -d" } };
  }
  if (text.length <= LONGEST_ARGUMENT) return { flags: [`--data-raw ${quote(text)}`] };
  return { flags: ["--data-binary @-"], stdin: { text } };
}

/** The first long field comes from standard input, as it is or by way of base64. */
function formArguments(fields: readonly FormField[]): BodyArguments {
  const long = fields.find(({ value }) => value.length > LONGEST_ARGUMENT);
  const flags = fields.map((field) => {
    const { name, value, base64 } = field;
    if (field === long) return `--data-urlencode ${quote(`${name}@-`)}`;
    if (!base64) return `--data-urlencode ${quote(`${name}=${value}`)}`;
    return `--data-urlencode "${name}=$(printf %s ${quote(value)} | base64 | tr -d '\\n')"`;
  });
  if (long === undefined) return { flags };
  const encode = long.base64 ? [`base64 | tr -d '\\n'`] : [];
  if (!isHarmless(long.value)) {
    const text = base64Lines(new TextEncoder().encode(long.value));
    return { flags, stdin: { text, through: ["base64 -d", ...encode].join(" | ") } };
  }
  // The line end that a here-document has at its end does no harm to what is so long: JSON and scripts.
  return { flags, stdin: { text: long.value, through: encode[0] } };
}

/** Whether a text can be shown as it is. */
const isHarmless = (text: string): boolean => replaceHarmful(text, () => "") === text;

/**
 * Bytes as text that a shell can hold and a terminal can show; undefined when they are none, or when a line end would be
 * added to them.
 */
function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const isExact = text.length <= LONGEST_ARGUMENT || text.endsWith("\n");
    return !isHarmless(text) || !isExact ? undefined : text;
  } catch { // expected: TypeError, for bytes that are not UTF-8
    return undefined;
  }
}

function base64Lines(bytes: Uint8Array): string {
  return bytes.toBase64().replace(/.{76}/g, "$&\n");
}

/** A here-document. The shell fills in variables only where there are any, and its last line is not one of the text. */
function hereDocument(text: string): { start: string; rest: string } {
  let end = "END_OF_BODY";
  while (`\n${text}\n`.includes(`\n${end}\n`)) end += "_";
  const hasVariables = text.search(PLACEHOLDER) >= 0;
  const content = hasVariables ? text.replace(/[\\$`]/g, "\\$&").replace(PLACEHOLDER, "$${$1}") : text;
  return {
    start: hasVariables ? `<<${end}` : `<<'${end}'`,
    rest: `${content}${content.endsWith("\n") ? "" : "\n"}${end}\n`,
  };
}

/** What a terminal would obey, made by the shell itself when the command is run. */
function printed(character: string): string {
  const octal = [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `'"$(printf '${octal.join("")}')"'`;
}

/** Quotes for the shell; placeholders become variables that the shell fills in. */
function quote(text: string): string {
  // The pattern's group makes every second piece the name of a variable.
  const pieces = text.split(PLACEHOLDER).map((piece, index) => {
    if (index % 2 === 1) return `"$${piece}"`;
    return piece === "" ? "" : `'${replaceHarmful(piece.replaceAll("'", `'\\''`), printed)}'`;
  });
  return pieces.join("") || "''";
}
