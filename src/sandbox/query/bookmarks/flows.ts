/** Flows: the ways of people as a diagram, as a list, and as a tree. (facts 3.1) */
import type { CountedPath, FlowStep } from "../../../analytics/flows/flow_tally.ts";
import { countPaths } from "../../../analytics/flows/flow_tally.ts";
import type { SandboxCall } from "../../call.ts";
import { computedAt } from "./answer.ts";
import type { Clause } from "./clause.ts";
import { type FlowQuestion, flowQuestionOf } from "./flow_rules_of.ts";

export const FLOW_QUERIES = ["flows_sankey", "flows_top_paths", "flows"] as const;
type FlowQuery = typeof FLOW_QUERIES[number];

/** The most paths of a list. */
const MOST_PATHS = 50;
/** Stands for those who do nothing more, and for the events that are not told one by one. */
const DROPOFF = "DROPOFF";
const PRUNED = "PRUNED";

export function flowsAnswer(call: SandboxCall, params: Clause, query: FlowQuery): object {
  const asked = flowQuestionOf(call, params);
  const paths = countPaths(asked.question.view, asked.rules);
  const total = paths.reduce((sum, { count }) => sum + count, 0);
  const converted = paths.reduce((sum, { count, isConverted }) => sum + (isConverted ? count : 0), 0);
  return {
    computed_at: computedAt(call),
    steps: query === "flows_sankey" ? new Diagram(asked, paths).steps() : [],
    flows: query === "flows_top_paths" ? topPaths(asked, paths) : [],
    trees: query === "flows" ? [{ root: treeOf(asked, paths) }] : [],
    breakdowns: [],
    overallConversionRate: total === 0 ? 0 : converted / total,
    metadata: { min_sampling_factor: 1 },
  };
}

function typeOf({ event, anchor }: Pick<FlowStep, "event" | "anchor">): string {
  if (anchor >= 0) return "ANCHOR";
  return event === DROPOFF || event === PRUNED ? event : "NORMAL";
}

function anchorTypeOf({ anchor, column }: Pick<FlowStep, "anchor" | "column">): string {
  if (anchor >= 0) return "NORMAL";
  return column < 0 ? "RELATIVE_REVERSE" : "RELATIVE_FORWARD";
}

/** The last column that a path may reach. */
function lastColumn({ rules: { anchors } }: FlowQuestion): number {
  return anchors.reduce((column, { forward }) => column + forward + 1, 0) - 1;
}

/** The steps of a path, and the drop-off behind them where it ends before the last column. */
function stepsWithEnd(asked: FlowQuestion, { steps }: CountedPath): FlowStep[] {
  const last = steps[steps.length - 1]!;
  if (last.column >= lastColumn(asked)) return [...steps];
  return [...steps, { event: DROPOFF, anchor: -1, column: last.column + 1 }];
}

interface Node {
  event: string;
  anchor: number;
  column: number;
  count: number;
  /** By the event and column that they lead to. */
  edges: Map<string, { to: FlowStep; count: number }>;
}

/** One list of nodes for each column. */
class Diagram {
  readonly #columns = new Map<number, Map<string, Node>>();

  constructor(private readonly asked: FlowQuestion, paths: readonly CountedPath[]) {
    const kept = this.#keptEvents(paths);
    for (const path of paths) {
      const steps = stepsWithEnd(asked, path).map((step) => {
        const isKept = step.anchor >= 0 || step.event === DROPOFF || kept.get(step.column)!.has(step.event);
        return isKept ? step : { ...step, event: PRUNED };
      });
      for (const [index, step] of steps.entries()) this.#add(step, steps[index + 1], path.count);
    }
    this.#carryDropoffs();
  }

