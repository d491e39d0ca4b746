/** From an operation and its parameters to a request: where each parameter goes, and how it is written. */
import type { z } from "zod";
import { inputError, MpError } from "../errors.ts";
import { unsentTokenError } from "../client/authorize.ts";
import { lookHint } from "../client/doubt.ts";
import type { Connection, FormField, WireBody, WireRequest } from "../client/types.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { type BodyRule, type Operation, paramNames, projectPlace, type Route } from "./operation.ts";
import { withOwnNames } from "./own_names.ts";
import { type Encoding, listedBy, paramMeta } from "./params.ts";
import { problem } from "./problems.ts";

type Values = Record<string, unknown>;

/**
 * Checks parameters against the operation's schema.
 *
 * @throws MpError (input) that names each offending parameter by its flag, before anything is sent.
 */
export function checkParams<P extends z.ZodObject>(
  operation: Operation<P>,
  values: z.input<P>,
  called?: (key: string) => string | undefined,
): z.output<P> {
  return checkAgainst(operation.params, values, `call ${operation.id}`, called);
}

/**
 * Checks values against any object schema; `action` is what could not be done, and `called` names a value as the user
 * knows it, by its flag unless said otherwise.
 */
export function checkAgainst<P extends z.ZodObject>(
  schema: P,
  values: unknown,
  action: string,
  called: (key: string) => string | undefined = () => undefined,
): z.output<P> {
  // To compile a reader of a schema takes longer than to check a few values by it.
  const outcome = schema.safeParse(values, { reportInput: true, jitless: true });
  if (outcome.success) return withOwnNames(outcome.data, values);
  const problems = outcome.error.issues.map((issue) => {
    const [head, ...rest] = issue.path;
    const field = head === undefined ? undefined : (schema.shape as Record<string, z.ZodType>)[String(head)];
    const flag = field === undefined ? String(head ?? "") : paramNames(String(head), field).flag;
    const name = (head === undefined ? undefined : called(String(head))) ?? flag;
    const list = field === undefined ? undefined : listedBy(paramMeta(field));
    // Of one that is not in a list of words, the value is told.
    const isWord = issue.code === "invalid_value" && rest.length === 1 && typeof rest[0] === "number";
    const inner = isWord ? [] : rest;
    return { told: problem([name, ...inner.map(String)].filter((part) => part !== "").join("."), issue), list };
  });
  const list = problems.find((one) => one.list !== undefined)?.list;
  throw inputError(
    `Cannot ${action}: ${problems.map(({ told }) => told).join("; ")}`,
    list && `'${list}' shows what there is`,
    "bad_parameter",
  );
}

/** The requests to try in order: one for each route, and for the query family one for each prefix. */
export function buildRequests(operation: Operation, params: Values, connection: Connection): WireRequest[] {
  const routes = operation.routes.flatMap((one): Route[] =>
    one.family === "query" ? [one, { ...one, family: "query_old" }] : [one]
  );
  return routes.map((one) => buildRequest(operation, one, params, connection));
}

function buildRequest(operation: Operation, route: Route, params: Values, connection: Connection): WireRequest {
  const shape = operation.params.shape as Record<string, z.ZodType>;
  const remaining = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const value = remaining.get(name) ?? fromConnection(name, connection);
    remaining.delete(name);
    if (value === undefined) throw missing(name, operation);
    return encodeURIComponent(String(value));
  });
  const rule = carriesBody(operation, route) ? operation.body ?? { kind: "json" as const } : undefined;
  const query: [string, string][] = [];
  const fields: [string, unknown, Encoding][] = [];
  for (const [name, given] of remaining) {
    const value = route.write?.[name]?.(given) ?? given;
    const meta = shape[name] === undefined ? {} : paramMeta(shape[name]);
    const wire = route.rename?.[name] ?? meta.wire ?? name;
    const encoding = meta.encoding ?? "text";
    if (rule === undefined || operation.inQuery?.includes(name)) query.push(...encode(wire, value, encoding));
    else if (rule.of === undefined || rule.of === name) fields.push([wire, value, encoding]);
  }
  const knownToken = connection.credentials.projectToken;
  if (operation.token === "query") query.push(["token", projectToken(connection, operation)]);
  else if (operation.token === "query_if_known" && knownToken !== undefined) query.push(["token", knownToken]);
  return {
    method: route.method,
    family: route.family,
    path,
    query,
    body: rule === undefined ? undefined : buildBody(rule, withToken(operation, fields, connection)),
    auth: [...operation.auth],
    projectIn: projectPlace(route, operation),
    quota: operation.quota,
    repeatable: operation.repeatable ?? route.method === "GET",
    ...redirectOf(operation, params),
    ...operation.makesSecret && { makesSecret: true },
    streaming: operation.answer === "lines",
    ifInDoubt: operation.look === undefined ? undefined : lookHint(operation.look, params),
  };
}

