/** Insights: metrics and formulas over time, or as totals. (facts 2.1 to 2.7) */
import { measure } from "../../../analytics/measures/measure.ts";
import { everyOf } from "../../../analytics/rows/row_filters.ts";
import type { Buckets } from "../../../analytics/time_buckets.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { type Clause, clauseOf, clausesOf, numberIn, serverFailure, textAt, wordOf } from "./clause.ts";
import { cohortSize } from "./definitions.ts";
import { behaviorLabel, behaviorRows } from "./events.ts";
import { globalFilters } from "./filters.ts";
import { parseFormula } from "./formula.ts";
import { funnelMetric } from "./funnels.ts";
import { type GroupLevel, groupsOf } from "./groups.ts";
import { cannot, mathLabel, type MathName, metricMath } from "./metrics.ts";
import { peopleNumbers } from "./people.ts";
import type { Question } from "./question.ts";
import { retentionMetric } from "./retention.ts";
import { isFormula, resolvedClause, showClauses } from "./show.ts";
import { bucketsOfRange, shownKey, type TimeRange, wholeRange } from "./time.ts";
import { type Branch, combined, grow, shown } from "./tree.ts";

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

export function insightsNumbers(question: Question, params: Clause): ReportNumbers {
  return new Insights(question, params).numbers();
}

class Insights {
  readonly #sections: Clause;
  readonly #display: Clause;
  readonly #groups: readonly GroupLevel[];
  readonly #isOverTime: boolean;
  readonly #buckets: Buckets;
  #isCut = false;

  constructor(private readonly question: Question, params: Clause) {
    this.#sections = clauseOf(params.sections, "sections");
    this.#display = clauseOf(params.displayOptions, "displayOptions");
    this.#groups = groupsOf(question, this.#sections.group);
    this.#isOverTime = isOverTime(this.#display);
    this.#buckets = this.#isOverTime ? bucketsOfRange(question.range) : wholeRange(question.range);
  }

