/** The ways that people take around some events, in one pass in the order of people. */
import { SessionNumbers } from "../funnels/session_numbers.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, type RowPlace } from "../rows/row_value.ts";
import { chosenNames } from "../rows/scan.ts";
import type { BucketCursor } from "../time_buckets.ts";
import type { FlowPath, FlowRules } from "./flow_rules.ts";

/** Calls `visit` for each way that counts, person by person. The path is good until the next call. */
export function visitFlowPaths(view: EventView, rules: FlowRules, visit: (path: FlowPath) => void): void {
  const walker = new Walker(view, rules);
  const { starts } = view.byPerson;
  for (let person = 1; person + 1 < starts.length; person++) {
    walker.begin(starts[person]!, starts[person + 1]!);
    walker.visitPaths(visit);
  }
}

/** Whether an event is of a kind: by its name, and then by what it passes. */
interface Kind {
  /** By code of a name. */
  chosen: Uint8Array;
  passes: ((place: RowPlace) => boolean) | undefined;
}

class Walker implements FlowPath {
  length = 0;
  readonly events: number[] = [];
  readonly columns: number[] = [];
  readonly anchors: number[] = [];
  isConverted = false;

  readonly #timesMs: Float64Array;
  readonly #names: ArrayLike<number>;
  readonly #places: Uint32Array;
  readonly #anchorKinds: readonly Kind[];
  /** What may stand between anchors. */
  readonly #between: Kind;
  /** What everything has to pass. */
  readonly #passes: ((place: RowPlace) => boolean) | undefined;
  readonly #cursor: BucketCursor;
  readonly #sessions: SessionNumbers;
  /** The column of each anchor. */
  readonly #anchorColumns: readonly number[];
  #start = 0;
  #end = 0;

  constructor(view: EventView, private readonly rules: FlowRules) {
    const { timesMs, names, places } = view.byPerson;
    this.#timesMs = timesMs;
    this.#names = names;
    this.#places = places;
    this.#cursor = rules.buckets.cursor();
    this.#passes = rules.where && acrossChunks(view.chunks, rules.where);
    this.#between = {
      chosen: chosenNames(view, rules.excluded ?? []).map((isExcluded) => 1 - isExcluded),
      passes: this.#passes,
    };
    this.#anchorKinds = rules.anchors.map(({ names: own, where }) => {
      return { chosen: chosenNames(view, own), passes: where && acrossChunks(view.chunks, where) };
    });
    this.#sessions = new SessionNumbers(view.byPerson, rules.sessions);
    let column = 0;
    this.#anchorColumns = rules.anchors.map(({ forward }) => {
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
    const { counting } = this.rules;
    let session = -1;
    for (let at = this.#start; at < this.#end; at++) {
      if (!this.#isAnchor(at, 0) || this.#cursor.indexOf(this.#timesMs[at]!) < 0) continue;
      if (counting === "session") {
        if (this.#sessions.of(at) === session) continue;
        session = this.#sessions.of(at);
      }
      const last = this.#walk(at);
      visit(this);
      if (counting === "unique") return;
      // The next way begins after the last anchor of this one.
      if (counting === "total") at = last;
    }
  }

  /** Fills the path from its first anchor, and returns the last one. */
  #walk(first: number): number {
    const { anchors } = this.rules;
    this.length = 0;
    this.#walkBack(first);
    this.#add(first, 0, 0);
    this.isConverted = false;
    let from = first;
    for (let anchor = 0;; anchor++) {
      const isLast = anchor + 1 === anchors.length;
      const next = isLast ? -1 : this.#nextAnchor(first, from, anchor + 1);
      this.#walkOn(first, from, next < 0 ? this.#end : next, anchor);
      if (isLast) this.isConverted = true;
      if (next < 0) return from;
      this.#add(next, this.#anchorColumns[anchor + 1]!, anchor + 1);
      from = next;
    }
  }

  #add(at: number, column: number, anchor: number): void {
    this.events[this.length] = at;
    this.columns[this.length] = column;
    this.anchors[this.length] = anchor;
    this.length++;
  }

  #nextAnchor(first: number, from: number, anchor: number): number {
    for (let at = from + 1; at < this.#end && this.#isWithin(first, at); at++) {
      if (this.#isAnchor(at, anchor)) return at;
    }
    return -1;
  }

  #walkOn(first: number, from: number, end: number, anchor: number): void {
    const most = this.rules.anchors[anchor]!.forward;
    const column = this.#anchorColumns[anchor]!;
    let [last, count] = [from, 0];
    for (let at = from + 1; at < end && count < most && this.#isWithin(first, at); at++) {
      if (!this.#is(at, this.#between) || this.#isRepeated(last, at)) continue;
      count++;
      this.#add(at, column + count, -1);
      last = at;
    }
  }

  #walkBack(first: number): void {
    const most = this.rules.anchors[0]!.reverse;
    const found: number[] = [];
    let last = first;
    for (let at = first - 1; at >= this.#start && found.length < most && this.#isWithin(first, at); at--) {
      if (!this.#is(at, this.#between) || this.#isRepeated(last, at)) continue;
      found.push(at);
      last = at;
    }
    for (let index = found.length - 1; index >= 0; index--) this.#add(found[index]!, -index - 1, -1);
  }

  #isAnchor(at: number, anchor: number): boolean {
    if (!this.#is(at, this.#anchorKinds[anchor]!)) return false;
    if (this.#passes !== undefined && !this.#passes(this.#places[at]!)) return false;
    const { session } = this.rules.anchors[anchor]!;
    return session === undefined || this.#isEdge(at, session);
  }

  #is(at: number, { chosen, passes }: Kind): boolean {
    return chosen[this.#names[at]!] === 1 && (passes === undefined || passes(this.#places[at]!));
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