function redirectOf({ redirect }: Operation, params: Values): Pick<WireRequest, "expectedRedirect"> {
  const address = redirect === undefined ? undefined : params[redirect];
  return typeof address === "string" ? { expectedRedirect: address } : {};
}

/** Puts the project token where trackers have it: in an event's properties, or beside an update's `$distinct_id`. */
function withToken(
  operation: Operation,
  fields: [string, unknown, Encoding][],
  connection: Connection,
): [string, unknown, Encoding][] {
  if (operation.token !== "payload") return fields;
  const fill = (record: unknown): unknown => {
    if (typeof record !== "object" || record === null) return record;
    const properties = "properties" in record ? record.properties as Values : undefined;
    if (properties === undefined) {
      return "$token" in record ? record : { $token: projectToken(connection, operation), ...record };
    }
    return "token" in properties
      ? record
      : { ...record, properties: { token: projectToken(connection, operation), ...properties } };
  };
  return fields.map((
    [name, value, encoding],
  ) => [name, Array.isArray(value) ? value.map(fill) : fill(value), encoding]);
}

/** The project token, or an error that says where to get one. */
function projectToken(connection: Connection, { routes: [route] }: Pick<Operation, "routes">): string {
  const token = connection.credentials.projectToken;
  if (token !== undefined) return token;
  throw unsentTokenError(route, connection) ??
    new MpError(`Cannot call ${route.method} ${route.path}: no project token is set`, {
      category: "auth",
      code: "missing_credentials",
      hint: "set MP_TOKEN; the token is in Mixpanel under Project Settings → Overview → Access Keys",
    });
}

function buildBody(rule: BodyRule, fields: [string, unknown, Encoding][]): WireBody | undefined {
  const whole = rule.of === undefined ? Object.fromEntries(fields) : fields[0]?.[1];
  if (rule.base64Field !== undefined) {
    const value = whole instanceof Uint8Array ? listOf(whole) : stringifyJson(whole);
    return { kind: "form", fields: [{ name: rule.base64Field, value, base64: true }] };
  }
  switch (rule.kind) {
    case "json":
      return whole === undefined || (rule.ifAny && fields.length === 0)
        ? undefined
        : { kind: "json", text: stringifyJson(whole) };
    case "ndjson":
      return { kind: "ndjson", bytes: linesOf(whole), gzip: rule.gzip ?? false };
    case "form":
      return {
        kind: "form",
        fields: fields.flatMap((field) => encode(...field)).map(([name, value]): FormField => ({ name, value })),
      };
    case "raw": {
      const bytes = whole instanceof Uint8Array ? whole : new TextEncoder().encode(String(whole ?? ""));
      return { kind: "raw", contentType: rule.contentType ?? "application/octet-stream", bytes };
    }
  }
}

/** Records arrive as values, as lines that are JSON already, or as the bytes of all lines. */
function linesOf(records: unknown): Uint8Array {
  if (records instanceof Uint8Array) return records;
  const lines = (records as unknown[]).map((one) => typeof one === "string" ? one : stringifyJson(one));
  return new TextEncoder().encode(lines.join("\n") + "\n");
}

/** Lines of JSON as the text of a list. */
function listOf(lines: Uint8Array): string {
  return `[${new TextDecoder().decode(lines).trimEnd().replaceAll("\n", ",")}]`;
}

/** A parameter where only text fits: once, or once for each of its values. */
function encode(name: string, value: unknown, encoding: Encoding): [string, string][] {
  if (encoding === "repeat") return (value as unknown[]).map((one) => [name, String(one)]);
  if (encoding === "json") return [[name, stringifyJson(value)]];
  if (encoding === "bit") return [[name, value ? "1" : "0"]];
  return [[name, String(value)]];
}

/** A GET never has a body; a DELETE has one only when its operation declares it. */
function carriesBody(operation: Operation, route: Route): boolean {
  return route.method === "DELETE" ? operation.body !== undefined : route.method !== "GET";
}

function fromConnection(name: string, connection: Connection): string | undefined {
  if (name === "project_id") return connection.projectId;
  if (name === "workspace_id") return connection.workspaceId;
  return undefined;
}

function missing(name: string, operation: Operation): MpError {
  const variable = name === "project_id" ? "MP_PROJECT_ID" : name === "workspace_id" ? "MP_WORKSPACE_ID" : undefined;
  const flag = name === "project_id"
    ? "--project ID"
    : name === "workspace_id"
    ? "--workspace ID"
    : `--${name.replaceAll("_", "-")}`;
  return inputError(
    `Cannot call ${operation.id}: no ${name.replace("_id", "").replaceAll("_", " ")} is set`,
    variable === undefined
      ? `add ${flag}`
      : `add ${flag} or set ${variable}; 'mp projects list' shows what you can see`,
    `missing_${name}`,
  );
}
