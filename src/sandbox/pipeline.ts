/**
 * The way of every request, in one order: find the endpoint, fail if a fault says so, ask who it is, count it, answer it,
 * and send the answer. Mixpanel's servers look at the path before the credentials, and at the credentials before the
 * quota: an unknown path is a 404 for everyone, and refused credentials cost nothing.
 */
import { EvaluationError } from "../expressions/evaluate.ts";
import { ExpressionError } from "../expressions/syntax.ts";
import { SandboxCall, type Services } from "./call.ts";
import { deliverAnswer } from "./delivery.ts";
import { jsonAnswer, type SandboxEndpoint } from "./endpoint.ts";
import { wait } from "./fault_stream.ts";
import type { Fault } from "./faults.ts";
import { requireHistory, requireProduct } from "./plan.ts";
import { type Admission, LIMIT_TEXTS } from "./quotas.ts";
import { Refusal } from "./refusal.ts";
import type { RouteMatch, Router } from "./router.ts";
import type { QuotaKey, SandboxSettings } from "./settings.ts";
import type { Project } from "./store/projects.ts";
import { openingHeaders, requireOwnName, requireVisitor } from "./visitors.ts";
import { Outcome } from "./watch/outcome.ts";
import { questionOf } from "./watch/question.ts";

/** Paths that no fault strikes. */
const CONTROLS = "/sandbox";

/** Answers a request, and tells those who watch. Never throws: what the sandbox itself gets wrong is a 500. */
export async function respond(
  request: Request,
  remoteAddress: string,
  router: Router,
  services: Services,
): Promise<Response> {
  const startMs = performance.now();
  const url = new URL(request.url);
  const isControl = url.pathname === CONTROLS || url.pathname.startsWith(`${CONTROLS}/`);
  const outcome = new Outcome();
  const answer = await answerTo(request, remoteAddress, router, services, { startMs, url, isControl, outcome });
  // Whoever watches is no news.
  if (!(request.method === "GET" && (isControl || url.pathname === "/"))) {
    services.feed.add({
      timeMs: services.clock.now(),
      method: request.method,
      path: url.pathname,
      status: answer.status,
      durationMs: Math.round(performance.now() - startMs),
    }, outcome);
  }
  return answer;
}

interface Arrival {
  startMs: number;
  url: URL;
  isControl: boolean;
  outcome: Outcome;
}

async function answerTo(
  request: Request,
  remoteAddress: string,
  router: Router,
  services: Services,
  { startMs, url, isControl, outcome }: Arrival,
): Promise<Response> {
  const { settings } = services;
  const match = router.match(request.method, url.pathname);
  const stranger = strangerRefusal(request, match, settings);
  if (stranger !== undefined) {
    outcome.refuseAll(stranger.message);
    return match.kind === "endpoint"
      ? refusalAnswer(stranger, request, match.endpoint, settings)
      : plainAnswer(stranger);
  }
  const fault = isControl ? undefined : services.faults.strike(request.method, url.pathname);
  if (fault?.kind === "slow") await wait(fault.delayMs);
  if (fault?.kind === "answer") {
    outcome.refuse("a fault that was switched on");
    return faultAnswer(fault);
  }
  if (match.kind !== "endpoint") {
    const reason = unansweredReason(match, request);
    if (reason !== undefined) outcome.refuse(reason);
    return unansweredBy(match, request, url, settings);
  }

  const { endpoint } = match;
  const mostBytes = endpoint.mostBodyBytes?.(services);
  const call = new SandboxCall(request, remoteAddress, match.path, services, mostBytes, outcome);
  let admission: Admission | undefined;
  try {
    call.access = await endpoint.access(call);
    requireProduct(call, endpoint);
    admission = await admit(call, endpoint);
    if (fault?.kind === "rate_limit") throw rateLimit(fault.retryAfterSeconds, await quotaOf(call, endpoint));
    await requireHistory(call, endpoint);
    outcome.asked = await questionOf(call);
    await prepareColumns(call, endpoint);
    const answer = await endpoint.respond(call);
    for (const [name, value] of Object.entries(admission.headers)) answer.headers.set(name, value);
    if (endpoint.surface.timesItself) {
      answer.headers.set("x-server-elapsed", ((performance.now() - startMs) / 1000).toFixed(6));
    }
    openToBrowsers(answer, request, endpoint, settings);
    const isStream = endpoint.surface.compresses === true;
    const compress = isStream && acceptsGzip(request);
    return await deliverAnswer(answer, { isStream, compress, fault, onDone: admission.release });
  } catch (error) {
    admission?.release();
    const refusal = refusalOf(error);
    if (outcome.refused.size === 0) outcome.refuseAll(refusal.message);
    return refusalAnswer(refusal, request, endpoint, settings);
  }
}

