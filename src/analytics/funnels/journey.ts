/** How people go through a funnel: where one may enter, and how far an entry gets. */
import { stringifyJson } from "../../streams/json/json.ts";
import type { EventView } from "../rows/event_view.ts";
import type { PersonOrder } from "../rows/person_order.ts";
import { acrossChunks, type RowFilter, type RowPlace } from "../rows/row_value.ts";
import { chosenNames } from "../rows/scan.ts";
import type { FunnelRules, FunnelStep } from "./funnel_rules.ts";
import { SessionNumbers } from "./session_numbers.ts";

/** Events this far apart count as simultaneous: the later one may come first. */
const GRACE_MS = 2000;

/** One way through a funnel. Events are named by their positions in the order of people. */
export interface Attempt {
  entry: number;
  /** The events of the steps that were done, in the order in which they were. */
  reached: readonly number[];
  /** The last event that belongs to it: the next attempt begins and goes on after that. */
  exit: number;
}

type Test = (place: RowPlace) => boolean;

/** The events of one person at a time, as far as a funnel looks at them. */
export class Journey {
  readonly #order: PersonOrder;
  readonly #rules: FunnelRules;
  /** By code of an event's name: the steps that it may be, and the exclusions. */
  readonly #steps: (readonly number[] | undefined)[];
  readonly #exclusions: (readonly number[] | undefined)[];
  /** By code of an event's name: whether it may be any of them. */
  readonly #isLookedAt: Uint8Array;
  readonly #passesStep: (Test | undefined)[];
  readonly #passesExclusion: (Test | undefined)[];
  /** For so many steps done, the first and the last step of which one has to come next. */
  readonly #open: readonly (readonly [first: number, last: number])[];
  readonly #heldOf: ((place: RowPlace) => string | undefined) | undefined;
  readonly #sessions: SessionNumbers | undefined;
  readonly #isDone: Uint8Array;
  /** The person's events: from the first one up to the last one. */
  #start = 0;
  #end = 0;

  constructor(view: EventView, rules: FunnelRules) {
    const { steps, exclusions = [], counting, windowSessions } = rules;
    this.#rules = rules;
    this.#order = view.byPerson;
    const nameCodes = (kinds: readonly Pick<FunnelStep, "event" | "names">[]) => {
      const byName: number[][] = [];
      for (const [index, { event, names = [event] }] of kinds.entries()) {
        for (const [code, isChosen] of chosenNames(view, names === "any" ? undefined : names).entries()) {
          if (isChosen === 1) (byName[code] ??= []).push(index);
        }
      }
      return byName;
    };
    this.#steps = nameCodes(steps);
    this.#exclusions = nameCodes(exclusions);
    this.#isLookedAt = new Uint8Array(view.table.names.count);
    for (const name of this.#isLookedAt.keys()) {
      this.#isLookedAt[name] = this.#steps[name] !== undefined || this.#exclusions[name] !== undefined ? 1 : 0;
    }
    const tests = (kinds: readonly { where?: RowFilter }[]) =>
      kinds.map(({ where }) => testOf(view, rules.where, where));
    this.#passesStep = tests(steps);
    this.#passesExclusion = tests(exclusions);
    this.#open = openSteps(rules);
    this.#heldOf = holder(view, rules);
    this.#isDone = new Uint8Array(steps.length);
    if (counting === "sessions" || windowSessions !== undefined) {
      this.#sessions = new SessionNumbers(view.byPerson, rules.sessions);
    }
  }

