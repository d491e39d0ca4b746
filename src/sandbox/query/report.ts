/** What all reports on events have in common: their view, their buckets, their answers. */
import type { CountType } from "../../analytics/count_type.ts";
import type { EventView } from "../../analytics/rows/event_view.ts";
import type { RowFilter, RowValue } from "../../analytics/rows/row_value.ts";
import type { Series } from "../../analytics/series.ts";
import { type Buckets, recentBuckets, timeBuckets, type TimeUnit } from "../../analytics/time_buckets.ts";
import { projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { type HttpMethod, jsonAnswer, type SandboxEndpoint, textAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { storedTimeMs, storedZone } from "../ingestion/event_time.ts";
import { Refusal } from "../refusal.ts";
import type { Project } from "../store/projects.ts";
import { querySurface } from "../surfaces.ts";
import { optionalDays } from "./days.ts";
import { rowFilter, rowValue } from "./expressions.ts";

export const UNITS = ["minute", "hour", "day", "week", "month"] as const;

/** A report's line in the table: read with the project's credentials, counted as a query, answered by its parameters. */
export function report(
  path: string,
  answer: (call: SandboxCall, fields: Fields) => Response | Promise<Response>,
  methods: readonly HttpMethod[] = ["GET"],
): SandboxEndpoint {
  const respond = async (call: SandboxCall) => answer(call, await call.fields());
  return { methods, path, surface: querySurface, access: projectReader, quota: "query", respond };
}

/** What the days of a report depend on. */
export interface ReportCall {
  nowMs: number;
  project: Pick<Project, "timeZone" | "storesLocalTime">;
}

/** Now, and the zone of its days, on the clock that the project's stored times are on. */
export function reportClock({ nowMs, project }: ReportCall): { nowMs: number; timeZone: string } {
  return { nowMs: storedTimeMs(nowMs, project), timeZone: storedZone(project) };
}

export function countTypeOf(fields: Fields): CountType {
  return fields.choice("type", ["general", "unique", "average"]) ?? "general";
}

/** Buckets of a range of days, or of the last `interval` units when the request has no range. */
export function bucketsOf(call: SandboxCall, fields: Fields): Buckets {
  const unit = fields.choice("unit", UNITS) ?? "day";
  const days = optionalDays(fields);
  if (days !== undefined) return timeBuckets({ ...days, unit, timeZone: reportClock(call).timeZone });
  const interval = fields.count("interval", 1);
  if (interval === undefined) throw new Refusal(400, "Missing required parameter: from_date");
  return recentBuckets({ interval, unit: unit as TimeUnit, ...reportClock(call) });
}

/** The project's events. */
export function eventViewOf({ store, project }: SandboxCall): EventView {
  return store.views.of(project.id);
}

/** The `where` of a request, if any. */
export function filterOf(call: SandboxCall, fields: Fields, name = "where"): RowFilter | undefined {
  const text = fields.text(name);
  return text === undefined ? undefined : rowFilter(call, eventViewOf(call), text);
}

/** The `on` of a request, if any. */
export function valueOf(call: SandboxCall, fields: Fields): RowValue | undefined {
  const text = fields.text("on");
  return text === undefined ? undefined : rowValue(call, eventViewOf(call), text);
}

/** `{data: {series, values}, legend_size}`, or the same as CSV: a line a date, a column a key. */
export function seriesAnswer(series: Series, fields: Fields): Response {
  const keys = Object.keys(series.values);
  if (fields.choice("format", ["json", "csv"]) !== "csv") {
    return jsonAnswer({ data: series, legend_size: keys.length });
  }
  const rows = [
    ["date", ...keys],
    ...series.series.map((date) => [date, ...keys.map((key) => series.values[key][date])]),
  ];
  return csvAnswer(rows);
}

/** Rows as CSV, the first of them the header. */
export function csvAnswer(rows: readonly (readonly unknown[])[]): Response {
  return textAnswer(rows.map((row) => `${row.map(csvField).join()}\n`).join(""), "text/csv; charset=utf-8");
}

function csvField(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
