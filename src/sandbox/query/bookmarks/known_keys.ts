/** The keys that params of insights, funnels and retention may have: the servers refuse all others. (facts 2.3 to 2.10) */
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, refuseUnknownKeys, wordOf } from "./clause.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const ROOT = words(`
  sections displayOptions sorting timeComparison columnWidths legend liftComparison forecastComparison name versions
  executedMigrations`);
/** Of older versions: accepted, and ignored. */
const OLD_ROOT = words(`
  alignment anchor_position anchorPosition cardinality cardinality_threshold chart_type chartType count_type date_range
  error exclusions fields filter_by_cohort filter_by_event global_access_type graph_sort_priority group_by hidden_events
  icon id isNewQBEnabled modified segments smartHub steps title trend_unit trendType ttcVizType use_query_sampling user
  user_id`);
const SECTIONS = words(
  "show time filter group formula cohorts group_by globalDataGroupId dataGroupId metricLevelDataGroups",
);
const SHOW = words(`
  _idx type id userNamed name behavior measurement statsig srm comparisons display isHidden isExpanded labelPrefix
  formulaLabel showClauseIndex hasUnsavedChanges goals overrides metric_id formula definition referencedMetrics`);
const BEHAVIOR = words(`
  _idx type id name renamed dataGroupId filter filters filtersDeterminer resourceType behaviors raw_cohort customBucket
  conversionWindowDuration conversionWindowUnit funnelReentryMode funnelOrder exclusions aggregateBy retentionType
  retentionAlignmentType retentionUnit retentionUnbounded retentionUnboundedMode retentionCustomBucketSizes
  segmentationEvent unsavedId search profileType dataset datasetId projectId display disableCohortize customEventSet
  hasUnsavedChanges`);
const MEASUREMENT = words(`
  dataGroupId math property cumulative perUserAggregation rolling segmentMethod multiAttribution stepIndex actionMode
  actionStep retentionBucketIndex retentionCumulative retentionSegmentationEvent percentile id type`);
const DISPLAY = words(`
  chartType plotStyle analysis value rollingWindowSize timeUnit primaryYAxisOptions secondaryYAxisOptions theme
  xAxisOptions annotationOptions commentOptions queryTimeSampling tableSummaryAggregation statSigControl
  funnelStepsSelectedTableColumns axisAssignments timeComparison`);

const CHART_TYPES = [
  ...["line", "bar", "column", "pie", "table", "insights-metric", "bar-stacked", "stacked-line", "stacked-column"],
  ...["funnel-steps", "funnel-steps-metric", "funnel-trend", "funnel-frequency-line", "funnel-frequency-bar"],
  ...[
    "funnel-ttc-line",
    "funnel-ttc-bar",
    "funnel-median-ttc",
    "funnel-top-paths",
    "retention-curve",
    "retention-trend",
  ],
  ...["retention-trend-metric", "retention-table", "line-retention", "frequency", "sankey", "paths", "metric"],
  ...["impact-adoption", "impact-trends", "impact-propensity"],
];

/** @throws Refusal 400 for a key that the servers do not know, and for a chart that is none. */
export function checkKeys(params: Clause): void {
  refuseUnknownKeys(params, new Set([...ROOT, ...OLD_ROOT]), "");
  const sections = clauseOf(params.sections, "sections");
  refuseUnknownKeys(sections, SECTIONS, "sections");
  const display = clauseOf(params.displayOptions, "displayOptions");
  refuseUnknownKeys(display, DISPLAY, "displayOptions");
  if (wordOf(display.chartType, CHART_TYPES, "displayOptions.chartType") === undefined) {
    throw new Refusal(400, "Invalid params: displayOptions has no chartType");
  }
  for (const [index, show] of clausesOf(sections.show, "sections.show").entries()) {
    checkMetric(show, `sections.show[${index}]`);
  }
}

function checkMetric(metric: Clause, path: string): void {
  // Of a warehouse's metric nothing is read.
  if (metric.type === "warehouse") return;
  refuseUnknownKeys(metric, SHOW, path);
  if (metric.behavior !== undefined && metric.behavior !== null) {
    checkBehavior(clauseOf(metric.behavior, `${path}.behavior`), `${path}.behavior`);
  }
  if (metric.measurement !== undefined && metric.measurement !== null) {
    refuseUnknownKeys(clauseOf(metric.measurement, `${path}.measurement`), MEASUREMENT, `${path}.measurement`);
  }
  for (const [index, operand] of clausesOf(metric.referencedMetrics, `${path}.referencedMetrics`).entries()) {
    checkMetric(operand, `${path}.referencedMetrics[${index}]`);
  }
}

function checkBehavior(behavior: Clause, path: string): void {
  refuseUnknownKeys(behavior, BEHAVIOR, path);
  for (const [index, inner] of clausesOf(behavior.behaviors, `${path}.behaviors`).entries()) {
    checkBehavior(inner, `${path}.behaviors[${index}]`);
  }
}
