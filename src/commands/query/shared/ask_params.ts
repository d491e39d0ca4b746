/** Asks about a report by params that are there: typed, saved, or behind an address. */
import { getBookmark, paramsObject } from "../../../api/bookmarks.ts";
import { call } from "../../../api/call.ts";
import type { FromTo } from "../../../cli/comparison.ts";
import type { Context } from "../../../cli/context.ts";
import type { Client } from "../../../client/types.ts";
import { inputError } from "../../../errors.ts";
import { jsonResult } from "../../../output/print.ts";
import { readBookmark } from "../../../reports/bookmark.ts";
import { checkReport } from "../../../reports/check.ts";
import { changedParams, type ReportChanges } from "../../../reports/changes.ts";
import type { Json } from "../../../reports/report.ts";
import { askReport, type ReportQuestion } from "./ask.ts";
import { reporting } from "./reporting.ts";
import { askAboutFlows } from "./ask_flows.ts";
import { printLink } from "./link.ts";

type Asked = Pick<ReportQuestion, "limit" | "printParams" | "serverCsv" | "link" | "curve" | "where">;

/** What is asked of the report, and how. */
export interface ParamsQuestion extends Asked {
  changes?: ReportChanges;
  /** The value of `--compare`; it needs days. */
  compare?: string;
  days?: Partial<FromTo>;
}

/** @throws MpError (input) for params of another form, and for changes that they have no place for. */
export async function askAboutParams(context: Context, params: Json, question: ParamsQuestion): Promise<void> {
  const { changes = {}, compare, days = {}, ...asked } = question;
  const changed = Object.keys(changes).length === 0
    ? params
    : reporting("--where", question.where ?? "", () => changedParams(params, changes));
  const read = changes.analysis === undefined ? undefined : readBookmark(changed);
  // Not what it counts, which has been saved so.
  if (read?.kind === "insights") checkReport({ ...read, metrics: [] });
  const { from, to } = days;
  if (compare !== undefined && (from === undefined || to === undefined)) {
    throw inputError("Cannot use --compare without days", "add --last 30d, or --from DAY --to DAY", "missing_argument");
  }
  const compared = compare === undefined ? undefined : { period: compare, days: { from: from!, to: to! } };
  if ("sections" in params) return await askReport(context, { ...asked, params: changed, compare: compared });
  if (!Array.isArray(params.steps)) {
    throw inputError(
      "Cannot ask about this report: it has neither sections nor steps, as reports had them years ago",
      "open it on the web page and save it again",
      "bad_report",
    );
  }
  if (compare !== undefined || asked.serverCsv) {
    const [what, why] = asked.serverCsv
      ? ["print the server's CSV", "it has none"]
      : ["use --compare", "they are no numbers over time"];
    throw inputError(`Cannot ${what} of flows: ${why}`, "leave it out", "bad_flags");
  }
  if (asked.printParams) return await context.print(jsonResult(changed));
  if (asked.link) return await printLink(context, "flows", changed);
  await askAboutFlows(context, changed);
}

/** What a saved report asks. It counts against no quota. */
export async function savedParams(client: Client, id: string): Promise<Json> {
  const { params } = (await call(client, getBookmark, { bookmark_id: id })).result();
  return readableParams(params, id);
}

/** Params as an object, whatever a server has them as. */
export function readableParams(params: Parameters<typeof paramsObject>[0], id: string): Json {
  const read = paramsObject(params);
  if (read !== undefined) return read;
  throw inputError(
    `Cannot ask about report ${id}: Mixpanel does not show what it asks`,
    "open it on the web page",
    "bad_report",
  );
}

/** Whether any of these flags is given. */
export const isGiven = (flags: Readonly<Record<string, unknown>>): boolean =>
  Object.values(flags).some((value) => value !== undefined);
