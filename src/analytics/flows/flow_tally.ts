/** Ways of people added up. */
import type { EventView } from "../rows/event_view.ts";
import type { FlowPath, FlowRules } from "./flow_rules.ts";
import { visitFlowPaths } from "./flow_paths.ts";

/** An event of a way. */
export interface FlowStep {
  event: string;
  /** The position of the anchor that it is; -1 for other events. */
  anchor: number;
  column: number;
}

/** A way that some took. */
export interface CountedPath {
  steps: readonly FlowStep[];
  count: number;
  isConverted: boolean;
}

/** All different ways with how often they were taken, most first; ties in the order of their events. */
export function countPaths(view: EventView, rules: FlowRules): CountedPath[] {
  const tally = new PathTally(view, rules);
  visitFlowPaths(view, rules, (path) => tally.add(path));
  const paths = tally.paths();
  const words = new Map(paths.map((path) => [path, path.steps.map(({ event }) => event).join("\n")]));
  return paths.sort((a, b) => b.count - a.count || (words.get(a)! < words.get(b)! ? -1 : 1));
}

/** A tree of ways: those that begin alike share their first nodes. The root is node 0. */
class PathTally {
  /** By node and step: the node of that step. */
  readonly #next = new Map<number, number>();
  readonly #parents: number[] = [0];
  readonly #steps: (FlowStep | undefined)[] = [undefined];
  /** By node: how many ways end there, with all anchors and without. */
  readonly #converted: number[] = [0];
  readonly #others: number[] = [0];
  readonly #nameCount: number;
  readonly #firstColumn: number;
  readonly #stepCount: number;

  constructor(private readonly view: EventView, private readonly rules: FlowRules) {
    this.#nameCount = view.table.names.count;
    this.#firstColumn = -rules.anchors[0]!.reverse;
    const columns = rules.anchors.reduce((sum, { forward }) => sum + forward + 1, -this.#firstColumn);
    this.#stepCount = columns * this.#nameCount;
  }

  add(path: FlowPath): void {
    const { names } = this.view.byPerson;
    let node = 0;
    for (let index = 0; index < path.length; index++) {
      // An anchor is one step, whichever of its events it was; nothing else is in its column.
      const name = path.anchors[index]! < 0 ? names[path.events[index]!]! : 0;
      const step = (path.columns[index]! - this.#firstColumn) * this.#nameCount + name;
      const key = node * this.#stepCount + step;
      node = this.#next.get(key) ?? this.#grow(node, key, path, index);
    }
    const counts = path.isConverted ? this.#converted : this.#others;
    counts[node]!++;
  }

  paths(): CountedPath[] {
    return this.#steps.flatMap((_, node) => {
      const steps = this.#stepsTo(node);
      const ways = [{ steps, count: this.#converted[node]!, isConverted: true }];
      ways.push({ steps, count: this.#others[node]!, isConverted: false });
      return ways.filter(({ count }) => count > 0);
    });
  }

  #grow(parent: number, key: number, { columns, anchors, events }: FlowPath, index: number): number {
    const node = this.#parents.push(parent) - 1;
    this.#next.set(key, node);
    const anchor = anchors[index]!;
    const event = anchor < 0
      ? this.view.nameOf(this.view.byPerson.names[events[index]!]!)
      : this.rules.anchors[anchor]!.label;
    this.#steps.push({ event, anchor, column: columns[index]! });
    this.#converted.push(0);
    this.#others.push(0);
    return node;
  }

  #stepsTo(node: number): FlowStep[] {
    const steps: FlowStep[] = [];
    for (let at = node; at !== 0; at = this.#parents[at]!) steps.push(this.#steps[at]!);
    return steps.reverse();
  }
}
