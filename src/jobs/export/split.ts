/** How an export is divided into files, and what they are called. */
import { addDays, type DayRange } from "./days.ts";
import { isoDay } from "../../streams/iso_time.ts";

export const SPLITS = ["day", "week", "month", "none"] as const;
export type Split = (typeof SPLITS)[number];

/** How the files of a folder are named. */
export interface FileNaming {
  split: Split;
  /** Folders `date=2026-01-31`, as Hive, Spark, Athena and DuckDB read them as a column. */
  hive: boolean;
  /** With its point: `.jsonl.gz`. */
  extension: string;
}

/** The part of `range` that goes into the file of this day. Weeks begin on Monday. */
export function unitOf(day: string, split: Split, range: DayRange): DayRange {
  const whole = wholeUnit(day, split);
  if (whole === undefined) return range;
  return {
    from: whole.from < range.from ? range.from : whole.from,
    to: whole.to > range.to ? range.to : whole.to,
  };
}

/** One range for each file, in order. */
export function unitsOf(range: DayRange, split: Split): DayRange[] {
  const units: DayRange[] = [];
  for (let day = range.from; day <= range.to;) {
    const unit = unitOf(day, split, range);
    units.push(unit);
    day = addDays(unit.to, 1);
  }
  return units;
}

/**
 * The path of a unit's file in the folder. Names sort as the days do: `events_2026-01-31.jsonl.gz`; a week is called by
 * its Monday, a month `2026-01`.
 */
export function unitPath(unit: DayRange, { split, hive, extension }: FileNaming): string {
  const name = split === "none" ? `${unit.from}_${unit.to}` : unitName(unit.from, split);
  return hive ? `${pathColumn(split)}=${name}/events${extension}` : `events_${name}${extension}`;
}

/** How the paths of all files begin. */
export function pathPrefix({ split, hive }: FileNaming): string {
  return hive ? `${pathColumn(split)}=` : "events_";
}

/** The column that readers make of the folders. */
export const pathColumn = (split: Split): string => split === "day" ? "date" : split;

/** The first day of the whole unit that a day belongs to, also when an export begins later. */
export function unitStart(day: string, split: Split): string {
  return wholeUnit(day, split)?.from ?? day;
}

function unitName(day: string, split: Split): string {
  const start = unitStart(day, split);
  return split === "month" ? start.slice(0, 7) : start;
}

function wholeUnit(day: string, split: Split): DayRange | undefined {
  switch (split) {
    case "none":
      return undefined;
    case "day":
      return { from: day, to: day };
    case "week": {
      const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
      const from = addDays(day, -sinceMonday);
      return { from, to: addDays(from, 6) };
    }
    case "month": {
      const [year, month] = day.split("-").map(Number) as [number, number];
      return { from: `${day.slice(0, 7)}-01`, to: isoDay(Date.UTC(year, month, 0)) };
    }
  }
}
