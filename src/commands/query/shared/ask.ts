/** Asks Mixpanel about a report by its JSON, and prints the answer: the one way of all questions that are asked so. */
import { call } from "../../../api/call.ts";
import { askInsights, askInsightsCsv } from "../../../api/insights.ts";
import type { Client } from "../../../client/types.ts";
import { comparedRange, type FromTo } from "../../../cli/comparison.ts";
import type { Context } from "../../../cli/context.ts";
import { printsServerText, refuseReportFormat } from "../../../cli/format_choice.ts";
import { nothingCounted, nothingSplit } from "../../../cli/nothing_counted.ts";
import { ifUnderstood, type Presentation } from "../../../cli/operation_command.ts";
import { dataView } from "../../../cli/scope.ts";
import { inputError } from "../../../errors.ts";
import { quote } from "../../../expressions/print.ts";
import { jsonResult, type Result } from "../../../output/print.ts";
import { readBookmark, writeBookmark } from "../../../reports/bookmark.ts";
import { changedParams } from "../../../reports/changes.ts";
import { checkReport } from "../../../reports/check.ts";
import type { Json, SectionsReport } from "../../../reports/report.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { type AskedAnswer, OVER_TIME, presentAsked } from "./asked_shapes.ts";
import { reporting } from "./reporting.ts";
import { printLink } from "./link.ts";
import { countsNothing, presentReport, type Tree } from "./report_shapes.ts";
import { noteUnpublished } from "./unpublished_note.ts";

/** Segments that come when nobody says how many: as many as the web page asks for. */
const USUAL_SEGMENTS = 3000;

export interface ReportQuestion {
  /** The report, or the JSON of one that this program need not understand. */
  report?: SectionsReport;
  params?: Json;
  /** The expression of `--where`, for what is said of it. */
  where?: string;
  limit?: number;
  printParams?: boolean;
  serverCsv?: boolean;
  /** Make a link in place of asking. */
  link?: boolean;
  curve?: boolean;
  /** The value of `--compare`, and the days that it compares. */
  compare?: { period: string; days: FromTo };
}

/** @throws MpError (input) for what Mixpanel would refuse, before anything is sent. */
export async function askReport(context: Context, question: ReportQuestion): Promise<void> {
  const { report = readBookmark(question.params ?? {}), printParams, serverCsv, compare } = question;
  if (question.report !== undefined) checkReport(question.report);
  const params = question.params ?? reportJson(question.report!, question.where);
  if (printParams) return await context.print(jsonResult(params));
  if (question.link) return await printLink(context, report?.kind ?? "insights", params);
  if (serverCsv) return await printServerCsv(context, params);
  const days = compare && comparedRange(compare.period, compare.days);
  if (days !== undefined && !(report?.kind === "insights" && OVER_TIME.has(report.chart))) {
    throw inputError(
      "Cannot use --compare with numbers that are not over time",
      "leave --compare or --totals out",
      "bad_flags",
    );
  }
  const client = await context.client();
  const answer = await sendReport(client, params, question.limit);
  const second = days && await sendReport(client, changedParams(params, { range: days }), question.limit);
  await noteUnpublished(context, "POST /insights", "query insights");
  const result = await ifUnderstood(context, () => answer.result());
  const other = second && await ifUnderstood(context, () => second.result());
  const compared = other && days && { answer: other, ...days };
  const forms = result && !printsServerText(context)
    ? formsOf(report, result, { nowMs: context.clock.now(), curve: question.curve, compared })
    : {};
  const remark = result && await remarkOn(context, report, result.series, question.where);
  const { note, ...shown } = forms;
  const limits = new Set([...limitsOf(result?.meta), ...limitsOf(other?.meta)]);
  const notes = [remark ?? note, ...limits].filter((one) => one !== undefined);
  const body: Pick<Result, "text" | "data"> = second === undefined
    ? { text: answer.text, data: answer.data }
    : jsonBoth(answer, second);
  await context.print({ ...body, ...shown, notes });
  for (const one of notes) await context.note(one);
}

/** Asks about a report by its JSON. */
export function sendReport(client: Client, bookmark: Json, limit = USUAL_SEGMENTS) {
  return call(client, askInsights, { bookmark, queryLimits: { limit }, ...dataView(client) });
}

