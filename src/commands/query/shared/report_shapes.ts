/** How the numbers of a saved report are shown: each kind of report has a shape of its own. */
import type { Presentation } from "../../../cli/operation_command.ts";
import { seriesForms, type SeriesValues } from "../../../output/series.ts";
import { isObject } from "../../../streams/json/is_object.ts";

export type Tree = Record<string, unknown>;

/** A number and the keys that lead to it. */
export interface Leaf {
  path: string[];
  value: unknown;
}

/** Numbers over time as a series; funnels and retention as tables; anything else with a column for each level of keys. */
export function presentReport(series: Tree, headers: readonly string[] = []): Presentation {
  const cohorts = reportNodes(series, isRetention);
  if (cohorts !== undefined) return retentionTable(cohorts);
  const funnels = reportNodes(series, isFunnel);
  if (funnels !== undefined) return funnelTable(funnels);
  const leaves = leavesOf(series);
  if (leaves.length > 0 && leaves.every(({ path }) => path.slice(1).some(isDate) && path.at(-1) !== "all")) {
    return overTime(leaves);
  }
  const deepest = Math.max(0, ...leaves.map(({ path }) => path.length));
  const names = Array.from({ length: deepest }, (_, level) => headers[level] ?? `level_${level + 1}`);
  return {
    rows: leaves.map(({ path, value }) => ({
      ...Object.fromEntries(names.map((name, level) => [name, path[level] ?? ""])),
      value,
    })),
  };
}

/** Whether a report has nothing but zeros and gaps. A share of nobody may be 1. */
export const countsNothing = (series: Tree): boolean =>
  leavesOf(series).every(({ path, value }) => value === null || value === 0 || path.some(isShare));

const isShare = (key: string): boolean => key === "rates" || key.endsWith("_conv_ratio");

function overTime(leaves: readonly Leaf[]): Presentation {
  const { dates, values } = datedValues(leaves);
  return seriesForms(dates, values, { totals: false });
}

/** Numbers by name and date. What stands below a date, such as the parts of a summary, belongs to the name. */
export function datedValues(leaves: readonly Leaf[]): { dates: string[]; values: SeriesValues } {
  const values = new Map<string, Record<string, unknown>>();
  const dates = new Set<string>();
  const dated = leaves.map((leaf) => ({
    ...leaf,
    at: dateLevel(leaf.path),
  }));
  const labelOf = dateLabels(dated.map(({ path, at }) => path.at(at) ?? ""));
  for (const { path, value, at } of dated) {
    const date = labelOf(path.at(at) ?? "");
    const name = (at < 0 ? path.slice(0, -1) : path.toSpliced(at, 1)).join(" · ");
    dates.add(date);
    const numbers = values.get(name) ?? {};
    values.set(name, numbers);
    numbers[date] = value;
  }
  return { dates: datesInOrder([...dates]), values: Object.fromEntries(values) };
}

/** `{count: {"1. Open": {all: 100}}, step_conv_ratio: …}`: a row for each step and segment, a column for each measure. */
function funnelTable(reports: readonly Node[]): Presentation {
  const rows = reports.flatMap(({ path: [funnel, ...outer], node: report }) => {
    const measures = Object.entries(report as Record<string, Record<string, Tree>>);
    const steps = Object.entries((report as { count: Record<string, Tree> }).count);
    return steps.flatMap(([step, segments]) =>
      Object.keys(segments).map((segment) => ({
        funnel,
        step,
        segment: outer.length === 0 ? segment : [...outer, ...segment === "all" ? [] : [segment]].join(" · "),
        ...Object.fromEntries(measures.map(([name, byStep]) => [name, byStep[step]?.[segment] ?? null])),
      }))
    );
  });
  return { rows };
}

/** `{"2026-08-01": {first, counts, rates}}`: a row for each date, a column for each interval. */
function retentionTable(reports: readonly Node[]): Presentation {
  const cohorts = reports.flatMap(({ path, node }) =>
    Object.entries(node as Record<string, { first: number; counts: number[] }>).map(([date, row]) => ({
      report: path.join(" · "),
      date: shortDate(date),
      ...row,
    }))
  );
  const longest = Math.max(0, ...cohorts.map(({ counts }) => counts.length));
  const intervals = Array.from({ length: longest }, (_, index) => `interval_${index}`);
  return {
    rows: cohorts.map(({ report, date, first, counts }) => ({
      report,
      date,
      people: first,
      ...Object.fromEntries(intervals.map((key, index) => [key, counts[index] ?? null])),
    })),
    columns: [
      ...(reports.length > 1 ? ["report"] : []),
      "date",
      "people",
      ...intervals.map((key, index) => ({
        key,
        title: String(index),
        as: "share" as const,
        value: (count: unknown, row: Tree) =>
          typeof count === "number" && Number(row.people) > 0 ? count / Number(row.people) : null,
      })),
    ],
  };
}

/** What all branches of a tree end in, below as many keys as there are. */
interface Node {
  path: string[];
  node: unknown;
}

/** The nodes of a tree that are such a report; undefined where it has others, or none. */
export function reportNodes(tree: Tree, is: (node: unknown) => boolean, path: string[] = []): Node[] | undefined {
  const nodes = Object.entries(tree).map(([key, node]): Node[] | undefined =>
    is(node) ? [{ path: [...path, key], node }] : isObject(node) ? reportNodes(node, is, [...path, key]) : undefined
  );
  return nodes.length === 0 || nodes.includes(undefined) ? undefined : nodes.flatMap((one) => one!);
}

export function isRetention(report: unknown): boolean {
  return isObject(report) && Object.values(report).length > 0 &&
    Object.values(report).every((row) => isObject(row) && Array.isArray(row.counts) && "first" in row);
}

export function isFunnel(report: unknown): boolean {
  return isObject(report) && isObject(report.count) && isObject(report.step_conv_ratio) &&
    Object.values(report.count).every(isObject);
}

/** The numbers of a tree, in its order. */
export function leavesOf(node: unknown, path: string[] = []): Leaf[] {
  if (typeof node !== "object" || node === null) return [{ path, value: node }];
  return Object.entries(node).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

export const isDate = (text: string | undefined): boolean => text !== undefined && /^\d{4}-\d{2}-\d{2}/.test(text);

/** At which of the keys below the name of a number its date is; -1 where it has none. */
export const dateLevel = (path: readonly string[]): number =>
  path.findLastIndex((key, level) => level > 0 && isDate(key));

/** How dates are called beside each other: days, or hours as the older endpoints have them, unless two are called the same. */
function dateLabels(keys: readonly string[]): (key: string) => string {
  const all = [...new Set(keys)];
  if (all.every((key) => !isDate(key) || shortDate(key).length === 10)) return shortDate;
  const hourOf = (key: string) =>
    isDate(key) ? key.replace(/^(.{10})T(.*?)(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?$/, "$1 $2") : key;
  return new Set(all.map(hourOf)).size === all.length ? hourOf : (key) => key;
}

/** Dates in their order; hours of the day and weekdays as they came. */
const datesInOrder = (dates: readonly string[]): string[] => dates.every(isDate) ? dates.toSorted() : [...dates];

/** A whole day is named without its midnight and zone. */
export function shortDate(text: string): string {
  return text.replace(/T00:00:00(?:\.0+)?(?:Z|[+-]\d{2}:?\d{2})?$/, "");
}