  numbers(): ReportNumbers {
    const metrics: Metric[] = [];
    const shownMetrics: Metric[] = [];
    for (const [index, clause] of showClauses(this.question.call, this.#sections).entries()) {
      const path = `sections.show[${index}]`;
      const metric = isFormula(clause) ? this.#formula(clause, metrics, path) : this.#metric(clause, path);
      if (!isFormula(clause)) metrics.push(metric);
      if (!metric.isHidden) shownMetrics.push({ ...metric, name: unusedName(metric.name, shownMetrics) });
    }
    const levels = this.#groups.length;
    return {
      headers: ["$metric", ...this.#groups.map(({ header }) => header)],
      series: Object.fromEntries(shownMetrics.map(({ name, tree }) => {
        return [name, shown(tree, (line) => this.#leaf(line), levels)];
      })),
      isCut: this.#isCut,
      metricKeys: shownMetrics.map(({ name }) => name),
      subQueries: metrics.length,
    };
  }

  #metric(clause: Clause, path: string): Metric {
    const behavior = clauseOf(clause.behavior, `${path}.behavior`);
    const name = textAt(clause.name, `${path}.name`) || undefined;
    const isHidden = clause.isHidden === true;
    const own = this.#ownTree(behavior, clause, path);
    const tree = this.#analysed(own.tree, clause.measurement);
    return { name: name ?? own.name, isHidden, tree };
  }

  #ownTree(behavior: Clause, clause: Clause, path: string): { tree: Branch<Line>; name: string } {
    const { question } = this;
    const type = wordOf(behavior.type, TYPES, `${path}.behavior.type`) ?? "event";
    switch (type) {
      case "cohort":
        return { tree: this.#cohort(behavior), name: `${behaviorLabel(behavior)} [Unique Users]` };
      case "people": {
        if (this.#groups.length > 0) throw cannot("profiles split by a property");
        const { math, value } = peopleNumbers(question, behavior, clause.measurement, path);
        return { tree: this.#flat(value), name: metricLabel(behavior, math, clause.measurement) };
      }
      case "funnel":
      case "retention": {
        const split = { groups: this.#groups, buckets: this.#buckets };
        const compute = type === "funnel" ? funnelMetric : retentionMetric;
        const { tree, isCut, label } = compute(question, this.#sections, clause, path, split);
        this.#isCut ||= isCut;
        return { tree, name: label };
      }
      case "event":
      case "custom-event":
      case "simple":
        break;
      default:
        throw cannot(`metrics of the type "${type}"`);
    }
    if (type === "simple" && !behavior.name) throw new Refusal(400, `Invalid params: ${path}.behavior has no name`);
    const { names, where } = behaviorRows(question, behavior, `${path}.behavior`);
    const filters = [where, globalFilters(question, this.#sections, false)].filter((one) => one !== undefined);
    const { math, measure: asked } = metricMath(question, clause.measurement, `${path}.measurement`);
    const choice = { names, where: filters.length === 0 ? undefined : everyOf(filters), buckets: this.#buckets };
    const { tree, isCut } = grow(this.#groups, question.limit, (on, limit) => {
      return measure(question.view, { ...choice, measure: asked, on, limit });
    });
    this.#isCut ||= isCut;
    return { tree, name: metricLabel(behavior, math, clause.measurement) };
  }

  /** How many people a cohort has now, on every date: the past is not kept. Math does not matter. */
  #cohort(behavior: Clause): Branch<Line> {
    // A cohort that is not saved makes the servers fail. (facts 2.5)
    if (behavior.raw_cohort !== undefined && behavior.raw_cohort !== null) throw serverFailure();
    const id = numberIn(behavior.id, "behavior.id");
    if (id === undefined) throw new Refusal(400, "Invalid params: a metric of a cohort needs its id");
    return this.#flat(cohortSize(this.question.call, id));
  }

  /** The same on every date. */
  #flat(value: unknown): Branch<Line> {
    return { overall: this.#buckets.keys.map(() => value), children: new Map() };
  }

  #formula(clause: Clause, metrics: readonly Metric[], path: string): Metric {
    const text = textAt(clause.definition ?? clause.formula, `${path}.definition`) ?? "";
    const own = clausesOf(clause.referencedMetrics, `${path}.referencedMetrics`).map((operand, index) => {
      const operandPath = `${path}.referencedMetrics[${index}]`;
      if (isFormula(operand)) throw new Refusal(400, `Invalid params: ${operandPath} is a formula itself`);
      // Overrides have no effect here. (facts 2.6)
      return this.#metric(
        resolvedClause(this.question.call, { ...operand, overrides: undefined }, operandPath),
        operandPath,
      );
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
    return { name, isHidden: clause.isHidden === true, tree: this.#analysed(tree, clause.measurement) };
  }

  #analysed(tree: Branch<Line>, measurement: unknown): Branch<Line> {
    return analysed(tree, this.#display, measurement);
  }

  #leaf(line: Line): unknown {
    return shownLine(line, this.question.range, this.#isOverTime ? this.#buckets : undefined);
  }
}

/** Rolling averages and running sums: of this metric, or of all. Totals have neither. */
export function analysed(tree: Branch<Line>, display: Clause, measurement: unknown): Branch<Line> {
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

/** Values by the keys of their buckets; without buckets, the total. */
export function shownLine(line: Line, range: TimeRange, buckets: Buckets | undefined): Record<string, unknown> {
  if (buckets === undefined) return { all: line[0] };
  const { keys } = buckets;
  // A rolling average begins when its window is full.
  const skipped = keys.length - line.length;
  return Object.fromEntries(line.map((value, index) => [shownKey(keys[skipped + index]!, range), value]));
}

const TYPES = [
  "event",
  "custom-event",
  "simple",
  "cohort",
  "people",
  "funnel",
  "retention",
  "retention-frequency",
  "saved-metric",
  "verified",
  "formula",
  "addiction",
  "metric",
] as const;

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
