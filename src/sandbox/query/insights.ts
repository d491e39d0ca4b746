/** `/insights`: saved reports by their ids. */
import { dayAt } from "../../analytics/calendar.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import type { Days } from "./days.ts";
import { FUNNEL } from "./funnels.ts";
import { report, reportClock } from "./report.ts";
import { computeReport, REPORT, type SavedReport, startOf } from "./saved_report.ts";

const FUNNEL_DAYS = 30;

export const insightsEndpoints: SandboxEndpoint[] = [
  report("/insights", one),
  report("/insights", postedReport, ["POST"]),
];

function one(call: SandboxCall, fields: Fields): Response {
  const saved = savedReport(call, fields);
  const days = daysOf(call, saved.days);
  const { timeZone } = reportClock(call);
  return jsonAnswer({
    // With microseconds, as the servers have it.
    computed_at: new Date(call.nowMs).toISOString().replace("Z", "000+00:00"),
    date_range: {
      from_date: startOf(days.fromDay, timeZone),
      to_date: startOf(days.toDay, timeZone).replace("T00:00:00", "T23:59:59.999000"),
    },
    ...computeReport(call, saved, days),
  });
}

/** The undocumented form of the web application. What is wrong is told with status 200. */
function postedReport(call: SandboxCall, fields: Fields): Response {
  try {
    if (fields.text("bookmark_id") === undefined && fields.text("bookmark") !== undefined) {
      throw new Refusal(400, "the sandbox computes saved reports only: name one with bookmark_id");
    }
    return one(call, fields);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error;
    return jsonAnswer({ error: error.message });
  }
}

/** A saved report; a saved funnel is one too. */
function savedReport(call: SandboxCall, fields: Fields): SavedReport {
  const id = fields.count("bookmark_id");
  if (id === undefined) throw new Refusal(400, "Missing required parameter: bookmark_id");
  const { savedObjects } = call.store;
  const saved = savedObjects.get<SavedReport>(call.project.id, REPORT, id);
  if (saved?.days !== undefined) return saved;
  if (saved !== undefined) throw new Refusal(400, `The sandbox cannot compute report ${id}`);
  const funnel = savedObjects.get<{ name: string }>(call.project.id, FUNNEL, id);
  if (funnel === undefined) throw new Refusal(404, `Report ${id} not found`);
  return { name: funnel.name, type: "funnels", funnelId: id, days: FUNNEL_DAYS };
}

/** The last days, today included. */
function daysOf(call: SandboxCall, days: number): Days {
  const { nowMs, timeZone } = reportClock(call);
  const today = dayAt(nowMs, timeZone);
  return { fromDay: today.subtract({ days: days - 1 }).toString(), toDay: today.toString() };
}
