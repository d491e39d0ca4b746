/**
 * Which days to ask for next, and how many at once.
 *
 * A request costs one of 60 an hour, whatever it brings; an answer that is too long takes longer than the connection
 * holds. So slices begin with a day and follow what comes: a project with few events is asked for months at once, one
 * with many day by day, and what fails is asked for in halves.
 */
import { addDays, byFirstDay, countDays, type DayRange } from "./days.ts";
import { type Split, unitOf } from "./split.ts";

export interface SlicePlanOptions {
  /** Every slice has so many days, whatever comes, as far as files allow. */
  fixedDays?: number;
  /** All days are one request, however many files they belong to. */
  isOneRequest?: boolean;
  /** A slice is of days of one file, or of whole files: then it is known what came together. */
  split?: Split;
  /** From this day on days may have more events later, so that their files are fetched by themselves. */
  openFrom?: string;
  /** No slice has days of both sides of the beginning of this day, where a file begins. */
  breakBefore?: string;
  /** Requests that run at the same time: what is left is shared out to them when it is much. */
  concurrency?: number;
}

/** What a slice has brought. */
export interface SliceYield {
  /** Uncompressed. */
  bytes: number;
  elapsedMs: number;
}

/** What a slice should bring at most, uncompressed: about 100 MB on the wire. */
const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_MS = 3 * 60_000;
/** Less than this is not divided for the sake of parallel requests. */
const SHARE_BYTES = 128 * 1024 * 1024;
const MOST_DAYS = 92;
/** A slice is taken apart into so many files at most: all are open at the same time. */
const MOST_FILES = 31;
const MOST_GROWTH = 8;

export class SlicePlan {
  #left: DayRange[];
  #days = 1;
  /** After a failure slices grow more carefully. */
  #growth = MOST_GROWTH;
  #isGrowing = true;
  #keepsToFiles = false;

  constructor(ranges: readonly DayRange[], readonly range: DayRange, readonly options: SlicePlanOptions = {}) {
    this.#left = ranges.map((one) => ({ ...one })).sort(byFirstDay);
    this.#days = options.isOneRequest ? countDays(range) : options.fixedDays ?? 1;
    this.#isGrowing = !this.#isFixed;
  }

  /**
   * Whether the next slices will be longer still. Until they have their length, one at a time is asked for: a project
   * with few events then costs few requests.
   */
  get isGrowing(): boolean {
    return this.#isGrowing;
  }

  /** Days that nobody has asked for yet. */
  get daysLeft(): number {
    return this.#left.reduce((sum, range) => sum + countDays(range), 0);
  }

  /** Takes the next slice off the plan; undefined when nothing is left. */
  take(): DayRange | undefined {
    const first = this.#left[0];
    if (first === undefined) return undefined;
    const slice = { from: first.from, to: this.#lastDay(first) };
    if (slice.to === first.to) this.#left.shift();
    else first.from = addDays(slice.to, 1);
    return slice;
  }

  /** Learns from a slice that has come whole. */
  learn(slice: DayRange, { bytes, elapsedMs }: SliceYield): void {
    if (this.#isFixed) return;
    const days = countDays(slice);
    const byBytes = MOST_BYTES / Math.max(1, bytes / days);
    const byTime = MOST_MS / Math.max(1, elapsedMs / days);
    const shared = Math.max(this.daysLeft / (this.options.concurrency ?? 1), SHARE_BYTES / Math.max(1, bytes / days));
    const mostDays = this.options.split === "day" ? MOST_FILES : MOST_DAYS;
    const fitting = Math.min(byBytes, byTime, shared, mostDays);
    const grown = Math.max(days, this.#days) * this.#growth;
    this.#days = Math.max(1, Math.floor(Math.min(fitting, grown)));
    this.#isGrowing = grown < fitting;
    this.#growth = Math.min(MOST_GROWTH, this.#growth * 2);
  }

  /** Puts a slice of several days back, to be asked for in halves. */
  giveBackInHalves(slice: DayRange): void {
    const days = countDays(slice);
    const middle = addDays(slice.from, Math.ceil(days / 2) - 1);
    this.#left.push({ from: slice.from, to: middle }, { from: addDays(middle, 1), to: slice.to });
    this.#left.sort(byFirstDay);
    this.#days = Math.max(1, Math.min(this.#days, Math.ceil(days / 2)));
    this.#growth = 1;
  }

  /** Puts days back that were not asked for after all. */
  giveBack(slice: DayRange): void {
    this.#left.push({ ...slice });
    this.#left.sort(byFirstDay);
  }

  /** Leaves out everything after this day. */
  endAt(day: string): void {
    this.#left = this.#left.filter((range) => range.from <= day)
      .map((range) => range.to > day ? { from: range.from, to: day } : range);
  }

  /** From now on no slice has days of several files. */
  keepToFiles(): void {
    this.#keepsToFiles = true;
  }

  get #isFixed(): boolean {
    return this.options.isOneRequest === true || this.options.fixedDays !== undefined;
  }

  #lastDay(first: DayRange): string {
    const longest = addDays(first.from, this.#days - 1);
    let wanted = longest > first.to ? first.to : longest;
    const { split, isOneRequest, openFrom = addDays(wanted, 1), breakBefore = "" } = this.options;
    if (first.from < breakBefore && wanted >= breakBefore) wanted = addDays(breakBefore, -1);
    if (split === undefined || split === "none" || isOneRequest) return wanted;
    const own = unitOf(first.from, split, this.range);
    if (own.to >= wanted) return wanted;
    let last = own.to;
    if (own.from < first.from || own.to >= openFrom || this.#keepsToFiles) return last;
    for (let files = 1; files < MOST_FILES && last < wanted; files++) {
      const next = unitOf(addDays(last, 1), split, this.range).to;
      if (next > wanted || next >= openFrom) break;
      last = next;
    }
    return last;
  }
}

/** The first slice of an export. */
export function firstSlice(range: DayRange, options: SlicePlanOptions): DayRange {
  return new SlicePlan([range], range, options).take() as DayRange;
}

/** How many requests an export takes when every slice comes at once and is small. */
export function countSlicesAtLeast(range: DayRange, options: SlicePlanOptions): number {
  const plan = new SlicePlan([range], range, options);
  let count = 0;
  for (let slice = plan.take(); slice !== undefined; slice = plan.take()) {
    plan.learn(slice, { bytes: 0, elapsedMs: 0 });
    count++;
  }
  return count;
}
