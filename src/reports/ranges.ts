/** The range of a report as the one entry of `sections.time` has it. */
import { asObject, covers } from "./objects.ts";
import type { Json, RangeUnit, ReportRange, ReportUnit } from "./report.ts";

export function writeRange(range: ReportRange, unit: ReportUnit): Json {
  if ("raw" in range) return { ...range.raw, unit };
  if ("since" in range) return { dateRangeType: "since", unit, value: range.since };
  if ("last" in range) {
    return { dateRangeType: "in the last", unit, window: { unit: range.unit, value: range.last } };
  }
  return { dateRangeType: "between", unit, value: [range.from, range.to] };
}

/** A range of another form is kept as it came. */
export function readRange(time: Json): ReportRange {
  const read = rangeOf(time);
  return read !== undefined && covers({ ...writeRange(read, "day"), unit: time.unit }, time) ? read : { raw: time };
}

function rangeOf({ dateRangeType, value, window }: Json): ReportRange | undefined {
  if (dateRangeType === "between" && Array.isArray(value)) {
    const [from, to] = value;
    return typeof from === "string" && typeof to === "string" ? { from, to } : undefined;
  }
  if (dateRangeType === "since" && typeof value === "string") return { since: value };
  const { unit, value: last } = asObject(window);
  return dateRangeType === "in the last" && typeof unit === "string" && typeof last === "number"
    ? { last, unit: unit as RangeUnit }
    : undefined;
}