  steps(): object[] {
    const { hidden, rules: { anchors } } = this.asked;
    const first = -anchors[0]!.reverse;
    const columns = Array.from({ length: lastColumn(this.asked) - first + 1 }, (_, index) => first + index);
    return columns.map((column) => ({
      nodes: sorted(this.#columns.get(column)).filter(({ event }) => !hidden.has(event)).map((node) => ({
        event: node.event,
        totalCount: String(node.count),
        type: typeOf(node),
        anchorType: anchorTypeOf(node),
        isCustomEvent: node.anchor >= 0 && this.asked.customEvents.has(node.event),
        edges: [...node.edges.values()].sort((a, b) => b.count - a.count || (a.to.event < b.to.event ? -1 : 1))
          .filter(({ to }) => !hidden.has(to.event))
          .map(({ to, count }) => ({
            event: to.event,
            step: to.column - first,
            totalCount: String(count),
            type: typeOf(to),
          })),
      })),
    }));
  }

  /** By column: the events with the most people, as many as are told. */
  #keptEvents(paths: readonly CountedPath[]): Map<number, Set<string>> {
    const counts = new Map<number, Map<string, number>>();
    for (const { steps, count } of paths) {
      for (const { event, column, anchor } of steps) {
        if (anchor >= 0) continue;
        let own = counts.get(column);
        if (own === undefined) counts.set(column, own = new Map());
        own.set(event, (own.get(event) ?? 0) + count);
      }
    }
    return new Map([...counts].map(([column, own]) => {
      const ranked = [...own].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return [column, new Set(ranked.slice(0, this.asked.cardinality).map(([event]) => event))];
    }));
  }

  #node({ event, anchor, column }: FlowStep): Node {
    let nodes = this.#columns.get(column);
    if (nodes === undefined) this.#columns.set(column, nodes = new Map());
    let node = nodes.get(event);
    if (node === undefined) nodes.set(event, node = { event, anchor, column, count: 0, edges: new Map() });
    return node;
  }

  #add(step: FlowStep, next: FlowStep | undefined, count: number): void {
    const node = this.#node(step);
    node.count += count;
    if (next === undefined) return;
    const key = `${next.column} ${next.event}`;
    const edge = node.edges.get(key);
    if (edge === undefined) node.edges.set(key, { to: next, count });
    else edge.count += count;
  }

  /** Those who dropped off stay so in all later columns. */
  #carryDropoffs(): void {
    for (let column = 1; column < lastColumn(this.asked); column++) {
      const node = this.#columns.get(column)?.get(DROPOFF);
      if (node === undefined) continue;
      const next = { event: DROPOFF, anchor: -1, column: column + 1 };
      this.#node(next).count += node.count;
      node.edges.set(`${next.column} ${DROPOFF}`, { to: next, count: node.count });
    }
  }
}

/** Most people first; drop-offs and what is not told one by one come last. */
function sorted(nodes: ReadonlyMap<string, Node> | undefined): Node[] {
  const rank = ({ event }: Node) => event === PRUNED ? 1 : event === DROPOFF ? 2 : 0;
  return [...nodes?.values() ?? []]
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count || (a.event < b.event ? -1 : 1));
}

function topPaths(asked: FlowQuestion, paths: readonly CountedPath[]): object[] {
  return paths.slice(0, MOST_PATHS).map((path) => ({
    totalCount: String(path.count),
    flowSteps: stepsWithEnd(asked, path).filter(({ event }) => !asked.hidden.has(event)).map((step) => ({
      event: step.event,
      type: typeOf(step),
      anchorType: anchorTypeOf(step),
      totalCount: String(path.count),
    })),
  }));
}

/** Paths from a place on: those that begin alike share a node. The root itself is no step. */
function treeOf(asked: FlowQuestion, paths: readonly CountedPath[]): object {
  const inColumns = paths.map((path) => ({ ...path, steps: stepsWithEnd(asked, path) }));
  return treeNode(asked, inColumns, null, 0);
}

function treeNode(
  asked: FlowQuestion,
  paths: readonly CountedPath[],
  step: FlowStep | null,
  depth: number,
): Record<string, unknown> {
  const sum = (which: (path: CountedPath) => boolean) =>
    String(paths.filter(which).reduce((total, { count }) => total + count, 0));
  const going = paths.filter(({ steps }) => steps.length > depth);
  const branches = [...Map.groupBy(going, ({ steps }) => `${steps[depth]!.column} ${steps[depth]!.event}`).values()];
  const size = (branch: readonly CountedPath[]) => branch.reduce((total, { count }) => total + count, 0);
  branches.sort((a, b) => size(b) - size(a));
  const isOwn = (branch: readonly CountedPath[]) => {
    const { anchor, event } = branch[0]!.steps[depth]!;
    return anchor >= 0 || event === DROPOFF;
  };
  const others = branches.filter((branch) => !isOwn(branch));
  const pruned = new Set(others.slice(asked.cardinality));
  const children = branches.filter((branch) => !pruned.has(branch) && !asked.hidden.has(branch[0]!.steps[depth]!.event))
    .map((branch) => treeNode(asked, branch, branch[0]!.steps[depth]!, depth + 1));
  if (pruned.size > 0) {
    const merged = [...pruned].flat().map((path) => ({ ...path, steps: path.steps.slice(0, depth + 1) }));
    const at = { ...merged[0]!.steps[depth]!, event: PRUNED };
    children.push(treeNode(asked, merged, at, depth + 1));
  }
  return {
    step: step && {
      event: step.event,
      type: typeOf(step),
      stepNumber: depth - 1,
      anchorType: anchorTypeOf(step),
      isComputed: step.event === DROPOFF || step.event === PRUNED,
    },
    totalCount: sum(() => true),
    dropOffTotalCount: sum(({ steps }) => steps[depth]?.event === DROPOFF),
    convertedTotalCount: sum(({ isConverted }) => isConverted),
    timePercentilesFromStart: null,
    timePercentilesFromPrev: null,
    children,
  };
}
