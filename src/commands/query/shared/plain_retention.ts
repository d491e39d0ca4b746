import { z } from "zod";
import { retention } from "../../../api/retention.ts";
import { nothingCounted } from "../../../cli/nothing_counted.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import type { CohortRow } from "../../../output/cohort_table.ts";
import { presentCohorts } from "./cohort_forms.ts";
import { daysOfRange, suitedUnit } from "./suited_unit.ts";

interface Cohort extends Omit<CohortRow, "people"> {
  first?: number;
  percents?: number[];
}

const UNIT_DAYS = { day: 1, week: 7, month: 30 };
const MOST_INTERVALS = 12;

export const CURVE = {
  curve: z.boolean().optional().meta({ description: "Draw the average as a curve in place of the heat map" }),
};

/** Retention by the published endpoint: any return, or that of one event. */
export const plainRetention = operationCommand(retention, {
  draws: true,
  args: ["born_event"],
  dateRange: true,
  shows: z.object(CURVE),
  examples: [],
  prepare: ({ from_date, to_date, unit, interval, interval_count }) => {
    if (!from_date || !to_date) return Promise.resolve({});
    const days = daysOfRange(from_date, to_date);
    const chosen = unit ?? (interval !== undefined ? "day" : suitedUnit(from_date, to_date));
    const periods = Math.ceil(days / (UNIT_DAYS[chosen] * (interval ?? 1)));
    return Promise.resolve({
      ...(unit === undefined && interval === undefined ? { unit: chosen } : {}),
      ...(interval_count === undefined ? { interval_count: Math.min(MOST_INTERVALS, Math.max(1, periods - 1)) } : {}),
    });
  },
  remark(result, { born_event, event, born_where }, context) {
    const rows = cohortsOf(result);
    const born = born_event ?? event;
    if (rows.every(({ people, counts }) => !people && counts.every((one) => one === 0))) {
      return nothingCounted(context, born === undefined ? [] : [born], { where: born_where });
    }
    const nobodyBack = event !== undefined && rows.every(({ counts }) => counts.every((one) => one === 0));
    return nobodyBack ? nothingCounted(context, [event]) : undefined;
  },
  present(result, { unit = "day", interval = 1, unbounded_retention, from_date, to_date }, { nowMs, shown }) {
    return presentCohorts({ rows: cohortsOf(result), unit, interval, nowMs }, {
      from: from_date,
      to: to_date,
      curve: shown.curve === true,
      remark: unbounded_retention === true ? LATER_COUNTS : undefined,
    });
  },
});

/** With `--unbounded` no value is final, and older cohorts have had more time. */
const LATER_COUNTS = "With --unbounded every value can still rise, and the older a cohort, the more time it has had";

/** Rows by date, or by date and segment in either order; with `data` around them or not. */
function cohortsOf(result: z.output<typeof retention.result>): CohortRow[] {
  const rows = ("data" in result ? result.data : result) as Record<string, Cohort | Record<string, Cohort>>;
  const cohorts = Object.entries(rows).flatMap(([outer, content]): Cohort[] => {
    if (Array.isArray(content.counts)) return [{ ...content as Cohort, date: outer }];
    return Object.entries(content as Record<string, Cohort>).map(([inner, row]) =>
      isDate(outer) ? { ...row, date: outer, segment: inner } : { ...row, date: inner, segment: outer }
    );
  });
  return cohorts.map(withPeople).sort((a, b) => a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
}

/** The reference has shares in place of how many people there are, which follows from the first of them. */
function withPeople({ date, segment, counts, first, percents }: Cohort): CohortRow {
  const share = percents?.[0];
  const people = first ?? (counts[0] === undefined || !share ? null : Math.round(counts[0] / share * 100));
  return { date, segment, counts, people };
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text);
