/** One number of a saved report: by the name of its series and, over time, of one period. */
import { inputError } from "../../../errors.ts";
import { periodStartMs } from "../../../output/periods.ts";
import { nearest } from "../../../streams/nearest.ts";
import { funnelLists } from "../../query/shared/asked_shapes.ts";
import {
  dateLevel,
  isFunnel,
  isRetention,
  leavesOf,
  reportNodes,
  shortDate,
  type Tree,
} from "../../query/shared/report_shapes.ts";
import { conversionAt, noNumber } from "./conversion_at.ts";
import type { NumberQuestion } from "./question.ts";

const DAY_MS = 86_400_000;
const MOST_NAMED = 8;

type Saved = NumberQuestion & { kind: "saved" };

/**
 * The number of a report's answer. A funnel has its conversion in percent.
 *
 * @throws MpError (input) when `--series` names nothing, or is needed
 */
export function numberOfReport(tree: Tree, { series, point, step }: Saved, nowMs: number): number {
  if (reportNodes(tree, isFunnel) !== undefined) return conversionAt(funnelLists(tree, true), step);
  if (reportNodes(tree, isRetention) !== undefined) {
    throw inputError("Cannot check a report of retention: it has no single number", undefined, "bad_flags");
  }
  if (step !== undefined) {
    throw inputError("Cannot use --step: the saved report is no funnel", "leave it out", "bad_flags");
  }
  const numbers = seriesOfTree(tree);
  const name = chosen([...numbers.keys()], series);
  return ofPoints(numbers.get(name)!, point, nowMs);
}

/** The numbers of each series, by date; of a total, under no date. */
function seriesOfTree(tree: Tree): Map<string, [date: string, value: number][]> {
  const numbers = new Map<string, [string, number][]>();
  for (const { path, value } of leavesOf(tree)) {
    if (typeof value !== "number") continue;
    const isTotal = path.length > 1 && path.at(-1) === "all";
    const level = isTotal ? path.length - 1 : dateLevel(path);
    const name = (level < 0 ? path : path.toSpliced(level, 1)).join(" · ");
    const points = numbers.get(name) ?? [];
    numbers.set(name, points);
    points.push([isTotal || level < 0 ? "" : shortDate(path[level]!), value]);
  }
  return numbers;
}

function chosen(names: readonly string[], typed: string | undefined): string {
  if (names.length === 0) throw noNumber("there is nothing in it");
  if (typed === undefined && names.length === 1) return names[0]!;
  if (typed !== undefined && names.includes(typed)) return typed;
  const shown = names.slice(0, MOST_NAMED).map((name) => JSON.stringify(name)).join(", ") +
    (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "");
  if (typed === undefined) {
    throw inputError(
      `Cannot check ${names.length} numbers at once: the report has ${shown}`,
      `name one: --series ${JSON.stringify(names[0])}`,
      "missing_argument",
    );
  }
  const near = nearest(typed, names);
  throw inputError(
    `Cannot use --series ${JSON.stringify(typed)}: the report has ${shown}`,
    near === undefined ? undefined : `did you mean --series ${JSON.stringify(near)}?`,
    "bad_choice",
  );
}

/** Periods are as long as the last two are apart; that of a single one is taken to be a day. */
function ofPoints(points: readonly [date: string, value: number][], point: Saved["point"], nowMs: number): number {
  const sorted = [...points].sort(([a], [b]) => a < b ? -1 : 1);
  if (point === "sum") return sorted.reduce((sum, [, value]) => sum + value, 0);
  const isOver = (index: number): boolean => {
    const startMs = periodStartMs(sorted[index]![0]);
    if (startMs === undefined) return true;
    const [before, after] = index > 0
      ? [sorted[index - 1]![0], sorted[index]![0]]
      : sorted.slice(0, 2).map(([at]) => at);
    const lengthMs = after === undefined ? DAY_MS : periodStartMs(after)! - periodStartMs(before!)!;
    return startMs + lengthMs <= nowMs;
  };
  const index = point === "latest" ? sorted.length - 1 : sorted.findLastIndex((_, at) => isOver(at));
  if (index >= 0) return sorted[index]![1];
  throw noNumber("none of its periods is over", "add --point latest");
}
