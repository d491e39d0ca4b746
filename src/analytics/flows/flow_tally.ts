/** Ways of people added up: by the events of each column, by whole paths, and as a tree. */
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
  const counted = new Map<string, CountedPath>();
  visitFlowPaths(view, rules, (path) => {
    const key = keyOf(view, path);
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { ...named(view, rules, path), count: 1 });
    else known.count++;
  });
  return [...counted].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1)).map(([, path]) => path);
}

function keyOf({ byPerson: { names } }: EventView, { steps, isConverted }: FlowPath): string {
  return `${isConverted ? 1 : 0} ${steps.map(({ at, column }) => `${column}:${names[at]}`).join()}`;
}

function named(view: EventView, { anchors }: FlowRules, { steps, isConverted }: FlowPath) {
  const { names } = view.byPerson;
  return {
    isConverted,
    steps: steps.map(({ at, anchor, column }) => {
      return { event: anchor < 0 ? view.nameOf(names[at]!) : anchors[anchor]!.label, anchor, column };
    }),
  };
}
