/** Fetches a range of days in slices, several at a time, until every day is there or is known to be missing. */
import type { Client, Wait } from "../../client/types.ts";
import type { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { addDays, byFirstDay, countDays, type DayRange, daysWithout, formatDays, isOpenDay } from "./days.ts";
import { fetchIntoSpool, fetchIntoUnits, sliceLines } from "./fetch_slice.ts";
import { LiveSlice } from "./live_slice.ts";
import { type MissingDays, MissingDaysError } from "./missing_days.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import { type JobProgress, type PartProgress, SILENT_PROGRESS } from "../progress.ts";
import type { ExportQuery } from "./query.ts";
import type { LookAtSlice, LookAtUnits, SliceLook } from "./slice_look.ts";
import { SlicePlan } from "./slice_plan.ts";
import { trySlice } from "./slice_tries.ts";
import { type Split, unitOf, unitsOf, unitStart } from "./split.ts";
import type { Spool, SpooledSlice } from "./spool.ts";
import { isoDay } from "../../streams/iso_time.ts";

export interface FetchSlicesOptions {
  /** Where slices are kept until they are used; what an earlier run has left there is not fetched again. */
  spool: Spool;
  clock: Clock;
  /** Requests at the same time. Default 4. */
  concurrency?: number;
  /** Days of each slice, instead of what fits the project. */
  sliceDays?: number;
  /** A slice is taken apart where the files of the output are. */
  split?: Split;
  /** No slice has days of both sides of the beginning of this day. */
  breakBefore?: string;
  /** Days that are there already. */
  covered?: readonly DayRange[];
  /** Slices come in the order of days, none after one that failed. */
  inOrder?: boolean;
  /** Ends at the first slice that fails finally: nothing of use would be kept. */
  isAllOrNothing?: boolean;
  /** How many slices are fetched that nobody has taken yet; without it, as many as there are. */
  mostAhead?: number;
  /** Prints a slice whose turn it is while it comes; the slice is then not spooled and `onPrinted` is told. */
  live?: {
    print(bytes: Uint8Array): Promise<void>;
    onPrinted(slice: DayRange & { events: number; bytes: number }): void;
  };
  /** Looks at slices while they are fetched. */
  look?: LookAtSlice;
  /** Looks at slices of whole files instead. */
  lookAtUnits?: LookAtUnits;
  progress?: JobProgress;
  signal?: AbortSignal;
  /** Told what a person should know. */
  note?(line: string): void;
  /** No slice has days of several files: the project's days are known not to be those of UTC. */
  keepsToFiles?: boolean;
  /** Told when that is found. */
  onForeignDays?(): void;
  /** Told that the range ends earlier, since the project's today does. */
  onShortened?(lastDay: string): void;
  /** Called with each request. */
  onRequest?(): void;
}

/** What every export leaves to the fetching of its slices. */
export type FetchSettings = Pick<
  FetchSlicesOptions,
  "clock" | "concurrency" | "sliceDays" | "progress" | "signal" | "note"
>;

export const DEFAULT_CONCURRENCY = 4;
/** A slice of this size shows that the project is not a quiet one. */
const MANY_BYTES = 16 * 1024 * 1024;
/** When so many slices in a row have failed finally, the others would as well. */
const MOST_FAILURES_IN_A_ROW = 3;

/**
 * Yields the slices of a range as they are there. What each yields is a file of the spool, which belongs to the caller
 * from then on: `spool.remove` when it is used.
 *
 * A slice that fails is tried again, later in halves; when it fails finally, the others go on.
 *
 * @throws MpError at the end, when days are missing, and at once for what concerns every slice.
 */
export async function* fetchSlices(
  client: Client,
  query: ExportQuery,
  options: FetchSlicesOptions,
): AsyncGenerator<SpooledSlice, void> {
  const fetcher = new SliceFetcher(client, query, options);
  try {
    await fetcher.prepare();
    yield* fetcher.slices();
  } finally {
    await fetcher.end();
  }
}

/** What goes with one try to fetch a slice. */
interface Try {
  part: PartProgress;
  printing: LiveSlice | undefined;
  onWaited(): void;
  look?: (slice: DayRange) => SliceLook | undefined;
}

class SliceFetcher {
  readonly #client: Client;
  readonly #query: ExportQuery;
  readonly #options: FetchSlicesOptions;
  readonly #concurrency: number;
  readonly #progress: JobProgress;
  readonly #abort = new AbortController();
  #plan!: SlicePlan;
  #ready: SpooledSlice[] = [];
  readonly #running = new Map<DayRange, Promise<void>>();
  #missing: MissingDays[] = [];
  #stopped: { error: unknown } | undefined;
  #hasWorked = false;
  #failuresInARow = 0;
  /** Requests that may run now: one, until it is known how much comes. */
  #parallel: number;
  /** In order: the first day that has not been passed on. */
  #nextDay: string;
  #lastDay: string;
  #readerWaits = false;
  #wake = () => {};

  constructor(client: Client, query: ExportQuery, options: FetchSlicesOptions) {
    this.#client = client;
    this.#query = query;
    this.#options = options;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#progress = options.progress ?? SILENT_PROGRESS;
    this.#parallel = options.sliceDays === undefined ? 1 : this.#concurrency;
    this.#nextDay = query.from;
    this.#lastDay = query.to;
    const forward = () => this.#abort.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", forward, { once: true });
    if (options.signal?.aborted) forward();
    this.#abort.signal.addEventListener("abort", () => this.#wake());
  }

  /** Plans what is missing. A day that was not over when it was fetched may have more events now: it is not kept. */
  async prepare(): Promise<void> {
    const { spool, covered = [], sliceDays, split, clock } = this.#options;
    for (const slice of spool.slices) {
      const isOutside = slice.from < this.#query.from || slice.to > this.#query.to;
      if (slice.isOpen || isOutside) await spool.remove(slice);
    }
    this.#lastDay = this.#withoutFarFuture(clock.now());
    const range = { from: this.#query.from, to: this.#lastDay };
    const wanted = daysWithout(range, [...covered, ...spool.slices]);
    this.#plan = new SlicePlan(wanted, range, {
      fixedDays: sliceDays,
      // A limit holds for all days together, so that they cannot be asked for one by one.
      isOneRequest: this.#query.limit !== undefined,
      split,
      openFrom: this.#openFrom(range.to),
      breakBefore: this.#options.breakBefore,
      concurrency: this.#concurrency,
    });
    if (this.#options.keepsToFiles) this.#plan.keepToFiles();
    this.#ready = [...spool.slices];
    const days = countDays(range);
    this.#progress.total({ steps: days }, { steps: days - this.#plan.daysLeft });
    this.#skipCovered();
  }

  async *slices(): AsyncGenerator<SpooledSlice, void> {
    for (;;) {
      this.#readerWaits = true;
      this.#fill();
      if (this.#stopped !== undefined) throw this.#stopped.error;
      this.#options.signal?.throwIfAborted();
      const slice = this.#takeReady();
      if (slice !== undefined) {
        this.#readerWaits = false;
        yield slice;
      } else if (this.#running.size === 0) break;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
    this.#missing.push(...this.#notAskedFor());
    if (this.#missing.length > 0) throw new MissingDaysError(this.#missing);
  }

  /** Ends what is under way, and waits until it has. */
  async end(): Promise<void> {
    this.#abort.abort();
    // Each keeps what stopped it for who reads the slices; any other failure is thrown here.
    await Promise.all(this.#running.values());
  }

  /** From here on days are fetched again by the next export to the same folder. */
  #openFrom(lastDay: string): string | undefined {
    const nowMs = this.#options.clock.now();
    const { split = "none" } = this.#options;
    const today = isoDay(nowMs);
    const open = [addDays(today, -1), today, addDays(today, 1)].find((day) => isOpenDay(day, nowMs));
    // A week or month that ends with the range goes on in the next one.
    const isCut = unitStart(lastDay, split) === unitStart(addDays(lastDay, 1), split);
    return isCut && (open === undefined || lastDay < open) ? lastDay : open;
  }

  /** No project is more than a day ahead of UTC. */
  #withoutFarFuture(nowMs: number): string {
    const lastPossible = addDays(isoDay(nowMs), 1);
    if (this.#query.to <= lastPossible || this.#query.from > lastPossible) return this.#query.to;
    this.#options.note?.(`Days after ${lastPossible} have not begun anywhere: exporting up to that day`);
    this.#options.onShortened?.(lastPossible);
    return lastPossible;
  }

  #fill(): void {
    while (this.#stopped === undefined && !this.#abort.signal.aborted && this.#mayStart()) {
      const slice = this.#plan.take();
      if (slice === undefined) return;
      const task = this.#bring(slice).catch((error) => this.#stop(error)).finally(() => {
        this.#running.delete(slice);
        this.#fill();
        this.#wake();
      });
      this.#running.set(slice, task);
    }
  }

  #mayStart(): boolean {
    const running = this.#running.size;
    if (running >= this.#parallel || this.#failuresInARow >= MOST_FAILURES_IN_A_ROW) return false;
    const { mostAhead } = this.#options;
    if (mostAhead === undefined || running + this.#ready.length < mostAhead) return true;
    // Nothing can be taken until the slice comes whose turn it is.
    return running === 0 && this.#ready[0]?.from !== this.#nextDay;
  }

  #takeReady(): SpooledSlice | undefined {
    if (!this.#options.inOrder) return this.#ready.shift();
    const slice = this.#ready[0];
    if (slice === undefined || slice.from !== this.#nextDay) return undefined;
    this.#ready.shift();
    this.#passOver(slice);
    return slice;
  }

  #passOver(slice: DayRange): void {
    if (slice.from !== this.#nextDay) return;
    this.#nextDay = addDays(slice.to, 1);
    this.#skipCovered();
  }

  /** In order, the days of an earlier run come before those of this one. */
  #skipCovered(): void {
    for (const range of [...this.#options.covered ?? []].sort(byFirstDay)) {
      if (range.from <= this.#nextDay && range.to >= this.#nextDay) this.#nextDay = addDays(range.to, 1);
    }
  }

  /** Brings a slice, gives its days back, or gives them up. */
  async #bring(slice: DayRange): Promise<void> {
    const { clock, live, inOrder, look } = this.#options;
    const isNext = inOrder === true && this.#readerWaits && slice.from === this.#nextDay;
    const printing = isNext && live !== undefined ? new LiveSlice((bytes) => live.print(bytes)) : undefined;
    const part = this.#progress.part(formatDays(slice));
    const outcome = await trySlice({
      attempt: (counted, onWaited) =>
        this.#attempt(slice, { part: counted, printing, onWaited, look: look && ((days) => look(days, isNext)) }),
      part,
      clock,
      signal: this.#abort.signal,
      hasWorked: () => this.#hasWorked,
      // All days of a limited export are one request; what is printed cannot be asked for in other portions.
      mayHalve: () => slice.from < slice.to && this.#query.limit === undefined && !printing?.hasPrinted,
      onBytes: (bytes) => bytes > MANY_BYTES && this.#speedUp(),
    });
    if (outcome.kind === "whole") part.advance({ steps: countDays(slice) });
    part.end({ failed: outcome.kind !== "whole" });
    switch (outcome.kind) {
      case "whole":
        this.#hasWorked = true;
        this.#failuresInARow = 0;
        this.#plan.learn(slice, outcome);
        if (!this.#plan.isGrowing) this.#parallel = this.#concurrency;
        return;
      case "halve":
        return this.#plan.giveBackInHalves(slice);
      case "by_files":
        this.#plan.keepToFiles();
        this.#options.onForeignDays?.();
        return this.#plan.giveBack(slice);
      case "give_up":
        return this.#giveUp(slice, outcome.error);
      case "future":
        return this.#shorten(slice, outcome.error);
      case "stop":
        return this.#stop(outcome.error);
    }
  }

  /** One try; returns the uncompressed bytes of the slice. */
  async #attempt(slice: DayRange, { part, printing, onWaited, look }: Try): Promise<number> {
    const { clock, spool, split, live, onRequest } = this.#options;
    onRequest?.();
    const options = {
      signal: this.#abort.signal,
      // Failures are judged here, where it is known what else goes on.
      once: true,
      patienceMs: JOB_PATIENCE_MS,
      onWait: (wait: Wait | undefined) => {
        part.wait(wait);
        if (wait === undefined) onWaited();
      },
      onQuota: (left: number, limit: number) => this.#progress.quota(left, limit),
      nowMs: clock.now(),
      part,
      look,
    };
    if (printing !== undefined) {
      const count = { records: 0, bytes: 0 };
      await printing.take(sliceLines(this.#client, this.#query, slice, count, options));
      live?.onPrinted({ ...slice, events: count.records, bytes: count.bytes });
      this.#passOver(slice);
      return count.bytes;
    }
    const units = split === undefined || split === "none" ? [slice] : unitsOf(slice, split);
    const whole = this.#lookAtUnits(slice, units);
    const slices = whole !== undefined
      ? [await fetchIntoSpool(this.#client, this.#query, slice, spool, { ...options, look: () => whole })]
      : units.length === 1
      ? [await fetchIntoSpool(this.#client, this.#query, slice, spool, options)]
      : await fetchIntoUnits(this.#client, this.#query, slice, units, spool, options);
    this.#ready.push(...slices);
    if (this.#options.inOrder) this.#ready.sort(byFirstDay);
    return slices.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Only those who get all events of a file can make it. */
  #lookAtUnits(slice: DayRange, units: readonly DayRange[]): SliceLook | undefined {
    const { lookAtUnits, split } = this.#options;
    if (lookAtUnits === undefined || split === undefined) return undefined;
    const isWhole = unitOf(slice.from, split, { from: this.#query.from, to: this.#lastDay }).from === slice.from &&
      unitOf(slice.to, split, { from: this.#query.from, to: this.#lastDay }).to === slice.to;
    // All days of a limited export are one request, whatever their events say.
    return isWhole ? lookAtUnits(units, units.length > 1 && this.#query.limit === undefined) : undefined;
  }

  #speedUp(): void {
    if (this.#parallel === this.#concurrency) return;
    this.#parallel = this.#concurrency;
    this.#fill();
  }

  #giveUp(slice: DayRange, error: MpError): void {
    if (this.#options.isAllOrNothing) return this.#stop(new MissingDaysError([{ ...slice, error }]));
    this.#missing.push({ ...slice, error });
    this.#failuresInARow++;
  }

  /** Leaves out the last day of a slice, which has not begun in the project's time zone. */
  #shorten(slice: DayRange, error: MpError): void {
    const today = isoDay(this.#options.clock.now());
    const isPlausible = slice.to >= addDays(today, -1) && slice.to > this.#query.from;
    if (!isPlausible) return this.#stop(error);
    const lastDay = addDays(slice.to, -1);
    this.#plan.endAt(lastDay);
    if (slice.from <= lastDay) this.#plan.giveBack({ from: slice.from, to: lastDay });
    if (lastDay >= this.#lastDay) return;
    this.#lastDay = lastDay;
    this.#progress.total({ steps: countDays({ from: this.#query.from, to: lastDay }) });
    this.#options.note?.(`${slice.to} has not begun in the project's time zone: exporting up to ${lastDay}`);
    this.#options.onShortened?.(lastDay);
  }

  #stop(error: unknown): void {
    this.#stopped ??= { error };
    this.#abort.abort();
  }

  /** Days that were left alone because too much had failed. */
  #notAskedFor(): MissingDays[] {
    const error = this.#missing[this.#missing.length - 1]?.error;
    const left: MissingDays[] = [];
    for (let slice = this.#plan.take(); slice !== undefined && error !== undefined; slice = this.#plan.take()) {
      left.push({ ...slice, error });
    }
    return left;
  }
}
