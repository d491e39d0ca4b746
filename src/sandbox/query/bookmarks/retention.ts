/** Retention: who comes back after an event, and when. (facts 2.2, 2.8) */
import { dayAt, startOfDayMs } from "../../../analytics/calendar.ts";
import type { RetentionRow } from "../../../analytics/retention.ts";
import { averageRetention } from "../../../analytics/retention_average.ts";
import { returnRates } from "../../../analytics/return_rates.ts";
import { everyOf, type NamedRows } from "../../../analytics/rows/row_filters.ts";
import { type Buckets, timeBuckets } from "../../../analytics/time_buckets.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, listOf, numberIn, textAt, wordOf } from "./clause.ts";
import { behaviorLabel, behaviorRows } from "./events.ts";
import { filtersOf, globalFilters } from "./filters.ts";
import { type GroupLevel, groupsOf } from "./groups.ts";
import { cannot } from "./metrics.ts";
import type { Question } from "./question.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { shownKey, type TimeRange, times } from "./time.ts";
import { type Branch, combined, grow, shown } from "./tree.ts";

const UNITS = ["day", "week", "month"] as const;
type RetentionUnit = typeof UNITS[number];
const DAY_MS = 86_400_000;
export const RETENTION_UNIT_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

export function retentionNumbers(question: Question, params: Clause, clause: Clause): ReportNumbers {
  const sections = clauseOf(params.sections, "sections");
  const path = "sections.show[0]";
  const spans = spansOf(question.range, clauseOf(clause.behavior, `${path}.behavior`), `${path}.behavior`);
  const groups = groupsOf(question, sections.group);
  const { label, ...found } = rowsTree(question, sections, clause, path, { groups, spans });
  const name = textAt(clause.name, `${path}.name`) || label;
  return shownRetention(question.range, found, { name, headers: groups.map(({ header }) => header), spans });
}

/** Who comes back, by period, by the levels of a split, as answers have it. */
export function shownRetention(
  range: TimeRange,
  { tree, isCut }: { tree: Branch<RetentionRow[]>; isCut: boolean },
  { name, headers, spans }: { name: string; headers: readonly string[]; spans: Spans },
): ReportNumbers {
  return {
    headers: ["$retention", ...headers],
    series: { [name]: shown(tree, (rows) => shownRows(range, rows, spans), headers.length) },
    isCut,
    metricKeys: [name],
    subQueries: 1,
  };
}

/** Retention as one metric beside others: by bucket of birth the rate of one bucket after it, or how many come back. */
export function retentionMetric(
  question: Question,
  sections: Clause,
  clause: Clause,
  path: string,
  { groups, buckets }: { groups: readonly GroupLevel[]; buckets: Buckets },
): { tree: Branch<unknown[]>; isCut: boolean; label: string } {
  const spans = spansOf(question.range, clauseOf(clause.behavior, `${path}.behavior`), `${path}.behavior`);
  const { math, retentionBucketIndex } = clauseOf(clause.measurement ?? {}, `${path}.measurement`);
  const index = numberIn(retentionBucketIndex, `${path}.measurement.retentionBucketIndex`) ?? 1;
  const bucketCount = Math.max(spans.bucketCount, index + 1);
  const ends = { ...spans, buckets, bucketCount };
  const { tree, isCut, label } = rowsTree(question, sections, clause, path, { groups, spans: ends });
  const isRate = math === undefined || math === null || math === "retention_rate";
  const valueOf = ({ first, counts }: RetentionRow) => {
    const count = counts[index] ?? 0;
    return isRate ? first === 0 ? 0 : count / first : count;
  };
  return { tree: combined([tree], ([rows]) => rows!.map(valueOf)), isCut, label };
}

/** Who comes back, by period, by the levels of a split. */
function rowsTree(
  question: Question,
  sections: Clause,
  clause: Clause,
  clausePath: string,
  { groups, spans }: { groups: readonly GroupLevel[]; spans: Spans },
): { tree: Branch<RetentionRow[]>; isCut: boolean; label: string } {
  const path = `${clausePath}.behavior`;
  const behavior = clauseOf(clause.behavior, path);
  const [born, returned] = twoEvents(question, sections, behavior, path);
  const math = mathOf(clause.measurement, `${clausePath}.measurement`);
  const kind = wordOf(behavior.retentionType, ["birth", "compounded", "addiction"], `${path}.retentionType`) ?? "birth";
  if (kind === "addiction") throw cannot('retention of the type "addiction"');
  const unbounded = unboundedOf(behavior, clause.measurement, path);
  const query = { born: born.rows, returned: returned.rows, kind, ...spans, unbounded };
  const { tree, isCut } = grow(groups, question.limit, (on, limit) => {
    return returnRates(question.view, { ...query, on, limit, countsEvents: math === "total" || math === "average" });
  });
  const withMath = combined([tree], ([rows]) => rows!.map((row) => math === "average" ? averaged(row) : row));
  return { tree: withMath, isCut, label: `${born.label} and then ${returned.label}` };
}

