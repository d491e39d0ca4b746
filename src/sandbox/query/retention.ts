/** Who comes back, and how often. */
import { frequency, frequencyBySegment } from "../../analytics/frequency.ts";
import { retention, retentionBySegment } from "../../analytics/retention.ts";
import { timeBuckets } from "../../analytics/time_buckets.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { requiredDays } from "./days.ts";
import { eventViewOf, filterOf, report, reportClock, valueOf } from "./report.ts";

const DAY_MS = 86_400_000;
const INTERVAL_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
const MOST_DAYS = 90;

export const retentionEndpoints: SandboxEndpoint[] = [
  report("/retention", comeBack),
  report("/retention/addiction", howOften),
];

/** What `/retention` is asked, but for days and expressions. */
export function retentionFields(fields: Fields) {
  const kind = fields.choice("retention_type", ["birth", "compounded"]) ?? "birth";
  const bornEvent = fields.text("born_event");
  if (kind === "birth" && bornEvent === undefined) throw new Refusal(400, "Missing required parameter: born_event");
  const event = fields.text("event");
  const unit = fields.choice("unit", ["day", "week", "month"]);
  const interval = fields.count("interval", 1) ?? 1;
  if (unit === undefined && interval > MOST_DAYS) throw new Refusal(400, `interval must not exceed ${MOST_DAYS} days`);
  const intervalMs = interval * INTERVAL_MS[unit ?? "day"];
  const intervalCount = fields.count("interval_count", 0) ?? 1;
  const unbounded = fields.isOn("unbounded_retention");
  return { kind, bornEvent, event, unit: unit ?? "day", interval, intervalMs, intervalCount, unbounded } as const;
}

function comeBack(call: SandboxCall, fields: Fields): Response {
  const { unit, interval, ...asked } = retentionFields(fields);
  const { timeZone } = reportClock(call);
  const buckets = timeBuckets({ ...requiredDays(fields), unit, interval, timeZone });
  const bornWhere = filterOf(call, fields, "born_where");
  const where = filterOf(call, fields);
  const on = valueOf(call, fields);
  const query = { ...asked, bornWhere, where, buckets };
  return jsonAnswer(
    on === undefined
      ? retention(eventViewOf(call), query)
      : retentionBySegment(eventViewOf(call), { ...query, on, limit: fields.count("limit", 1) }),
  );
}

function howOften(call: SandboxCall, fields: Fields): Response {
  const unit = fields.choice("unit", ["day", "week", "month"]);
  const partUnit = fields.choice("addiction_unit", ["hour", "day"]);
  if (unit === undefined) throw new Refusal(400, "Missing required parameter: unit");
  if (partUnit === undefined) throw new Refusal(400, "Missing required parameter: addiction_unit");
  const event = fields.text("event");
  const where = filterOf(call, fields);
  const on = valueOf(call, fields);
  const days = { ...requiredDays(fields), timeZone: reportClock(call).timeZone };
  const query = { ...days, unit, partUnit, event, where };
  const data = on === undefined
    ? frequency(eventViewOf(call), query)
    : frequencyBySegment(eventViewOf(call), { ...query, on, limit: fields.count("limit", 1) });
  return jsonAnswer({ data });
}
