/** Asks a question that has one number for its answer. */
import { call } from "../../../api/call.ts";
import { funnel } from "../../../api/funnels.ts";
import { insights } from "../../../api/insights.ts";
import { segmentation } from "../../../api/query.ts";
import type { FromTo } from "../../../cli/comparison.ts";
import type { Context } from "../../../cli/context.ts";
import { dataView } from "../../../cli/scope.ts";
import type { Client } from "../../../client/types.ts";
import { reportJson, sendReport } from "../../query/shared/ask.ts";
import { funnelLists } from "../../query/shared/asked_shapes.ts";
import { leavesOf } from "../../query/shared/report_shapes.ts";
import { funnelSteps } from "../../query/shared/saved_funnel.ts";
import { daysOfRange } from "../../query/shared/suited_unit.ts";
import { conversionAt, noNumber } from "./conversion_at.ts";
import { secondsSinceNewest } from "./newest.ts";
import type { NumberQuestion } from "./question.ts";
import { numberOfReport } from "./saved_number.ts";

/** A number, with what there is to say about it besides. */
export interface CheckedNumber {
  value: number;
  /** In place of the number: `none since 2026-11-21`. */
  shown?: string;
}

/**
 * The number, for one query of Mixpanel's; that of other days where `days` names them.
 *
 * @param horizonMs how far back the newest event is looked for
 * @throws MpError (failure, `no_number`) for an answer without one
 */
export async function askNumber(
  context: Context,
  question: NumberQuestion,
  { days, horizonMs = 0 }: { days?: FromTo; horizonMs?: number } = {},
): Promise<CheckedNumber> {
  const client = await context.client();
  switch (question.kind) {
    case "count":
      return { value: await countEvents(client, question, days ?? question.days) };
    case "report": {
      const report = { ...question.report, ...(days !== undefined && { range: days }) };
      const { series } = (await sendReport(client, reportJson(report, question.where))).result();
      return { value: onlyNumber(leavesOf(series).map(({ value }) => value)) };
    }
    case "steps": {
      const report = { ...question.report, ...(days !== undefined && { range: days }) };
      const { series } = (await sendReport(client, reportJson(report, question.where))).result();
      return { value: conversionAt(funnelLists(series, false), question.step) };
    }
    case "funnel": {
      const { from, to } = days ?? question.days;
      const params = { from_date: from, to_date: to, interval: daysOfRange(from, to), where: question.where };
      const answer = await call(client, funnel, { funnel_id: question.id, ...params, ...dataView(client) });
      return { value: conversionAt(funnelSteps(answer.result().data), question.step) };
    }
    case "saved": {
      const answer = (await call(client, insights, { bookmark_id: question.id, ...dataView(client) })).result();
      return { value: numberOfReport(answer.series, question, context.clock.now()) };
    }
    case "newest":
      return await secondsSinceNewest(context, question, horizonMs);
  }
}

/** Users of several days are those of one bucket as long as the range: `interval`, which is for what cannot be added up. */
async function countEvents(
  client: Client,
  { event, isUnique, where }: NumberQuestion & { kind: "count" },
  { from, to }: FromTo,
): Promise<number> {
  const length = daysOfRange(from, to);
  const answer = await call(client, segmentation, {
    event,
    from_date: from,
    to_date: to,
    where,
    type: isUnique ? "unique" : "general",
    interval: isUnique && length > 1 ? length : undefined,
    ...dataView(client),
  });
  const { series, values } = answer.result().data;
  const numbers = Object.values(values).flatMap((one) => Object.values(one));
  if (series.length === 0 && numbers.length === 0) throw noNumber("it has no days");
  const counted = numbers.filter((one) => one !== 0);
  if (isUnique && counted.length > 1) {
    throw noNumber("it has users of several periods, which cannot be added up", "ask for one day: --last 1d");
  }
  return counted.reduce((sum, one) => sum + one, 0);
}

function onlyNumber(values: readonly unknown[]): number {
  const [value, ...others] = values;
  if (others.length > 0) throw noNumber(`it has ${values.length} numbers`);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw noNumber(value === undefined ? "there is nothing in it" : `it has ${JSON.stringify(value)} in its place`);
}