function twoEvents(question: Question, sections: Clause, behavior: Clause, path: string) {
  const events = clausesOf(behavior.behaviors, `${path}.behaviors`);
  if (events.length !== 2) throw new Refusal(400, `Invalid params: ${path}.behaviors must have exactly two entries`);
  const filters = [globalFilters(question, sections, true), filtersOf(question, behavior.filters, `${path}.filters`)];
  return events.map((event, index) => {
    const { names, where } = behaviorRows(question, event, `${path}.behaviors[${index}]`);
    const conditions = [where, ...filters].filter((one) => one !== undefined);
    const rows: NamedRows = { names, where: conditions.length === 0 ? undefined : everyOf(conditions) };
    return { rows, label: behaviorLabel(event) };
  }) as [{ rows: NamedRows; label: string }, { rows: NamedRows; label: string }];
}

const MATH = ["retention_rate", "unique", "total", "average"] as const;

export function mathOf(value: unknown, path: string): typeof MATH[number] {
  const measurement = clauseOf(value ?? {}, path);
  if (measurement.property !== undefined && measurement.property !== null) throw cannot("a property of retention");
  return wordOf(measurement.math, MATH, `${path}.math`) ?? "retention_rate";
}

/** Events for each of those who are watched. */
export function averaged({ first, counts }: RetentionRow): RetentionRow {
  return { first, counts: counts.map((count) => first === 0 ? 0 : count / first) };
}

export interface Spans {
  buckets: Buckets;
  bucketCount: number;
  /** How many units of time the end of each bucket is away, and the unit. */
  ends: readonly number[];
  unit: RetentionUnit;
  isCalendar: boolean;
  endsOf: (birthMs: number) => readonly number[];
}

/** Periods and buckets: as many of the unit as the range has, or those of custom sizes, and the 0th. */
export function spansOf(range: TimeRange, behavior: Clause, path: string): Spans {
  const unit = wordOf(behavior.retentionUnit, UNITS, `${path}.retentionUnit`) ?? "day";
  const alignment = wordOf(
    behavior.retentionAlignmentType,
    ["birth", "interval_start"],
    `${path}.retentionAlignmentType`,
  );
  const buckets = timeBuckets({ ...range, unit });
  const sizes = customSizes(behavior, path);
  // How many units of time the end of each bucket is away.
  const ends = sizes.length === 0 ? Array.from(buckets.keys, (_, index) => index + 1) : [1];
  for (const size of sizes) ends.push(ends[ends.length - 1]! + size);
  const isCalendar = alignment === "interval_start";
  const endsOf = isCalendar
    ? calendarEnds(unit, ends, range.timeZone)
    : () => ends.map((end) => end * RETENTION_UNIT_MS[unit]);
  return { buckets, bucketCount: ends.length, ends, unit, isCalendar, endsOf };
}

function customSizes(behavior: Clause, path: string): number[] {
  return listOf(behavior.retentionCustomBucketSizes, `${path}.retentionCustomBucketSizes`).map((value, index, all) => {
    const size = numberIn(value, `${path}.retentionCustomBucketSizes`);
    const before = index === 0 ? 0 : Number(all[index - 1]);
    if (size === undefined || !Number.isSafeInteger(size) || size <= before) {
      throw new Refusal(400, `Invalid params: ${path}.retentionCustomBucketSizes must be whole numbers that rise`);
    }
    return size;
  });
}

/** Buckets that end with days, weeks or months of the calendar. */
function calendarEnds(unit: RetentionUnit, ends: readonly number[], timeZone: string): (birthMs: number) => number[] {
  const known = new Map<string, number[]>();
  return (birthMs) => {
    const day = dayAt(birthMs, timeZone);
    const start = unit === "day"
      ? day
      : unit === "week"
      ? day.subtract({ days: day.dayOfWeek - 1 })
      : day.with({ day: 1 });
    const key = start.toString();
    let moments = known.get(key);
    if (moments === undefined) {
      known.set(key, moments = ends.map((end) => startOfDayMs(start.add(times(unit, end)), timeZone)));
    }
    return moments.map((moment) => moment - birthMs);
  };
}

/** In which buckets somebody counts who comes back in some: cumulative is who came back up to a bucket. */
export function unboundedOf(behavior: Clause, measurement: unknown, path: string) {
  const modes = ["none", "carry_back", "carry_forward", "consecutive_forward"] as const;
  const mode = wordOf(behavior.retentionUnboundedMode, modes, `${path}.retentionUnboundedMode`) ??
    (behavior.retentionUnbounded === true ? "carry_back" : "none");
  const isCumulative = mode === "none" && clauseOf(measurement ?? {}, path).retentionCumulative === true;
  return isCumulative ? "carry_forward" : mode;
}

/** By date, with rates, and the average of the periods of which every bucket is over. */
function shownRows(range: TimeRange, rows: readonly RetentionRow[], { buckets, endsOf }: Spans): unknown {
  const shape = (row: RetentionRow) => ({
    ...row,
    rates: row.counts.map((count) => row.first === 0 ? 0 : count / row.first),
  });
  const dates = rows.map((row, period) => [shownKey(buckets.keys[period]!, range), shape(row)]);
  const isOver = (period: number, bucket: number) => {
    const next = buckets.keys[period + 1];
    const lastMs = (next === undefined ? buckets.endMs : startOfDayMs(Temporal.PlainDate.from(next), range.timeZone)) -
      1;
    return bucket === 0 || range.nowMs >= lastMs + endsOf(lastMs)[bucket]!;
  };
  return { ...Object.fromEntries(dates), $average: averageRetention(rows, isOver) };
}