async function admit(call: SandboxCall, endpoint: SandboxEndpoint): Promise<Admission> {
  const name = await quotaOf(call, endpoint);
  const { project } = call.access;
  if (name === undefined || project === undefined) return { headers: {}, release() {} };
  const { quotas, settings } = call.services;
  return quotas.admit(scopeOf(name, call, project), name, settings.quotas, settings.rateLimitHeaders);
}

/** Flags are counted by address, schemas by organization, all else by project. */
function scopeOf(name: QuotaKey, { remoteAddress }: SandboxCall, { id, organizationId }: Project): string {
  if (name === "flags") return remoteAddress;
  return name === "lexicon" ? `organization ${organizationId}` : String(id);
}

/** Reports are computed in one go: what can be done before, in pieces, is. */
async function prepareColumns(call: SandboxCall, endpoint: SandboxEndpoint): Promise<void> {
  const name = await quotaOf(call, endpoint);
  const { project } = call.access;
  if (project !== undefined && (name === "query" || name === "jql")) await call.store.events.fill(project.id);
}

async function quotaOf(call: SandboxCall, { quota }: SandboxEndpoint): Promise<QuotaKey | undefined> {
  return typeof quota === "function" ? await quota(call) : quota;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ExpressionError || error instanceof EvaluationError) {
    return new Refusal(400, `invalid expression at character ${error.start + 1}: ${error.message}`);
  }
  return new Refusal(500, `the sandbox failed: ${error instanceof Error ? error.message : String(error)}`);
}

function refusalAnswer(
  refusal: Refusal,
  request: Request,
  endpoint: SandboxEndpoint,
  settings: SandboxSettings,
): Response {
  const body = endpoint.surface.refusalBody(refusal, request);
  const answer = jsonAnswer(body, refusal.status, refusal.details.headers);
  openToBrowsers(answer, request, endpoint, settings);
  return answer;
}

/** Why a request is refused before anything else is looked at: its Host, or the page that sends it. */
function strangerRefusal(request: Request, match: RouteMatch, settings: SandboxSettings): Refusal | undefined {
  try {
    requireOwnName(request, settings);
    // A preflight is answered for any page: without the headers that allow it, it refuses.
    if (match.kind === "endpoint") requireVisitor(request, match.endpoint.surface.visitors, settings);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function plainAnswer({ status, message }: Refusal): Response {
  return new Response(`${message}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

function rateLimit(retryAfterSeconds: number | undefined, quota: QuotaKey = "ingestion"): Refusal {
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) {
    headers["Retry-After"] = String(retryAfterSeconds);
    headers["RateLimit"] = '"project";r=0';
  }
  return new Refusal(429, LIMIT_TEXTS[quota], { headers });
}

function faultAnswer({ status, headers = {}, body = "" }: Fault & { kind: "answer" }): Response {
  if (typeof body !== "string") return jsonAnswer(body, status, headers);
  return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}

function unansweredReason(match: Exclude<RouteMatch, { kind: "endpoint" }>, request: Request): string | undefined {
  if (match.kind === "unknown") return "no such path";
  if (match.kind === "redirect" || request.method === "OPTIONS") return undefined;
  return `this path takes ${match.methods.join(" and ")} only`;
}

/** A path that nothing is at, a method that it doesn't take, a slash that is missing. None of these is JSON. */
function unansweredBy(
  match: Exclude<RouteMatch, { kind: "endpoint" }>,
  request: Request,
  url: URL,
  settings: SandboxSettings,
): Response {
  if (match.kind === "redirect") {
    return new Response(null, { status: 301, headers: { location: match.to + url.search } });
  }
  if (match.kind === "wrong_method") {
    const isPreflight = request.method === "OPTIONS" && match.endpoint.surface.visitors === "allowed";
    const answer = isPreflight
      ? new Response(null, { status: 204, headers: { "access-control-allow-methods": match.methods.join(", ") } })
      : new Response("Method Not Allowed\n", { status: 405, headers: { allow: match.methods.join(", ") } });
    openToBrowsers(answer, request, match.endpoint, settings);
    return answer;
  }
  if (!url.pathname.startsWith("/api/")) {
    return new Response("404 page not found\n", { status: 404, headers: { "content-type": "text/plain" } });
  }
  const page = "<!DOCTYPE html><html><head><title>404</title></head><body><h1>Page not found</h1></body></html>\n";
  return new Response(page, { status: 404, headers: { "content-type": "text/html; charset=utf-8" } });
}

function openToBrowsers(
  answer: Response,
  request: Request,
  { surface }: SandboxEndpoint,
  settings: SandboxSettings,
): void {
  const headers = openingHeaders(request, surface.visitors, settings);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
}

function acceptsGzip(request: Request): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers.get("accept-encoding") ?? "");
}
