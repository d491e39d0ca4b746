import { z } from "zod";
import { call } from "../../api/call.ts";
import { count } from "../../api/params.ts";
import { eventNames, events, topEvents } from "../../api/query.ts";
import { fromDate, toDate } from "../../api/query_params.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { cutNote, usualLimitNote } from "../../cli/list_gap.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { dataView } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import { jsonResult, type Result } from "../../output/print.ts";
import { askable } from "../query/shared/from_files.ts";

/** So many names fit one request, and say enough. */
const MOST_EVENTS = 100;

export default askable(command({
  summary: "the most frequent events, today against yesterday, or of a range of days",
  description:
    `Without a range: today's events, and by how much they are more than yesterday's until now. With one: the events of
those days, most frequent first (two queries: for the names of the last 31 days, and for their counts).`,
  dateRange: true,
  draws: true,
  examples: [
    { text: "What happens today", run: "mp events top --limit 10" },
    { text: "The last month's ten", run: "mp events top --last 30d --limit 10" },
  ],
  operations: [topEvents, eventNames, events],
  input: z.object({
    from_date: fromDate.optional(),
    to_date: toDate.optional(),
    type: topEvents.params.shape.type,
    limit: count("Most events to return; default 100", { min: 1, max: MOST_EVENTS }, { usual: MOST_EVENTS }).optional(),
  }),
  run(context, input) {
    return input.from_date === undefined || input.to_date === undefined
      ? today(context, input)
      : ofRange(context, { ...input, from_date: input.from_date, to_date: input.to_date });
  },
}));

type Type = "general" | "unique" | "average";

async function today(context: Context, { type, limit }: { type: Type; limit?: number }): Promise<void> {
  const client = await context.client();
  const answer = await call(client, topEvents, { type, limit, ...dataView(client) });
  const forms = printsServerText(context) ? undefined : await ifUnderstood(context, () => {
    const { events } = answer.result();
    return {
      rows: events.map(({ event, amount, percent_change }) => ({ event, amount, percent_change })),
      // Of more events than were asked for, nobody knows the sum.
      chart: bars(events, limit === undefined || events.length < limit ? sumOf(events) : undefined),
    };
  });
  const note = usualLimitNote(topEvents.params, { limit }, answer.data);
  await print(context, { text: answer.text, data: answer.data, ...forms }, note);
}

async function ofRange(
  context: Context,
  { type, limit = MOST_EVENTS, from_date, to_date }: { type: Type; limit?: number; from_date: string; to_date: string },
): Promise<void> {
  if (type !== "general") {
    throw inputError(
      `Cannot rank events by --math ${type} over several days: users of single days do not add up`,
      "leave --math out, or ask for one event: mp query segmentation NAME --math unique",
      "bad_flags",
    );
  }
  const client = await context.client();
  const view = dataView(client);
  const names = (await call(client, eventNames, { type, limit: MOST_EVENTS, ...view })).result();
  const counted = names.length === 0
    ? {}
    : (await call(client, events, { event: names, type, unit: "day", from_date, to_date, ...view })).result().data
      .values;
  const ranked = Object.entries(counted)
    .map(([event, byDay]) => ({ event, amount: Object.values(byDay).reduce((sum, one) => sum + one, 0) }))
    .filter(({ amount }) => amount > 0)
    .sort((one, other) => other.amount - one.amount);
  const shown = ranked.slice(0, limit);
  // Of the names no more come than were asked for: there may be others.
  const isAll = names.length < MOST_EVENTS;
  const note = shown.length < ranked.length ? cutNote(shown.length, isAll ? ranked.length : undefined) : undefined;
  const total = isAll ? sumOf(ranked) : undefined;
  await print(
    context,
    jsonResult({ from_date, to_date, events: shown }, { rows: shown, chart: bars(shown, total) }),
    note,
  );
}

/** A note is in report files too. */
async function print(context: Context, result: Result, note: string | undefined): Promise<void> {
  await context.print({ ...result, notes: note === undefined ? [] : [note] });
  if (note !== undefined) await context.note(note);
}

interface Counted {
  event: string;
  amount: number;
}

const sumOf = (events: readonly Counted[]): number => events.reduce((sum, { amount }) => sum + amount, 0);

/** With the share that each has of all, where that is known. */
const bars = (events: readonly Counted[], total: number | undefined) => ({
  kind: "bar" as const,
  rows: events.map(({ event, amount }) => ({
    label: event,
    value: amount,
    share: total === undefined || total === 0 ? null : amount / total,
  })),
});
