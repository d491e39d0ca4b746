/**
 * How long ago the newest of some events happened. Counts by the minute tell it for one query and a small answer, where an
 * export would bring all events of the day. The counts have the project's clock, so that its time zone is needed too;
 * asking for that is not limited.
 */
import { me } from "../../../api/app.ts";
import { call } from "../../../api/call.ts";
import { events as countedEvents, segmentation } from "../../../api/query.ts";
import type { Context } from "../../../cli/context.ts";
import { dataView } from "../../../cli/scope.ts";
import { inputError } from "../../../errors.ts";
import { periodStartMs } from "../../../output/periods.ts";
import { localClock } from "../../../records/map/local_clock.ts";
import { isoDay } from "../../../streams/iso_time.ts";
import type { NumberQuestion } from "./question.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** For how many days counts by the minute are few enough. */
const MOST_MINUTE_DAYS = 3;
/** How long ago an event can be and still be found, in any case. */
const LEAST_HORIZON_MS = DAY_MS;

type Newest = NumberQuestion & { kind: "newest" };

/**
 * Seconds since the end of the minute (over more than three days: of the hour) in which the newest event happened, so that
 * an alarm never comes too early. Without any event within the horizon, the seconds since then.
 */
export async function secondsSinceNewest(
  context: Context,
  question: Newest,
  horizonMs: number,
): Promise<{ value: number; shown?: string }> {
  const nowMs = context.clock.now();
  const toMoment = clockOf(question.timeZone ?? await projectZone(context));
  const localNowMs = nowMs - (toMoment(nowMs) - nowMs);
  const days = Math.ceil(Math.max(horizonMs, LEAST_HORIZON_MS) / DAY_MS) + 1;
  const range = { from_date: isoDay(localNowMs - (days - 1) * DAY_MS), to_date: isoDay(localNowMs) };
  const isFine = days <= MOST_MINUTE_DAYS;
  const values = await counts(context, question, { ...range, unit: isFine ? "minute" : "hour" });
  const starts = values.flatMap((numbers) =>
    Object.entries(numbers).flatMap(([label, number]) => number > 0 ? [periodStartMs(label) ?? -Infinity] : [])
  );
  const newestMs = starts.reduce((newest, one) => Math.max(newest, one), -Infinity);
  if (newestMs === -Infinity) {
    const sinceMs = toMoment(periodStartMs(range.from_date)!);
    return { value: Math.round((nowMs - sinceMs) / 1000), shown: `none since ${range.from_date}` };
  }
  const endMs = toMoment(newestMs + (isFine ? MINUTE_MS : HOUR_MS));
  return { value: Math.max(0, Math.round((nowMs - endMs) / 1000)) };
}

type Range = { from_date: string; to_date: string; unit: "minute" | "hour" };

async function counts(
  context: Context,
  { events, where }: Newest,
  range: Range,
): Promise<Record<string, number>[]> {
  const client = await context.client();
  const [event = "", ...others] = events;
  const answer = others.length === 0
    ? await call(client, segmentation, { event, where, ...range, ...dataView(client) })
    : await call(client, countedEvents, { event: [...events], ...range, ...dataView(client) });
  return Object.values(answer.result().data.values);
}

/** A dry run asks nobody. */
async function projectZone(context: Context): Promise<string> {
  if (context.globals.dryRun) return "UTC";
  const client = await context.client();
  const { projectId = "" } = client.connection;
  const zone = (await call(client, me, {})).result().projects[projectId]?.timezone;
  if (zone !== undefined) return zone;
  throw inputError(
    "Cannot tell how long ago: these credentials do not see the project's time zone",
    "add --tz, such as --tz Europe/Berlin",
    "missing_argument",
  );
}

/** @throws MpError (input) for a zone that does not exist. */
export function clockOf(timeZone: string): (localMs: number) => number {
  try {
    return localClock(timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `Cannot use --tz ${JSON.stringify(timeZone)}: no such time zone`,
      "time zones are written like Europe/Berlin",
      "bad_choice",
    );
  }
}