/**
 * The JSON of a report.
 *
 * @param where the expression of `--where`, for what is said of it
 * @throws MpError (input) for what a report cannot say
 */
export function reportJson(report: SectionsReport, where = ""): Json {
  return reporting("--where", where, () => writeBookmark(report));
}

const jsonBoth = (current: Pick<Result, "text" | "data">, compared: Pick<Result, "text" | "data">) => ({
  text: `{"current":${current.text.trim()},"compared":${compared.text.trim()}}`,
  data: { current: current.data, compared: compared.data },
});

type View = Parameters<typeof presentAsked>[2];

function formsOf(report: SectionsReport | undefined, answer: AskedAnswer, view: View): Presentation {
  return report === undefined ? presentReport(answer.series, answer.headers) : presentAsked(report, answer, view);
}

/** What makes the numbers other than the whole truth. */
function limitsOf(
  meta: { is_segmentation_limit_hit?: boolean | null; min_sampling_factor?: number | null } | null | undefined,
): string[] {
  const factor = meta?.min_sampling_factor ?? 1;
  return [
    ...(meta?.is_segmentation_limit_hit === true
      ? ["There are more segments than came: --limit N asks for more, up to 10000"]
      : []),
    ...(factor < 1
      ? [`Mixpanel has sampled ${Number((factor * 100).toPrecision(3))}% of the users: these are estimates`]
      : []),
  ];
}

/** What is said of a report that counts nothing, or that all events are without the property it is split by. */
async function remarkOn(
  context: Context,
  report: SectionsReport | undefined,
  series: Tree,
  where: string | undefined,
): Promise<string | undefined> {
  if (countsNothing(series)) return await nothingAt(context, report, where);
  const [event] = report === undefined ? [] : eventsOf(report);
  const [split, ...more] = report?.breakdowns ?? [];
  if (event === undefined || split?.kind !== "property" || split.property.name === "" || more.length > 0) {
    return undefined;
  }
  if (!Object.values(series).every(isUnsplit)) return undefined;
  const { name, source } = split.property;
  return await nothingSplit(context, event, `${source === "people" ? "user" : "properties"}[${quote(name)}]`, "--by");
}

/** Whether there is one segment: that of what has no value. */
function isUnsplit(metric: unknown): boolean {
  const segments = isObject(metric) ? Object.keys(metric).filter((key) => key !== "$overall") : [];
  return segments.length === 1 && segments[0] === "undefined";
}

async function nothingAt(context: Context, report: SectionsReport | undefined, where?: string): Promise<string> {
  const events = report === undefined ? [] : eventsOf(report);
  const words = await nothingCounted(context, events, { where: where ?? ownWhere(report) });
  return /names that exist/.test(words)
    ? `${words}. A custom event is counted by its id, '$custom_event:ID': its name counts nothing`
    : words;
}

/** The conditions of the first event. */
function ownWhere(report: SectionsReport | undefined): string | undefined {
  switch (report?.kind) {
    case "funnel":
      return report.steps[0]?.filter?.where;
    case "retention":
      return report.birth.filter?.where;
    case "insights": {
      const [first] = report.metrics;
      return first?.kind === "event" ? first.filter?.where : undefined;
    }
  }
}

/** The names of events that a report counts. */
function eventsOf(report: SectionsReport): string[] {
  switch (report.kind) {
    case "funnel":
      return report.steps.slice(0, 1).map(({ event }) => event);
    case "retention":
      return [report.birth.event];
    case "insights":
      return report.metrics.flatMap((one) => one.kind === "event" && one.of.type === "event" ? [one.of.event] : []);
  }
}

async function printServerCsv(context: Context, bookmark: Json): Promise<void> {
  refuseReportFormat(context, "the server's own text");
  if (context.globals.jq !== undefined) {
    throw inputError("Cannot filter an answer with --jq that is not JSON", "leave one of them out", "bad_flags");
  }
  const client = await context.client();
  const answer = await call(client, askInsightsCsv, { bookmark, ...dataView(client) });
  await context.print({ text: answer.text, data: answer.data, isText: true });
}
