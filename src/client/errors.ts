/** From an answer that says no to an error that says why, and what to do. */
import { type ErrorCategory, MpError } from "../errors.ts";
import { doubtHint } from "./doubt.ts";
import { type Authorization, credentialPlace } from "./authorize.ts";
import { type ErrorBody, errorInSuccess, readErrorBody, seenOfChange } from "./error_body.ts";
import { RejectedRecordsError } from "./rejected_records.ts";
import type { Connection, WireRequest } from "./types.ts";
import { clockTime, formatSize, formatWait, oneLine } from "./wording.ts";

/** What an error needs to know about the request. */
export interface Exchange {
  request: Pick<WireRequest, "method" | "family" | "repeatable" | "isProbe" | "ifInDoubt">;
  /** Address that was asked, after redirects. */
  url: URL;
  connection: Pick<Connection, "region" | "baseUrl" | "projectId" | "places">;
  authorization?: Authorization;
}

interface Verdict {
  category: ErrorCategory;
  code: string;
  /** What is said after the colon. */
  state: string;
  hint?: string;
}

/** The error for an answer with an error status. */
export function statusError(
  exchange: Exchange,
  answer: { status: number; headers: Headers; text: string; retryAfterMs?: number; now: number },
): MpError {
  const { status } = answer;
  const body = readErrorBody(answer.text);
  const requestId = requestIdOf(answer.headers) ?? body.requestId;
  if (status === 400 && namesRefusals(body)) return rejectedRecords(exchange, body, status, requestId);
  const endpointMissing = (status === 404 || status === 405) && !body.isMixpanels;
  const verdict = judge(status, body, exchange, endpointMissing, answer);
  const isUnclear = status >= 500 || status === 408 || status < 400;
  const doubt = isUnclear ? doubtHint(exchange.request) : undefined;
  return new MpError(`${action(exchange)}: ${verdict.state}${blame(body)}`, {
    category: verdict.category,
    code: verdict.code,
    hint: doubt ?? verdict.hint,
    inDoubt: doubt !== undefined,
    status,
    requestId,
    serverMessage: body.message,
    serverCode: body.errorCode,
    parameter: body.parameter,
    retryAfterSeconds: answer.retryAfterMs === undefined ? undefined : Math.ceil(answer.retryAfterMs / 1000),
    endpointMissing,
    // A success all the same: what came of it may be shown once.
    ...doubt !== undefined && status < 300 && seenOfChange(answer.text),
  });
}

/** The error inside an answer whose status says success; undefined when there is none. */
export function errorInBody(
  exchange: Exchange,
  answer: { status: number; headers: Headers; text: string; now: number },
): MpError | undefined {
  const body = errorInSuccess(answer.text, exchange.request.family === "ingestion");
  if (body === undefined) return undefined;
  const requestId = requestIdOf(answer.headers) ?? body.requestId;
  if (body.importedCount !== undefined || body.failedRecords !== undefined) {
    return rejectedRecords(exchange, body, answer.status, requestId);
  }
  const verdict = byWords(body.message ?? "", exchange) ??
    (exchange.request.family === "oauth"
      ? { category: "auth" as const, code: "refused", state: "the server refused", hint: undefined }
      : { category: "input" as const, code: "refused", state: "the server refused what was sent", hint: undefined });
  return new MpError(`${action(exchange)}: ${verdict.state}${blame(body)}`, {
    category: verdict.category,
    code: verdict.code,
    hint: verdict.hint ?? (body.message === undefined ? reasonHint(exchange) : undefined),
    status: answer.status,
    requestId,
    serverMessage: body.message,
    serverCode: body.errorCode,
    parameter: body.parameter,
  });
}

/** Trackers say why only when they are asked to. */
function reasonHint({ request, url }: Exchange): string | undefined {
  if (request.family !== "ingestion") return undefined;
  return url.searchParams.get("verbose") === "1"
    ? "the server gives no reason: is the project's token right, and does each record have what it needs?"
    : "with verbose=1, as mp sends it by itself, the server says why";
}

/** The error for a stream whose server repeats the credentials in it. */
export function echoError(exchange: Exchange): MpError {
  return new MpError(`${action(exchange)}: the answer repeats the credentials that it was asked with`, {
    category: "server",
    code: "repeated_credentials",
    hint: hostHint(exchange) ?? "does something between this machine and Mixpanel intercept connections?",
  });
}

/** Most bytes of an answer that is held in memory, decompressed. What passes through has no bound. */
export const LARGEST_ANSWER_BYTES: number = 256_000_000;

/** The error for an answer that does not fit into the memory that it may take. */
export function tooLargeError(exchange: Exchange): MpError {
  const doubt = doubtHint(exchange.request);
  return new MpError(`${action(exchange)}: the answer is larger than ${formatSize(LARGEST_ANSWER_BYTES)}`, {
    category: "server",
    code: "answer_too_large",
    hint: doubt ?? "ask for less at a time: fewer days, a filter or a limit; 'mp export' has no such bound",
    inDoubt: doubt !== undefined,
  });
}

