/** What one person did, as far as a funnel looks at it, and how far an entry gets. */
import type { FunnelRules } from "./funnel_rules.ts";

/** Events this far apart count as simultaneous: the later one may come first. */
const GRACE_MS = 2000;

/** One way through a funnel. */
export interface Attempt {
  /** Position of the event that it began with. */
  entry: number;
  /** Positions of the events of the steps that were done, in the order in which they were. */
  reached: readonly number[];
  /** The last position that belongs to it: the next attempt begins and goes on after that. */
  exit: number;
}

/**
 * The events of one person that are steps or exclusions, in the order of time, numbered from 0. One journey is used for
 * all people, one after another.
 */
export class Journey {
  readonly timesMs: number[] = [];
  /** A number for the values that are held constant, by event. */
  readonly held: number[] = [];
  /** Numbers of sessions. */
  readonly sessions: number[] = [];
  /** Positions of rows in the table. */
  readonly rows: number[] = [];
  /** Events that may be a person's first, in the buckets. */
  readonly entries: number[] = [];
  readonly #entrySteps: number[] = [];
  /** Positions of the events that do a step, by step. */
  readonly #doing: number[][];
  readonly #excluded: number[][];
  /** For so many steps done, the steps of which one has to come next. */
  readonly #open: readonly (readonly number[])[];
  readonly #rules: FunnelRules;

  constructor(rules: FunnelRules) {
    this.#rules = rules;
    this.#doing = rules.steps.map(() => []);
    this.#excluded = (rules.exclusions ?? []).map(() => []);
    this.#open = openSteps(rules);
  }

  clear(): void {
    for (const list of [this.timesMs, this.held, this.sessions, this.rows, this.entries, this.#entrySteps]) {
      list.length = 0;
    }
    for (const list of this.#doing) list.length = 0;
    for (const list of this.#excluded) list.length = 0;
  }

  /** Adds an event after those before, and gives its position. */
  add(timeMs: number, row: number, session: number, held: number): number {
    this.rows.push(row);
    this.sessions.push(session);
    this.held.push(held);
    return this.timesMs.push(timeMs) - 1;
  }

  addStep(step: number, position: number): void {
    this.#doing[step]!.push(position);
    if (!this.#open[0]!.includes(step) || this.entries.at(-1) === position) return;
    const timeMs = this.timesMs[position]!;
    if (timeMs < this.#rules.buckets.startMs || timeMs >= this.#rules.buckets.endMs) return;
    this.entries.push(position);
    this.#entrySteps.push(step);
  }

  addExclusion(index: number, position: number): void {
    this.#excluded[index]!.push(position);
  }

  /** The way of the n-th entry through the funnel, with events after position `floor` only. */
  follow(entryIndex: number, floor: number): Attempt {
    const entry = this.entries[entryIndex]!;
    const remaining = new Set(this.#rules.steps.keys());
    remaining.delete(this.#entrySteps[entryIndex]!);
    const reached = [entry];
    let last = entry;
    while (remaining.size > 0) {
      const sinceMs = this.timesMs[last]! - GRACE_MS;
      let next = Infinity;
      let nextStep = -1;
      for (const step of this.#open[reached.length]!) {
        const position = remaining.has(step) ? this.#first(this.#doing[step]!, sinceMs, floor, reached) : Infinity;
        if (position < next) [next, nextStep] = [position, step];
      }
      const exclusion = this.#firstExclusion(reached, sinceMs, floor);
      if (exclusion < next && this.#isInWindow(exclusion, entry)) return { entry, reached, exit: exclusion };
      if (next === Infinity || !this.#isInWindow(next, entry)) return { entry, reached, exit: this.#windowEnd(entry) };
      remaining.delete(nextStep);
      reached.push(next);
      last = next;
    }
    return { entry, reached, exit: Math.max(...reached) };
  }

  #isInWindow(position: number, entry: number): boolean {
    const { windowMs, windowSessions = Infinity } = this.#rules;
    return this.timesMs[position]! - this.timesMs[entry]! <= windowMs &&
      this.sessions[position]! - this.sessions[entry]! < windowSessions;
  }

  /** The last position in the window of an entry. */
  #windowEnd(entry: number): number {
    let [low, high] = [entry, this.timesMs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#isInWindow(middle, entry)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The first of ascending positions that is not too early, was not used yet, and holds what the entry does. */
  #first(positions: readonly number[], sinceMs: number, floor: number, used: readonly number[]): number {
    const held = this.held[used[0]!];
    for (let index = this.#firstAt(positions, sinceMs, floor); index < positions.length; index++) {
      const position = positions[index]!;
      if (this.held[position] === held && !used.includes(position)) return position;
    }
    return Infinity;
  }

  #firstExclusion(reached: readonly number[], sinceMs: number, floor: number): number {
    let first = Infinity;
    for (const [index, positions] of this.#excluded.entries()) {
      const { after = 0, before = Infinity } = this.#rules.exclusions![index]!;
      if (reached.length <= after || reached.length > before) continue;
      for (let at = this.#firstAt(positions, sinceMs, floor); at < positions.length; at++) {
        const position = positions[at]!;
        if (reached.includes(position)) continue;
        first = Math.min(first, position);
        break;
      }
    }
    return first;
  }

  /** Index of the first of ascending positions after `floor` whose time is not before `sinceMs`. */
  #firstAt(positions: readonly number[], sinceMs: number, floor: number): number {
    let [low, high] = [0, positions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const position = positions[middle]!;
      if (position <= floor || this.timesMs[position]! < sinceMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Steps in any order make a group that is done before what follows it; every other step is a group of its own. */
function openSteps({ steps }: FunnelRules): number[][] {
  const open: number[][] = [];
  for (let start = 0; start < steps.length;) {
    let end = start + 1;
    if (steps[start]!.inAnyOrder) while (end < steps.length && steps[end]!.inAnyOrder) end++;
    const group = Array.from({ length: end - start }, (_, index) => start + index);
    for (; start < end; start++) open.push(group);
  }
  return open;
}