  /** Goes over to another person. */
  begin(person: number): void {
    const { starts, timesMs } = this.#order;
    this.#start = starts[person]!;
    this.#end = starts[person + 1]!;
    this.#sessions?.begin(this.#start, this.#end);
    const { startMs } = this.#rules.buckets;
    while (this.#start < this.#end && timesMs[this.#start]! < startMs) this.#start++;
  }

  /** The first event after a position with which the person may enter, or -1. */
  entryAfter(position: number): number {
    const { timesMs, names } = this.#order;
    const { endMs } = this.#rules.buckets;
    for (let at = Math.max(position + 1, this.#start); at < this.#end; at++) {
      if (this.#isLookedAt[names[at]!] === 0) continue;
      if (timesMs[at]! >= endMs) return -1;
      this.#isDone.fill(0);
      if (this.#stepAt(at, 0) >= 0 && (this.#heldOf === undefined || this.#heldAt(at) !== undefined)) return at;
    }
    return -1;
  }

  /** The number of the session that an event is in; sessions of later events have higher ones. */
  sessionOf(at: number): number {
    return this.#sessions!.of(at);
  }

  /** The last event before the session of another one. */
  beforeSessionOf(at: number): number {
    let first = at;
    while (first > this.#start && this.sessionOf(first - 1) === this.sessionOf(at)) first--;
    return first - 1;
  }

  /** What an event has of the values that are held constant; undefined when one of them is missing. */
  #heldAt(at: number): string | undefined {
    return this.#heldOf?.(this.#order.places[at]!);
  }

  /** The way from an entry through the funnel, with events after the position `floor` only. */
  follow(entry: number, floor: number): Attempt {
    const { steps } = this.#rules;
    const isDone = this.#isDone.fill(0);
    isDone[this.#stepAt(entry, 0)] = 1;
    const reached = [entry];
    const held = this.#heldAt(entry);
    while (reached.length < steps.length) {
      const next = this.#next(reached, held, floor);
      if (next < 0) return { entry, reached, exit: ~next };
      isDone[this.#stepAt(next, reached.length)] = 1;
      reached.push(next);
    }
    return { entry, reached, exit: Math.max(...reached) };
  }

  /** The event of the next step, or the complement of the last event of an attempt that ends without it. */
  #next(reached: readonly number[], held: string | undefined, floor: number): number {
    const { timesMs, names } = this.#order;
    const { windowMs, windowSessions = Infinity } = this.#rules;
    const entry = reached[0]!;
    const untilMs = timesMs[entry]! + windowMs;
    const lastSession = windowSessions === Infinity ? Infinity : this.sessionOf(entry) + windowSessions - 1;
    let at = this.#backToGrace(reached[reached.length - 1]!, floor);
    for (; at < this.#end; at++) {
      if (timesMs[at]! > untilMs || (lastSession !== Infinity && this.sessionOf(at) > lastSession)) break;
      if (this.#isLookedAt[names[at]!] === 0 || reached.includes(at)) continue;
      if (this.#stepAt(at, reached.length) >= 0 && (this.#heldOf === undefined || this.#heldAt(at) === held)) return at;
      if (this.#isExcluded(at, reached.length)) return ~at;
    }
    return ~(at - 1);
  }

  /** The first event that counts as not before another one. */
  #backToGrace(at: number, floor: number): number {
    const { timesMs } = this.#order;
    const sinceMs = timesMs[at]! - GRACE_MS;
    const first = Math.max(this.#start, floor + 1);
    let from = at;
    while (from > first && timesMs[from - 1]! >= sinceMs) from--;
    return from;
  }

  /** The step that an event does when so many are done, or -1. */
  #stepAt(at: number, doneCount: number): number {
    const candidates = this.#steps[this.#order.names[at]!];
    if (candidates === undefined) return -1;
    const [first, last] = this.#open[doneCount]!;
    for (const step of candidates) {
      if (step < first || step > last || this.#isDone[step] === 1) continue;
      const passes = this.#passesStep[step];
      if (passes === undefined || passes(this.#order.places[at]!)) return step;
    }
    return -1;
  }

  #isExcluded(at: number, doneCount: number): boolean {
    const candidates = this.#exclusions[this.#order.names[at]!];
    if (candidates === undefined) return false;
    return candidates.some((index) => {
      const { after = 0, before = Infinity } = this.#rules.exclusions![index]!;
      if (doneCount <= after || doneCount > before) return false;
      return this.#passesExclusion[index]?.(this.#order.places[at]!) ?? true;
    });
  }
}

/** Steps in any order make a group that is done before what follows it; every other step is a group of its own. */
function openSteps({ steps }: FunnelRules): [number, number][] {
  const open: [number, number][] = [];
  for (let start = 0; start < steps.length;) {
    let last = start;
    if (steps[start]!.inAnyOrder) { while (steps[last + 1]?.inAnyOrder) last++; }
    for (let count = start; count <= last; count++) open.push([start, last]);
    start = last + 1;
  }
  return open;
}

function testOf({ chunks }: EventView, overall: RowFilter | undefined, own: RowFilter | undefined): Test | undefined {
  const first = overall && acrossChunks(chunks, overall);
  const second = own && acrossChunks(chunks, own);
  return first && second ? (place) => first(place) && second(place) : first ?? second;
}

function holder(view: EventView, { holding = [] }: FunnelRules): ((place: RowPlace) => string | undefined) | undefined {
  if (holding.length === 0) return undefined;
  const values = holding.map((value) => acrossChunks(view.chunks, value));
  return (place) => {
    const found = values.map((valueOf) => valueOf(place));
    return found.includes(undefined) ? undefined : stringifyJson(found);
  };
}
