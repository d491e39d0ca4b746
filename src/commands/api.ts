import { z } from "zod";
import { projectPlace } from "../api/operation.ts";
import { text } from "../api/params.ts";
import { shellWord } from "../runtime/shell_word.ts";
import { readAssignment } from "../cli/assignments.ts";
import { type Command, command, type Entry } from "../cli/command.ts";
import { jsonResult } from "../output/print.ts";
import type { Context } from "../cli/context.ts";
import { outputPath, refuseReportFormat } from "../cli/format_choice.ts";
import type { Method, WireBody, WireRequest } from "../client/types.ts";
import { inputError } from "../errors.ts";
import { fileTarget, pipeTarget } from "../jobs/target.ts";
import { parseJson, stringifyJson } from "../streams/json/json.ts";
import { findEndpoint } from "./api/shared/endpoint.ts";
import { listOperations } from "./api/shared/list.ts";
import { operationRows } from "./api/shared/listed_operation.ts";

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const input = z.object({
  method: text("GET, POST, PUT, PATCH or DELETE; default GET, or POST with --data").optional(),
  path: text("Path with its prefix: /api/app/me; {project_id} and {workspace_id} are filled in").optional(),
  list: z.boolean().default(false).meta({ description: "List every operation that mp knows" }),
  field: z.array(z.string()).optional().meta({
    short: "F",
    placeholder: "NAME=TEXT",
    description: "A parameter, or NAME:=JSON: in the query string of a GET, else in the body",
  }),
  query: z.array(z.string()).optional().meta({
    placeholder: "NAME=TEXT",
    description: "A parameter of the query string, whatever the method",
  }),
  data: z.unknown().optional().meta({ input: "json", description: "JSON body: text, @FILE, or - for standard input" }),
  form: z.boolean().default(false).meta({ description: "Send the fields as a form instead of JSON" }),
  header: z.array(z.string()).optional().meta({ short: "H", placeholder: "NAME: VALUE", description: "A header" }),
});
type ApiInput = z.output<typeof input>;

/** The command `mp api`. `commands` gives the tree that it is in, whose commands `--list` names. */
export const apiCommand = (commands: () => readonly Entry[]): Command<typeof input> =>
  command({
    description:
      "Calls any endpoint with the account's credentials, on the host that its path belongs to, and prints the " +
      "answer. An endpoint that is not declared is called as typed.",
    args: ["method", "path"],
    examples: [
      { text: "Who am I to Mixpanel?", run: "mp api GET /api/app/me" },
      { text: "A query by hand", run: "mp api GET /api/query/events/names -F type=general -F limit:=10" },
      { text: "Every operation, as a table", run: "mp api --list" },
    ],
    input,
    run: (context, input) => input.list ? list(context, commands()) : send(context, input),
  });

async function list(context: Context, commands: readonly Entry[]): Promise<void> {
  const operations = await listOperations(commands);
  await context.print(jsonResult(operations, { rows: operationRows(operations) }));
}

async function send(context: Context, input: ApiInput): Promise<void> {
  const client = await context.client();
  const { method, path } = methodAndPath(input);
  const mark = path.indexOf("?");
  const [bare, search] = mark < 0 ? [path, ""] : [path.slice(0, mark), path.slice(mark + 1)];
  const filled = bare.replace(/\{(project_id|workspace_id)\}/g, (whole, name: string) => {
    const value = name === "project_id" ? client.connection.projectId : client.connection.workspaceId;
    if (value === undefined) throw inputError(`Cannot fill in ${whole}: it is not set`, "see 'mp whoami'");
    return value;
  });
  const endpoint = await findEndpoint(method, filled);
  const fields = (input.field ?? []).map(readAssignment);
  const inQuery = method === "GET" ? fields : [];
  const request: WireRequest = {
    method,
    family: endpoint.family,
    path: endpoint.path,
    query: [
      ...new URLSearchParams(search),
      ...[...inQuery, ...(input.query ?? []).map(readAssignment)].map(asText),
    ],
    headers: readHeaders(input.header ?? []),
    body: bodyOf(method, input, fields),
    auth: endpoint.auth,
    projectIn: projectPlace(endpoint, endpoint.operation),
    quota: endpoint.operation?.quota ?? (endpoint.family.startsWith("query") ? "query" : undefined),
    repeatable: endpoint.operation?.repeatable ?? method === "GET",
    // Nobody knows what an endpoint tells that is not declared.
    makesSecret: endpoint.operation === undefined ? method !== "GET" : endpoint.operation.makesSecret,
    streaming: endpoint.operation?.answer === "lines",
    ifInDoubt: `look whether it was done, for example with: mp api GET ${shellWord(path)}`,
  };
  if (request.streaming) refuseReportFormat(context, "a stream of lines");
  const answer = await client.send(request);
  if (request.streaming && context.globals.jq === undefined) return await copy(context, answer.stream());
  const body = await answer.text();
  await context.print({ text: body, data: dataOf(body) });
}

/** Hands a stream on as it comes, to standard output or into a file that has its name when it is whole. */
async function copy(context: Context, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const path = outputPath(context);
  if (path === undefined) return await pipeTarget(context.stdout).take(bytes);
  await (await fileTarget(path)).take(bytes);
  await context.note(`Wrote ${path}`);
}

/** `mp api /api/app/me` and `mp api GET /api/app/me` are the same. */
function methodAndPath({ method, path, data }: ApiInput): { method: Method; path: string } {
  if (method === undefined) throw inputError("Cannot call an endpoint: no path is given", "mp api GET /api/app/me");
  const word = method.toUpperCase();
  if (METHODS.includes(word)) {
    if (path === undefined) throw inputError(`Cannot call ${word}: no path is given`, `mp api ${word} /api/app/me`);
    return { method: word as Method, path };
  }
  if (path !== undefined) throw inputError(`Cannot use method ${method}: not one of ${METHODS.join(", ")}`);
  return { method: data === undefined ? "GET" : "POST", path: method };
}

function bodyOf(method: Method, { data, form }: ApiInput, fields: [string, unknown][]): WireBody | undefined {
  if (method === "GET") {
    if (data === undefined && !form) return undefined;
    throw inputError(
      `Cannot use ${form ? "--form" : "--data"} with GET: it has no body`,
      "give parameters of the query string by --field or --query",
    );
  }
  if (data !== undefined && fields.length > 0) {
    throw inputError("Cannot use --data together with --field", "put parameters beside a body with --query");
  }
  if (data !== undefined && form) {
    throw inputError("Cannot use --data with --form: a form has fields", "give each of them with --field NAME=TEXT");
  }
  if (data !== undefined) return { kind: "json", text: stringifyJson(data) };
  if (fields.length === 0) return undefined;
  if (!form) return { kind: "json", text: stringifyJson(Object.fromEntries(fields)) };
  return { kind: "form", fields: fields.map(asText).map(([name, value]) => ({ name, value })) };
}

function asText([name, value]: [string, unknown]): [string, string] {
  return [name, typeof value === "string" ? value : stringifyJson(value)];
}

function readHeaders(lines: string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    if (colon < 1) throw inputError(`Cannot use --header ${JSON.stringify(line)}: not NAME: VALUE`);
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  }));
}

function dataOf(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
