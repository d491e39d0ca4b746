import { z } from "zod";
import { call } from "../../api/call.ts";
import { expression, text } from "../../api/params.ts";
import { fromDate, toDate } from "../../api/query_params.ts";
import { frequency } from "../../api/retention.ts";
import { command } from "../../cli/command.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { dataView } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import { isNothing } from "./shared/counted.ts";
import { printCountsLink } from "./shared/counts_link.ts";
import { LINK } from "./shared/link_flag.ts";
import { type ActiveUnit, activeUsers } from "../../output/active_users.ts";
import { afterUnits, periodStartMs } from "../../output/periods.ts";
import { isoDay } from "../../streams/iso_time.ts";
import { askable } from "./shared/from_files.ts";

/** As the web page calls all events together. */
const ANY_EVENT = "$all_events";
const UNITS: readonly ActiveUnit[] = ["day", "week", "month"];

export default askable(command({
  summary: "daily, weekly and monthly active users (DAU, WAU, MAU)",
  description:
    `How many people did anything, or an event, in each day, week and month of the range: one query for each of the
three, of Mixpanel's report of frequency. Weeks and months are taken whole, also those in which the range begins and ends. --unit asks for one of them alone. A period that is not over is marked. The
stickiness in the note is the average day's share of its month, of finished ones.`,
  args: ["event"],
  dateRange: true,
  draws: true,
  examples: [
    { text: "Everybody who did anything", run: "mp query active --last 60d" },
    { text: "Buyers by week, as CSV", run: "mp query active Purchase --last 8w --unit week -f csv" },
  ],
  operations: [frequency],
  input: z.object({
    event: text("The event that counts as being active; default any", { completes: "events" }).optional(),
    from_date: fromDate,
    to_date: toDate,
    unit: z.array(z.enum(["day", "week", "month"])).optional().meta({
      placeholder: "day|week|month",
      description: "Only this period",
    }),
    where: expression("Only events where this holds").optional(),
    ...LINK,
  }),
  async run(context, { event, from_date, to_date, unit, where, link }) {
    if (link) {
      const [only, ...more] = unit ?? [];
      if (only === undefined || more.length > 0) {
        throw inputError("Cannot link to several periods at once", "add --unit day, week or month", "bad_flags");
      }
      const counts = { events: [event ?? ANY_EVENT], measure: { math: "unique" }, where, unit: only };
      return await printCountsLink(context, {
        ...counts,
        ...wholePeriods(only, { from_date, to_date }, context.clock.now()),
      });
    }
    const client = await context.client();
    const units = UNITS.filter((one) => unit === undefined || unit.includes(one));
    const answers: { unit: ActiveUnit; answer: Awaited<ReturnType<typeof ask>> }[] = [];
    const ask = (params: z.input<typeof frequency.params>) => call(client, frequency, params);
    for (const one of units) {
      const addiction_unit = one === "day" ? "hour" as const : "day" as const;
      const range = wholePeriods(one, { from_date, to_date }, context.clock.now());
      const params = { ...range, event, where, unit: one, addiction_unit, ...dataView(client) };
      answers.push({ unit: one, answer: await ask(params) });
    }
    const forms = printsServerText(context) ? undefined : await ifUnderstood(context, () =>
      activeUsers(
        answers.map(({ unit, answer }) => ({ unit, people: peopleOf(answer.result()) })),
        context.clock.now(),
      ));
    const { note, ...shown } = forms ?? {};
    const notes = note === undefined ? [] : [note];
    const counted = await ifUnderstood(context, () => answers.map(({ answer }) => peopleOf(answer.result())));
    if (counted?.every(isNothing)) {
      notes.push(await nothingCounted(context, event === undefined ? [] : [event], { where }));
    }
    await context.print({
      text: `{${answers.map(({ unit, answer }) => `"${unit}":${answer.text.trim()}`).join(",")}}`,
      data: Object.fromEntries(answers.map(({ unit, answer }) => [unit, answer.data])),
      ...shown,
      notes,
    });
    for (const one of notes) await context.note(one);
  },
}));

/** The range with the whole of its first and last week or month, as far as there are days: a part would look like a drop. */
function wholePeriods(unit: ActiveUnit, { from_date, to_date }: Days, nowMs: number): Days {
  const end = isoDay(afterUnits(periodStartMs(startOf(unit, to_date))!, unit) - 1);
  const today = isoDay(nowMs);
  return { from_date: startOf(unit, from_date), to_date: to_date >= today ? to_date : end < today ? end : today };
}

interface Days {
  from_date: string;
  to_date: string;
}

/** The first day of the week (Monday) or month in which a day lies. */
function startOf(unit: ActiveUnit, day: string): string {
  if (unit === "month") return `${day.slice(0, 7)}-01`;
  const ms = periodStartMs(day)!;
  return unit === "day" ? day : isoDay(ms - ((new Date(ms).getUTCDay() + 6) % 7) * 86_400_000);
}

/** Who was active in at least one part of a period was active in it. */
function peopleOf(result: z.output<typeof frequency.result>): Record<string, number> {
  const rows = ("data" in result && !Array.isArray(result.data) ? result.data : result) as Record<string, number[]>;
  return Object.fromEntries(Object.entries(rows).map(([date, counts]) => [date, counts[0] ?? 0]));
}
