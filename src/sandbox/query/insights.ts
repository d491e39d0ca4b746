/** `/insights`: questions as the web page asks them, and saved reports by their ids. (facts 2.1, 2.12) */
import { dayAt } from "../../analytics/calendar.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { savedBookmark } from "../app/saved_bookmark.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { answerParams, asAnswer, type ReportAnswer } from "./bookmarks/answer.ts";
import { type Clause, clauseOf, numberIn } from "./bookmarks/clause.ts";
import { csvOf } from "./bookmarks/csv.ts";
import { funnelAnswer } from "./bookmarks/funnels.ts";
import { rangeOfDays } from "./bookmarks/time.ts";
import { FUNNEL, type SavedFunnel, savedWindowMs, stepsOf } from "./funnels.ts";
import { eventViewOf, report, reportClock } from "./report.ts";

const FUNNEL_DAYS = 30;
/** As the web page asks. */
const DEFAULT_SEGMENTS = 3000;

export const insightsEndpoints: SandboxEndpoint[] = [
  report("/insights", (call, fields) => shown(savedAnswer(call, fields), fields)),
  report("/insights", asked, ["POST"]),
];

/**
 * `{bookmark, project_id, queryLimits: {limit}, format}`, or `bookmark_id` in place of the bookmark. Params of a wrong form
 * are refused with 400; what is wrong with what they name is told with status 200.
 */
function asked(call: SandboxCall, fields: Fields): Response {
  try {
    const params = fields.json("bookmark");
    if (params === undefined && fields.text("bookmark_id") !== undefined) {
      return shown(savedAnswer(call, fields), fields);
    }
    if (params === undefined) throw new Refusal(400, "Missing required parameter: bookmark");
    return askedReport(call, clauseOf(params, "bookmark"), fields);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    return jsonAnswer({ error: error.message });
  }
}

/** The answer to params of insights, a funnel or retention, in the form that is asked for. */
export function askedReport(call: SandboxCall, params: Clause, fields: Fields): Response {
  return shown(answerParams(call, params, segmentLimitOf(fields)), fields);
}

function shown(answer: ReportAnswer, fields: Fields): Response {
  return fields.choice("format", ["json", "csv"]) === "csv" ? csvOf(answer) : jsonAnswer(answer);
}

export function segmentLimitOf(fields: Fields): number {
  const limits = fields.json("queryLimits");
  const limit = isObject(limits) ? numberIn(limits.limit, "queryLimits.limit") : undefined;
  if (limit !== undefined && !(limit >= 1)) {
    throw new Refusal(400, "Invalid parameter queryLimits: its limit is below 1");
  }
  return limit ?? DEFAULT_SEGMENTS;
}

/** The numbers of a saved report; a saved funnel is one too. */
function savedAnswer(call: SandboxCall, fields: Fields): ReportAnswer {
  const id = fields.count("bookmark_id");
  if (id === undefined) throw new Refusal(400, "Missing required parameter: bookmark_id");
  const saved = savedBookmark(call, id);
  if (saved !== undefined) return answerParams(call, clauseOf(saved.params, "params"), segmentLimitOf(fields));
  const funnel = call.store.savedObjects.get<SavedFunnel>(call.project.id, FUNNEL, id);
  if (funnel === undefined) throw new Refusal(404, `Report ${id} not found`);
  return savedFunnelAnswer(call, funnel);
}

/** A saved funnel over the last days, today included. */
function savedFunnelAnswer(call: SandboxCall, saved: SavedFunnel): ReportAnswer {
  const { nowMs, timeZone } = reportClock(call);
  const today = dayAt(nowMs, timeZone);
  const days = { fromDay: today.subtract({ days: FUNNEL_DAYS - 1 }).toString(), toDay: today.toString() };
  const range = rangeOfDays(call, days);
  const question = { call, view: eventViewOf(call), range, limit: DEFAULT_SEGMENTS };
  const rules = { steps: stepsOf(call, saved), windowMs: savedWindowMs(saved) };
  return asAnswer(call, range, funnelAnswer(question, rules, { isTrend: false }));
}
