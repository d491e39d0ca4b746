/** The ways that people take around some events, in one pass in the order of people. */
import { SessionNumbers } from "../funnels/session_numbers.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, EVERY_ROW } from "../rows/row_value.ts";
import { chosenNames } from "../rows/scan.ts";
import type { FlowPath, FlowPathStep, FlowRules } from "./flow_rules.ts";

/** Calls `visit` for each way that counts, person by person. */
export function visitFlowPaths(view: EventView, rules: FlowRules, visit: (path: FlowPath) => void): void {
  const walker = new Walker(view, rules);
  const { starts } = view.byPerson;
  for (let person = 1; person + 1 < starts.length; person++) {
    walker.begin(starts[person]!, starts[person + 1]!);
    walker.visitPaths(visit);
  }
}

class Walker {
  readonly #timesMs: Float64Array;
  readonly #names: ArrayLike<number>;
  readonly #isAnchor: ((at: number) => boolean)[];
  /** Whether an event may stand between anchors. */
  readonly #isPassed: (at: number) => boolean;
  readonly #sessions: SessionNumbers;
  /** The column of each anchor. */
  readonly #columns: readonly number[];
  #start = 0;
  #end = 0;

  constructor(view: EventView, private readonly rules: FlowRules) {
    const { timesMs, names, places } = view.byPerson;
    this.#timesMs = timesMs;
    this.#names = names;
    const test = (chosen: Uint8Array, where = EVERY_ROW) => {
      const passes = acrossChunks(view.chunks, where);
      return (at: number) => chosen[names[at]!] === 1 && passes(places[at]!);
    };
    const excluded = chosenNames(view, rules.excluded ?? []);
    this.#isPassed = test(excluded.map((isExcluded) => 1 - isExcluded), rules.where);
    const passesAll = test(chosenNames(view, undefined), rules.where);
    this.#isAnchor = rules.anchors.map(({ names: own, where, session }) => {
      const isOne = test(chosenNames(view, own), where);
      return (at) => isOne(at) && passesAll(at) && (session === undefined || this.#isEdge(at, session));
    });
    this.#sessions = new SessionNumbers(view.byPerson, rules.sessions);
    let column = 0;
    this.#columns = rules.anchors.map(({ forward }) => {
      const own = column;
      column += forward + 1;
      return own;
    });
  }

  begin(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    const { counting, withinSession, anchors } = this.rules;
    const needsSessions = counting === "session" || withinSession ||
      anchors.some(({ session }) => session !== undefined);
    if (needsSessions) this.#sessions.begin(start, end);
  }

  visitPaths(visit: (path: FlowPath) => void): void {
    const { counting, buckets } = this.rules;
    let session = -1;
    for (let at = this.#start; at < this.#end; at++) {
      if (buckets.indexOf(this.#timesMs[at]!) < 0 || !this.#isAnchor[0]!(at)) continue;
      if (counting === "session") {
        if (this.#sessions.of(at) === session) continue;
        session = this.#sessions.of(at);
      }
      const path = this.#pathFrom(at);
      visit(path);
      if (counting === "unique") return;
      // The next way begins after the last anchor of this one.
      if (counting === "total") at = path.steps.findLast(({ anchor }) => anchor >= 0)!.at;
    }
  }

  #pathFrom(first: number): FlowPath {
    const { anchors } = this.rules;
    const steps = [...this.#before(first), { at: first, anchor: 0, column: 0 }];
    let from = first;
    for (const [index, { forward }] of anchors.entries()) {
      const next = index + 1 < anchors.length ? this.#nextAnchor(first, from, index + 1) : -1;
      steps.push(...this.#after(first, from, next < 0 ? this.#end : next, forward, this.#columns[index]!));
      if (index + 1 === anchors.length) break;
      if (next < 0) return { steps, isConverted: false };
      steps.push({ at: next, anchor: index + 1, column: this.#columns[index + 1]! });
      from = next;
    }
    return { steps, isConverted: true };
  }

  #nextAnchor(first: number, from: number, anchor: number): number {
    for (let at = from + 1; at < this.#end && this.#isWithin(first, at); at++) {
      if (this.#isAnchor[anchor]!(at)) return at;
    }
    return -1;
  }

  #after(first: number, from: number, end: number, most: number, column: number): FlowPathStep[] {
    const steps: FlowPathStep[] = [];
    let last = from;
    for (let at = from + 1; at < end && steps.length < most && this.#isWithin(first, at); at++) {
      if (!this.#isPassed(at) || this.#isRepeated(last, at)) continue;
      steps.push({ at, anchor: -1, column: column + steps.length + 1 });
      last = at;
    }
    return steps;
  }

  #before(first: number): FlowPathStep[] {
    const steps: FlowPathStep[] = [];
    const most = this.rules.anchors[0]!.reverse;
    let last = first;
    for (let at = first - 1; at >= this.#start && steps.length < most && this.#isWithin(first, at); at--) {
      if (!this.#isPassed(at) || this.#isRepeated(last, at)) continue;
      steps.push({ at, anchor: -1, column: -steps.length - 1 });
      last = at;
    }
    return steps.reverse();
  }

  #isWithin(first: number, at: number): boolean {
    const { windowMs, withinSession } = this.rules;
    if (Math.abs(this.#timesMs[at]! - this.#timesMs[first]!) > windowMs) return false;
    return !withinSession || this.#sessions.of(at) === this.#sessions.of(first);
  }

  #isRepeated(one: number, other: number): boolean {
    return this.rules.collapsesRepeated === true && this.#names[one] === this.#names[other];
  }

  #isEdge(at: number, edge: "start" | "end"): boolean {
    const beside = edge === "start" ? at - 1 : at + 1;
    return beside < this.#start || beside >= this.#end || this.#sessions.of(beside) !== this.#sessions.of(at);
  }
}
