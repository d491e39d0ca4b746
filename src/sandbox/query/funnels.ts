/** Saved funnels, and how far people get in them. */
import { funnel, funnelBySegment } from "../../analytics/funnels/funnel.ts";
import type { FunnelStep } from "../../analytics/funnels/funnel_rules.ts";
import { everyOf } from "../../analytics/rows/row_filters.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import { savedBookmark } from "../app/saved_bookmark.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { type Rules, rulesOfReport } from "./bookmarks/funnels.ts";
import { rangeOfDays } from "./bookmarks/time.ts";
import { type Days, requiredDays } from "./days.ts";
import { rowFilter } from "./expressions.ts";
import { eventViewOf, filterOf, report, reportClock, valueOf } from "./report.ts";

const LENGTH_UNITS_MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
type LengthUnit = keyof typeof LENGTH_UNITS_MS;
const MOST_LENGTH_MS = 90 * LENGTH_UNITS_MS.day;
const MOST_SEGMENTS = 10_000;
/** How long people have for a saved funnel that does not say it. */
export const DEFAULT_LENGTH_DAYS = 7;

/** The kind of saved objects that funnels are. */
export const FUNNEL = "funnel";

/** A funnel as it is saved, under its id. */
export interface SavedFunnel {
  name: string;
  steps: readonly (string | { event: string; where?: string })[];
  /** How long people have for it. Default: 7 days, as in Mixpanel's web application. */
  length?: number;
  length_unit?: LengthUnit;
}

export const funnelEndpoints: SandboxEndpoint[] = [report("/funnels/list", list), report("/funnels", one)];

function list({ store, project }: SandboxCall): Response {
  const funnels = store.savedObjects.list<SavedFunnel>(project.id, FUNNEL);
  return jsonAnswer(funnels.map(({ id, body }) => ({ funnel_id: id, name: body.name })));
}

function one(call: SandboxCall, fields: Fields): Response {
  const id = fields.count("funnel_id");
  if (id === undefined) throw new Refusal(400, "Missing required parameter: funnel_id");
  const days = requiredDays(fields);
  const saved = savedRules(call, id, days);
  const unit = fields.choice("unit", ["day", "week", "month"]);
  const interval = unit === undefined ? fields.count("interval", 1) : undefined;
  const buckets = timeBuckets({ ...days, unit: unit ?? "day", interval, timeZone: reportClock(call).timeZone });
  const where = everyOf([saved.where, filterOf(call, fields)].filter((one) => one !== undefined));
  const on = valueOf(call, fields);
  const rules = { ...saved, buckets, windowMs: lengthOf(fields, saved.windowMs), where };
  const limit = Math.min(fields.count("limit", 1) ?? 255, MOST_SEGMENTS);
  const view = eventViewOf(call);
  const data = on === undefined ? funnel(view, rules) : funnelBySegment(view, { ...rules, on, limit });
  return jsonAnswer({ meta: { dates: buckets.keys }, data });
}

/** A saved funnel's steps. */
export function stepsOf(call: SandboxCall, saved: SavedFunnel): FunnelStep[] {
  return saved.steps.map((step) => {
    const { event, where } = typeof step === "string" ? { event: step } : step;
    return { event, where: where === undefined ? undefined : rowFilter(call, eventViewOf(call), where) };
  });
}

/** How long people have for a saved funnel, when nobody says otherwise. */
export function savedWindowMs({ length = DEFAULT_LENGTH_DAYS, length_unit = "day" }: SavedFunnel): number {
  return length * LENGTH_UNITS_MS[length_unit];
}

/** Of a saved funnel, or of a report that is one. (facts 2.12) */
function savedRules(call: SandboxCall, id: number, days: Days): Rules {
  const saved = call.store.savedObjects.get<SavedFunnel>(call.project.id, FUNNEL, id);
  if (saved !== undefined) return { steps: stepsOf(call, saved), windowMs: savedWindowMs(saved) };
  const report = savedBookmark(call, id);
  const question = { call, view: eventViewOf(call), range: rangeOfDays(call, days), limit: MOST_SEGMENTS };
  const rules = report?.type === "funnels" ? rulesOfReport(question, report.params) : undefined;
  if (rules === undefined) throw new Refusal(404, `Funnel ${id} not found`);
  return rules;
}

function lengthOf(fields: Fields, ownMs: number): number {
  const length = fields.count("length", 1);
  const unit = fields.choice("length_unit", ["second", "minute", "hour", "day"]) ?? "day";
  const lengthMs = length === undefined ? ownMs : length * LENGTH_UNITS_MS[unit];
  if (lengthMs > MOST_LENGTH_MS) throw new Refusal(400, "length must not be longer than 90 days");
  return lengthMs;
}
