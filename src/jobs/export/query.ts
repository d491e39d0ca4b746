/** What an export asks for, apart from how it is divided. */
import type { z } from "zod";
import type { exportEvents as operation } from "../../api/export.ts";
import { familyUrl } from "../../client/hosts.ts";
import type { Client, Connection } from "../../client/types.ts";
import { sha256Hex } from "../../runtime/hash.ts";
import type { DayRange } from "./days.ts";

export type ExportParams = z.input<typeof operation.params>;

/** Which events are wanted. */
export interface ExportQuery extends DayRange {
  event?: string[];
  where?: string;
  time_in_ms?: boolean;
  /** At most so many events, of the server's choice: one request for all days. */
  limit?: number;
  page?: number;
}

/** An export's query as a manifest has it: whose events, and which. */
export interface RecordedQuery {
  host: string;
  project?: string;
  from_date: string;
  to_date: string;
  event?: string[];
  where?: string;
  time_in_ms: boolean;
  limit?: number;
  page?: number;
}

/** The parameters of the request for a slice. */
export function sliceParams(query: ExportQuery, slice: DayRange): ExportParams {
  const { event, where, time_in_ms, limit, page } = query;
  return { from_date: slice.from, to_date: slice.to, event, where, time_in_ms, limit, page };
}

export function recordedQuery({ connection }: Client, query: ExportQuery): RecordedQuery {
  const { from, to, event, where, time_in_ms = false, limit, page } = query;
  return {
    host: new URL(familyUrl("export", connection)).hostname,
    project: projectOf(connection),
    from_date: from,
    to_date: to,
    event: event === undefined ? undefined : [...event].sort(),
    where,
    time_in_ms,
    limit,
    page,
  };
}

/** Tells two queries apart, whatever their range: what was fetched for one serves another with the same text. */
export function queryFingerprint(query: RecordedQuery): string {
  const { from_date: _from, to_date: _to, ...rest } = query;
  return sha256Hex(JSON.stringify(rest, Object.keys(rest).sort())).slice(0, 16);
}

/** A project secret names its project without saying which; its hash tells it from others and does not give it away. */
export function projectOf({ projectId, credentials: { projectSecret } }: Connection): string | undefined {
  return projectId ?? (projectSecret && `secret:${sha256Hex(projectSecret).slice(0, 12)}`);
}