/** What the server itself calls the error, and the parameter that it is about: ` (INVALID_PARAM: from_date)`. */
function blame({ errorCode, parameter }: ErrorBody): string {
  const parts = [errorCode, parameter].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join(": ")})`;
}

/** `Cannot GET mixpanel.com/api/query/funnels`. */
export function action(exchange: Pick<Exchange, "request" | "url">): string {
  return `Cannot ${exchange.request.method} ${exchange.url.host}${oneLine(exchange.url.pathname, 200)}`;
}

/** Whether an answer says which records were refused, or how many were taken; an empty list alone says neither. */
function namesRefusals({ failedRecords, importedCount }: ErrorBody): boolean {
  return importedCount !== undefined || (failedRecords?.length ?? 0) > 0;
}

function rejectedRecords(exchange: Exchange, body: ErrorBody, status: number, requestId?: string): MpError {
  const failed = body.failedRecords ?? [];
  const state = failed.length === 0
    ? "records were refused"
    : `${failed.length === 1 ? "one record was" : `${failed.length} records were`} refused`;
  return new RejectedRecordsError(
    `${action(exchange)}: ${state}`,
    { status, requestId, serverMessage: [body.message, reasonsOf(failed)].filter(Boolean).join(": ") || undefined },
    failed,
    body.importedCount,
  );
}

const MOST_REASONS = 3;

/** The first reasons that the server gives, which come as texts or as objects. */
function reasonsOf(failed: readonly unknown[]): string {
  const reasons = failed.slice(0, MOST_REASONS).map((one) => {
    const { index, message } = (typeof one === "object" && one !== null ? one : {}) as Record<string, unknown>;
    const text = oneLine(String(message ?? (typeof one === "string" ? one : "")));
    return text === "" || index === undefined ? text : `${text} (record ${String(index)})`;
  });
  const more = failed.length > MOST_REASONS ? [`and ${failed.length - MOST_REASONS} more`] : [];
  return [...new Set(reasons.filter(Boolean)), ...more].join("; ");
}

function judge(
  status: number,
  body: ErrorBody,
  exchange: Exchange,
  endpointMissing: boolean,
  timing: { retryAfterMs?: number; now: number },
): Verdict {
  if (status === 429) return rateLimited(timing);
  const known = status < 500 ? byWords(body.message ?? "", exchange) : undefined;
  if (known !== undefined) return known;
  switch (status) {
    case 401:
      return refusedCredentials(exchange);
    case 402:
      return planLacksApi();
    case 403:
      return {
        category: "auth",
        code: "forbidden",
        state: "this is not allowed",
        hint: `${projectQuestion(exchange)} ${PROJECTS_LIST}; ${regionHint(exchange)}`,
      };
    case 404:
    case 405:
      if (endpointMissing) {
        return { category: "not_found", code: "no_endpoint", state: "no such endpoint", hint: hostHint(exchange) };
      }
      return status === 405
        ? { category: "input", code: "wrong_method", state: `${exchange.request.method} does not work here` }
        : { category: "not_found", code: "not_found", state: "not found", hint: regionHint(exchange) };
    case 407:
      return {
        category: "network",
        code: "proxy_auth",
        state: "the proxy needs credentials",
        hint: "put them into the proxy's address: http://user:password@host:port",
      };
    case 408:
      return { category: "server", code: "timeout", state: "the server gave up waiting" };
    case 410:
      return { category: "not_found", code: "gone", state: "it no longer exists" };
    case 412:
      return { category: "input", code: "script_failed", state: "the script failed" };
    case 413:
      return {
        category: "input",
        code: "too_large",
        state: "the request is too large",
        hint: "send fewer records at a time",
      };
  }
  if (status >= 500) {
    return { category: "server", code: `http_${status}`, ...unavailable(serverState(status), timing) };
  }
  if (status === 206) {
    return {
      category: "server",
      code: "partial_content",
      state: "the answer is only a part of what was asked for (206)",
      hint: hostHint(exchange) ?? "does something between this machine and Mixpanel change answers?",
    };
  }
  if (status < 400) {
    return {
      category: "server",
      code: `http_${status}`,
      state: `unexpected status ${status}`,
      hint: hostHint(exchange),
    };
  }
  return { category: "input", code: status === 400 ? "bad_request" : `http_${status}`, state: requestState(status) };
}

/** Some refusals are known by their words alone: the same words come with different statuses. */
function byWords(words: string, exchange: Exchange): Verdict | undefined {
  if (
    /rate limits? (exceeded|reached)|exceeded rate limits?|too many (export |concurrent )?(requests|queries)/i.test(
      words,
    )
  ) return rateLimited();
  if (/unable to authenticate|invalid (service account )?credentials|not a valid service account/i.test(words)) {
    return refusedCredentials(exchange);
  }
  if (/unauthori[sz]ed, invalid project secret|invalid (api|project) secret/i.test(words)) {
    return refusedCredentials(exchange);
  }
  if (/mismatch between project secret|credentials in request did not match/i.test(words)) {
    return {
      category: "auth",
      code: "wrong_project",
      state: "the credentials belong to another project",
      hint: `${projectQuestion(exchange)} ${PROJECTS_LIST}; --project ID or MP_PROJECT_ID names another`,
    };
  }
  if (/not a project member/i.test(words)) {
    return {
      category: "auth",
      code: "not_a_member",
      state: "the service account does not belong to the project",
      hint: `${
        projectQuestion(exchange)
      } ${PROJECTS_LIST}; members are added in Mixpanel under Organization Settings → Service Accounts`,
    };
  }
  if (/plan does not (support|include)|visit mixpanel\.com\/pricing/i.test(words)) return planLacksApi();
  if (/days into the past/i.test(words)) {
    return {
      category: "input",
      code: "history_limit",
      state: "the range begins before what the project's plan keeps",
      hint: "begin later with --from",
    };
  }
  if (/to_date cannot be later than today/i.test(words)) {
    return {
      category: "input",
      code: "future_date",
      state: "the range ends after today in the project's time zone",
      hint: "the project's day may begin later than yours: try --to yesterday",
    };
  }
  if (/workspace is required/i.test(words)) {
    return {
      category: "input",
      code: "missing_workspace_id",
      state: "it needs a workspace",
      hint: "add --workspace ID or set MP_WORKSPACE_ID",
    };
  }
  return undefined;
}

function rateLimited(timing?: { retryAfterMs?: number; now: number }): Verdict {
  const { state, hint } = unavailable("rate limited", timing);
  return {
    category: "rate_limited",
    code: "rate_limited",
    state,
    hint: `${hint}; 'mp limits' shows what has been used`,
  };
}

/** What passes with time, and when, as far as the server says. */
function unavailable(state: string, timing?: { retryAfterMs?: number; now: number }): Pick<Verdict, "state" | "hint"> {
  const wait = timing?.retryAfterMs;
  if (timing === undefined || wait === undefined) return { state, hint: "try again later" };
  return {
    state: `${state} until ${clockTime(timing.now + wait, timing.now)}`,
    hint: `try again in ${formatWait(wait)}`,
  };
}

function refusedCredentials(exchange: Exchange): Verdict {
  const { authorization, connection } = exchange;
  const check = authorization === undefined ? "" : `check ${credentialPlace(authorization, connection.places)}; `;
  return {
    category: "auth",
    code: "refused_credentials",
    state: "the credentials were refused",
    hint: check + regionHint(exchange),
  };
}

function planLacksApi(): Verdict {
  return {
    category: "auth",
    code: "plan_lacks_api",
    state: "the organization's plan does not include this API",
    hint: "see Organization Settings → Plan Details & Billing in Mixpanel",
  };
}

const PROJECTS_LIST = "'mp projects list' shows those that they see";

function projectQuestion({ connection }: Exchange): string {
  const { projectId, places } = connection;
  if (projectId === undefined) return "do the credentials have access to it?";
  const origin = places?.projectId === undefined ? "" : `, which ${places.projectId} names`;
  return `do the credentials have access to project ${projectId}${origin}?`;
}

/** Asking the wrong region gets no redirect, only a project that is not there. */
function regionHint(exchange: Exchange): string {
  const { region, baseUrl, places } = exchange.connection;
  if (baseUrl !== undefined) return `${baseUrlPlace(exchange)} sends everything to ${exchange.url.host}`;
  const others = (["us", "eu", "in"] as const).filter((one) => one !== region);
  if (places?.region !== undefined) {
    return `${places.region} has region ${region}; a project of another needs ${others.join(" or ")} there`;
  }
  const flags = others.map((one) => `--region ${one}`);
  return `the ${region} region was asked; a project of another needs ${flags.join(" or ")}`;
}

function hostHint(exchange: Exchange): string | undefined {
  return exchange.connection.baseUrl === undefined
    ? undefined
    : `is Mixpanel's API at ${exchange.url.host}? ${baseUrlPlace(exchange)} sends everything there`;
}

/** Where the address is set that everything goes to. */
export function baseUrlPlace({ connection: { places } }: Pick<Exchange, "connection">): string {
  return places?.baseUrl === undefined ? "MP_API_BASE_URL" : `base_url of ${places.baseUrl}`;
}

function serverState(status: number): string {
  if (status === 502 || status === 503) return `the service is unavailable (${status})`;
  return status === 504 ? "the server took too long (504)" : `the server failed (${status})`;
}

function requestState(status: number): string {
  if (status === 409) return "it conflicts with what is there";
  return status === 400 || status === 422 ? "the server refused the request" : `refused with status ${status}`;
}

function requestIdOf(headers: Headers): string | undefined {
  for (const name of ["x-request-id", "x-mp-request-id", "request-id", "x-amzn-requestid", "cf-ray"]) {
    const value = headers.get(name);
    if (value) return oneLine(value, 100);
  }
  return undefined;
}
