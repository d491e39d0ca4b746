/** Charts, whatever their kind. */
import { type Bar, renderBarChart } from "./bar_chart.ts";
import { renderFunnelMatrix } from "./funnel_matrix.ts";
import type { FunnelSteps } from "./funnel_table.ts";
import { type HeatMap, renderHeatMap } from "./heat_map.ts";
import { type ChartOptions, type LineSeries, renderLineChart } from "./line_chart.ts";

/** What to draw. */
export type Chart =
  | { kind: "line"; series: LineSeries[]; totals?: boolean; openNote?: string }
  | { kind: "bar"; rows: Bar[] }
  | { kind: "heat_map"; map: HeatMap }
  | { kind: "funnel_matrix"; lists: readonly FunnelSteps[]; segmentTitle: string };

/** A chart as lines of text, each ended by a line feed. */
export function renderChart(chart: Chart, options: ChartOptions): string {
  switch (chart.kind) {
    case "heat_map":
      return renderHeatMap(chart.map, options);
    case "funnel_matrix":
      return renderFunnelMatrix(chart.lists, { ...options, segmentTitle: chart.segmentTitle });
    case "bar":
      return renderBarChart(chart.rows, options);
    case "line":
      return renderLineChart(chart.series, { ...options, totals: chart.totals, openNote: chart.openNote });
  }
}
