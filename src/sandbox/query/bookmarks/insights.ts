/** Insights: metrics and formulas over time, or as totals. (facts 2.1 to 2.7) */
import type { Buckets } from "../../../analytics/time_buckets.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { type Clause, clauseOf, clausesOf, numberIn, textAt } from "./clause.ts";
import { behaviorLabel } from "./events.ts";
import { parseFormula } from "./formula.ts";
import { mathLabel, type MathName } from "./metrics.ts";
import { isFormula } from "./show.ts";
import { bucketsOfRange, shownKey, type TimeRange, wholeRange } from "./time.ts";
import { type Branch, combined, shown } from "./tree.ts";

/** Charts of numbers over time; all others have totals. */
const OVER_TIME: ReadonlySet<string> = new Set(["line", "stacked-line", "column", "stacked-column"]);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Values by bucket. */
export type Line = unknown[];

/** Whether a report has numbers over time, and no totals. */
export function isOverTime(display: Clause): boolean {
  return OVER_TIME.has(textAt(display.chartType, "displayOptions.chartType") ?? "");
}

interface Metric {
  name: string;
  isHidden: boolean;
  tree: Branch<Line>;
}

/** What computes the metrics of a report. */
export interface MetricSource {
  /** The clauses of `sections.show`, with what is saved in its place. */
  readonly clauses: readonly Clause[];
  /** What the levels of a split are called. */
  readonly headers: readonly string[];
  /** A clause with what is saved in its place. */
  resolved(clause: Clause, path: string): Clause;
  /** The numbers of a clause that is no formula, by bucket. */
  numbers(clause: Clause, path: string): { tree: Branch<Line>; name: string; isCut: boolean };
}

/** What a report of insights is cut into: by its unit, or one bucket. */
export function insightsBuckets(range: TimeRange, display: Clause): Buckets {
  return isOverTime(display) ? bucketsOfRange(range) : wholeRange(range);
}

/** The numbers of all metrics and formulas. */
export function insightsOf(source: MetricSource, params: Clause, range: TimeRange): ReportNumbers {
  return new Insights(source, params, range).numbers();
}

class Insights {
  readonly #display: Clause;
  readonly #buckets: Buckets;
  #isCut = false;

  constructor(private readonly source: MetricSource, params: Clause, private readonly range: TimeRange) {
    this.#display = clauseOf(params.displayOptions, "displayOptions");
    this.#buckets = insightsBuckets(range, this.#display);
  }

  numbers(): ReportNumbers {
    const { clauses, headers } = this.source;
    const metrics: Metric[] = [];
    const shownMetrics: Metric[] = [];
    for (const [index, clause] of clauses.entries()) {
      const path = `sections.show[${index}]`;
      const metric = isFormula(clause) ? this.#formula(clause, metrics, path) : this.#metric(clause, path);
      if (!isFormula(clause)) metrics.push(metric);
      if (!metric.isHidden) shownMetrics.push({ ...metric, name: unusedName(metric.name, shownMetrics) });
    }
    return {
      headers: ["$metric", ...headers],
      series: Object.fromEntries(shownMetrics.map(({ name, tree }) => {
        return [name, shown(tree, (line) => this.#leaf(line), headers.length)];
      })),
      isCut: this.#isCut,
      metricKeys: shownMetrics.map(({ name }) => name),
      subQueries: metrics.length,
    };
  }

  #metric(clause: Clause, path: string): Metric {
    const name = textAt(clause.name, `${path}.name`) || undefined;
    const isHidden = clause.isHidden === true;
    const own = this.source.numbers(clause, path);
    this.#isCut ||= own.isCut;
    const tree = analysed(own.tree, this.#display, clause.measurement);
    return { name: name ?? own.name, isHidden, tree };
  }

  #formula(clause: Clause, metrics: readonly Metric[], path: string): Metric {
    const text = textAt(clause.definition ?? clause.formula, `${path}.definition`) ?? "";
    const own = clausesOf(clause.referencedMetrics, `${path}.referencedMetrics`).map((operand, index) => {
      const operandPath = `${path}.referencedMetrics[${index}]`;
      if (isFormula(operand)) throw new Refusal(400, `Invalid params: ${operandPath} is a formula itself`);
      // Overrides have no effect here. (facts 2.6)
      return this.#metric(this.source.resolved({ ...operand, overrides: undefined }, operandPath), operandPath);
    });
    const operands = own.length > 0 ? own : metrics;
    const letters = [...LETTERS].slice(0, operands.length);
    const formula = parseFormula(text, new Set(letters));
    const tree = combined(operands.map((operand) => operand.tree), (lines) => {
      return this.#buckets.keys.map((_, bucket) => {
        return formula((letter) => lines[letters.indexOf(letter)]?.[bucket] ?? null);
      });
    });
    const name = textAt(clause.name, `${path}.name`) || text;
    return { name, isHidden: clause.isHidden === true, tree: analysed(tree, this.#display, clause.measurement) };
  }

  #leaf(line: Line): Record<string, unknown> {
    if (!isOverTime(this.#display)) return { all: line[0] };
    const { keys } = this.#buckets;
    // A rolling average begins when its window is full.
    const skipped = keys.length - line.length;
    return Object.fromEntries(line.map((value, index) => [shownKey(keys[skipped + index]!, this.range), value]));
  }
}

/** Rolling averages and running sums: of this metric, or of all. Totals have neither. */
function analysed(tree: Branch<Line>, display: Clause, measurement: unknown): Branch<Line> {
  const { rolling, cumulative } = isObject(measurement) ? measurement : {};
  const size = isObject(rolling) ? numberIn(rolling.rollingWindowSize, "rolling.rollingWindowSize") : undefined;
  const analysis = textAt(display.analysis, "displayOptions.analysis");
  const isCumulative = cumulative === true || analysis === "cumulative";
  const window = size ??
    (analysis === "rolling" ? numberIn(display.rollingWindowSize, "displayOptions.rollingWindowSize") ?? 7 : undefined);
  if (isCumulative && window !== undefined) {
    throw new Refusal(400, "Invalid params: rolling and cumulative exclude each other");
  }
  if (!isOverTime(display) || (!isCumulative && window === undefined)) return tree;
  return combined([tree], ([line]) => window === undefined ? runningSums(line!) : rollingAverages(line!, window));
}

/** `Purchase [Total Events]` */
export function metricLabel(behavior: Clause, math: MathName, measurement: unknown): string {
  return `${behaviorLabel(behavior)} [${mathLabel(math, measurement)}]`;
}

function unusedName(name: string, metrics: readonly Metric[]): string {
  let unused = name;
  for (let count = 2; metrics.some((metric) => metric.name === unused); count++) unused = `${name} #${count}`;
  return unused;
}

function runningSums(line: Line): Line {
  let sum = 0;
  return line.map((value) => sum += typeof value === "number" ? value : 0);
}

function rollingAverages(line: Line, window: number): Line {
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new Refusal(400, "Invalid params: rollingWindowSize must be a whole number above 0");
  }
  return line.slice(window - 1).map((_, start) => {
    const values = line.slice(start, start + window).map((value) => typeof value === "number" ? value : 0);
    return values.reduce((sum, value) => sum + value, 0) / window;
  });
}
