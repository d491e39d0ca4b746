/** The metrics of insights, computed from the project's events, profiles and cohorts. (facts 2.5) */
import { measure } from "../../../analytics/measures/measure.ts";
import { everyOf } from "../../../analytics/rows/row_filters.ts";
import type { Buckets } from "../../../analytics/time_buckets.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, numberIn, serverFailure, wordOf } from "./clause.ts";
import { cohortSize } from "./definitions.ts";
import { behaviorLabel, behaviorRows } from "./events.ts";
import { globalFilters } from "./filters.ts";
import { funnelMetric } from "./funnels.ts";
import { type GroupLevel, groupsOf } from "./groups.ts";
import { insightsBuckets, insightsOf, type Line, metricLabel, type MetricSource } from "./insights.ts";
import { cannot, metricMath } from "./metrics.ts";
import { peopleNumbers } from "./people.ts";
import type { Question } from "./question.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { retentionMetric } from "./retention.ts";
import { resolvedClause, showClauses } from "./show.ts";
import { type Branch, grow } from "./tree.ts";

export function insightsNumbers(question: Question, params: Clause): ReportNumbers {
  return insightsOf(new ProjectMetrics(question, params), params, question.range);
}

class ProjectMetrics implements MetricSource {
  readonly clauses: readonly Clause[];
  readonly #sections: Clause;
  readonly #groups: readonly GroupLevel[];
  readonly #buckets: Buckets;

  constructor(private readonly question: Question, params: Clause) {
    this.#sections = clauseOf(params.sections, "sections");
    this.#groups = groupsOf(question, this.#sections.group);
    this.#buckets = insightsBuckets(question.range, clauseOf(params.displayOptions, "displayOptions"));
    this.clauses = showClauses(question.call, this.#sections);
  }

  get headers(): string[] {
    return this.#groups.map(({ header }) => header);
  }

  resolved(clause: Clause, path: string): Clause {
    return resolvedClause(this.question.call, clause, path);
  }

  numbers(clause: Clause, path: string): { tree: Branch<Line>; name: string; isCut: boolean } {
    const { question } = this;
    const behavior = clauseOf(clause.behavior, `${path}.behavior`);
    const type = wordOf(behavior.type, TYPES, `${path}.behavior.type`) ?? "event";
    switch (type) {
      case "cohort":
        return { tree: this.#cohort(behavior), name: `${behaviorLabel(behavior)} [Unique Users]`, isCut: false };
      case "people": {
        if (this.#groups.length > 0) throw cannot("profiles split by a property");
        const { math, value } = peopleNumbers(question, behavior, clause.measurement, path);
        return { tree: this.#flat(value), name: metricLabel(behavior, math, clause.measurement), isCut: false };
      }
      case "funnel":
      case "retention": {
        const split = { groups: this.#groups, buckets: this.#buckets };
        const compute = type === "funnel" ? funnelMetric : retentionMetric;
        const { tree, isCut, label } = compute(question, this.#sections, clause, path, split);
        return { tree, name: label, isCut };
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
    return { tree, name: metricLabel(behavior, math, clause.measurement), isCut };
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
