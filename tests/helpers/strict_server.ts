/**
 * A server made of Mixpanel's published specification: it answers only what that has, with an answer that it allows, and
 * keeps every fault of a request. What the specification has wrong is named with its reason in `openapi_differences.ts`.
 */
import { gunzipSync } from "node:zlib";
import { declarationOf, type declaredOperations } from "../../scripts/check_openapi.ts";
import type { PublishedOperation } from "../../scripts/openapi/published.ts";
import { candidates, requestFindings, type SentRequest } from "../../scripts/openapi/request.ts";
import { KNOWN_DIFFERENCES } from "../../scripts/openapi_differences.ts";
import { type RunningServer, serve } from "../../src/runtime/network/server.ts";

export interface StrictServer {
  readonly url: string;
  /** Ids of the published operations that were asked for. */
  readonly asked: Set<string>;
  readonly faults: string[];
  stop(): Promise<void>;
}

export function openStrictServer(
  published: readonly PublishedOperation[],
  declared: Awaited<ReturnType<typeof declaredOperations>>,
): StrictServer {
  const asked = new Set<string>();
  const faults: string[] = [];
  const faultsOf = (sent: SentRequest, theirs: PublishedOperation, authorization: string) => {
    const id = declarationOf(theirs, declared)?.id ?? theirs.id;
    const isKnown = (finding: string) =>
      KNOWN_DIFFERENCES.some((one) => one.operation.test(id) && one.finding.test(finding));
    const found = [...requestFindings(sent, theirs), ...credentialFaults(sent, theirs, authorization)];
    return found.filter((one) => !isKnown(one)).map((one) => `${theirs.id}: ${one}`);
  };
  const server: RunningServer = serve(async (request) => {
    const sent = await seen(request);
    const fitting = candidates(sent, published).map((theirs) => ({
      theirs,
      found: faultsOf(sent, theirs, request.headers.get("authorization") ?? ""),
    })).sort((a, b) => a.found.length - b.found.length);
    const [best] = fitting;
    if (best === undefined) {
      faults.push(`${sent.method} ${sent.path}: not published`);
      return new Response("Not Found", { status: 404 });
    }
    faults.push(...best.found);
    // One request can be all of several that share an endpoint: a change of profiles is also a batch of one.
    for (const { theirs, found } of fitting) if (found.length === 0) asked.add(theirs.id);
    const { status, contentType, body } = best.theirs.answer;
    // `1` is the answer to a request that does not ask for more.
    const isVerbose = sent.query.get("verbose")?.[0] === "1" && contentType?.startsWith("text/");
    const text = isVerbose ? '{"status":1,"error":null}' : textOf(body);
    return new Response(status === 204 ? null : text, {
      status,
      headers: contentType === undefined ? {} : { "content-type": isVerbose ? "application/json" : contentType },
    });
  }, { hostname: "127.0.0.1", port: 0 });
  return { url: `http://127.0.0.1:${server.port}`, asked, faults, stop: () => server.stop() };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
}

/** The scheme must be one of the operation's, and a project must be named wherever the credentials name none. */
function credentialFaults(sent: SentRequest, theirs: PublishedOperation, authorization: string): string[] {
  const kind = kindOf(authorization);
  const found = theirs.credentials.includes(kind) ? [] : [`credentials: ${kind} is not published`];
  if (kind === "none" && theirs.credentials.includes("none")) return [];
  const inForm = theirs.body?.shape.fields?.has("project_id") === true &&
    theirs.body.contentType === "application/x-www-form-urlencoded";
  const form = new URLSearchParams(inForm ? sent.text : "");
  const takesProject = theirs.query.has("project_id") || inForm;
  if (!takesProject) return found;
  const isNamed = sent.query.has("project_id") || form.has("project_id");
  if (kind === "ProjectSecret" && isNamed) found.push("project_id: sent beside a project secret");
  if (kind !== "ProjectSecret" && !isNamed) found.push("project_id: missing");
  return found;
}

function kindOf(authorization: string): string {
  if (authorization === "") return "none";
  if (authorization.startsWith("Bearer ")) return "OAuthToken";
  const [, password = ""] = atob(authorization.replace("Basic ", "")).split(":");
  return password === "" ? "ProjectSecret" : "ServiceAccount";
}

async function seen(request: Request): Promise<SentRequest> {
  const { pathname, searchParams } = new URL(request.url);
  const body = new Uint8Array(await request.arrayBuffer());
  const bytes = request.headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body;
  return {
    method: request.method,
    path: pathname,
    query: new Map([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)])),
    contentType: request.headers.get("content-type") ?? undefined,
    text: new TextDecoder().decode(bytes),
  };
}
