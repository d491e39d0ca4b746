/** Flows in the forms in which they are printed. Servers spell some keys in two ways, and both are read. */
import type { Presentation } from "../../../cli/operation_command.ts";
import type { Row } from "../../../output/row.ts";
import { deriveRows } from "../../../output/rows.ts";
import type { FlowsReport } from "../../../reports/report.ts";
import { isObject } from "../../../streams/json/is_object.ts";

type Fields = Record<string, unknown>;

interface FlowsAnswer {
  steps?: readonly unknown[] | null;
  flows?: readonly unknown[] | null;
  trees?: readonly unknown[] | null;
}

export function presentFlows(answer: FlowsAnswer, shape: FlowsReport["shape"]): Presentation {
  if (shape === "sankey" && answer.steps) return { rows: nodeRows(answer.steps), columns: NODE_COLUMNS };
  if (shape === "tree" && answer.trees) {
    return { rows: answer.trees.flatMap((tree) => treeRows(fieldOf(tree, "root"), [])) };
  }
  const ways = answer.flows?.map(wayRow);
  if (ways !== undefined && !ways.includes(undefined)) return { rows: ways as Row[] };
  return answer.flows ? deriveRows(answer.flows) : {};
}

const NODE_COLUMNS = ["step", "event", "count", { key: "share", as: "share" as const }, {
  key: "leads_to",
  title: "leads to",
}];

/** A row for each event of each column, from the anchor on; `share` is that of the anchor's count. */
function nodeRows(steps: readonly unknown[]): Row[] {
  const columns = steps.map((step) => listOf(fieldOf(step, "nodes")));
  const anchorAt = Math.max(0, columns.findIndex((nodes) => nodes.some((node) => fieldOf(node, "type") === "ANCHOR")));
  const anchored = sum((columns[anchorAt] ?? []).filter((node) => fieldOf(node, "type") === "ANCHOR").map(countOf));
  return columns.flatMap((nodes, index) =>
    nodes.map((node) => ({
      step: index - anchorAt,
      event: nameOf(node),
      count: countOf(node),
      share: anchored === 0 ? null : countOf(node) / anchored,
      leads_to: listOf(fieldOf(node, "edges")).map((edge) => `${nameOf(edge)} ${countOf(edge)}`).join(", "),
    }))
  );
}

/** A row for each of the most frequent ways. */
function wayRow(flow: unknown): Row | undefined {
  const steps = fieldOf(flow, "flowSteps");
  if (!Array.isArray(steps)) return undefined;
  return { count: countOf(flow), steps: steps.length, path: steps.map(nameOf).join(" → ") };
}

/** What stands for people who stopped, or for several events, has a type in place of a name. */
function nameOf(node: unknown): string {
  const type = String(fieldOf(node, "type") ?? "");
  return type === "DROPOFF" || type === "PRUNED"
    ? `(${type === "DROPOFF" ? "drop-off" : "others"})`
    : String(fieldOf(node, "event") ?? "");
}

/** A row for each way from the root, with how many people took it and how many stopped there. */
function treeRows(node: unknown, before: readonly string[]): Row[] {
  if (!isObject(node)) return [];
  const step = fieldOf(node, "step");
  const path = step === null || step === undefined ? before : [...before, nameOf(step)];
  const own = path.length === before.length ? [] : [{
    step: path.length - 1,
    path: path.join(" → "),
    count: countOf(node),
    drop_off: numberOf(fieldOf(node, "dropOffTotalCount")),
  }];
  return [...own, ...listOf(fieldOf(node, "children")).flatMap((child) => treeRows(child, path))];
}

/** The events that a report is about, by name. */
export function anchorEvents({ anchors }: FlowsReport): string[] {
  return anchors.flatMap(({ of }) => "event" in of ? [of.event] : []);
}

function fieldOf(object: unknown, name: string): unknown {
  if (!isObject(object)) return undefined;
  return object[name] ?? (object as Fields)[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

const listOf = (value: unknown): unknown[] => Array.isArray(value) ? value : [];
/** Counts come as digits in a text. */
const numberOf = (value: unknown): number => Number(value ?? 0);
const countOf = (node: unknown): number => numberOf(fieldOf(node, "totalCount"));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
