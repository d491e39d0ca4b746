/** Charts, whatever their kind. */
import { type Bar, renderBarChart } from "./bar_chart.ts";
import { type ChartOptions, type LineSeries, renderLineChart } from "./line_chart.ts";

/** What to draw. */
export type Chart =
  | { kind: "line"; series: LineSeries[]; totals?: boolean }
  | { kind: "bar"; rows: Bar[] };

/** A chart as lines of text, each ended by a line feed. */
export function renderChart(chart: Chart, options: ChartOptions): string {
  return chart.kind === "line"
    ? renderLineChart(chart.series, { ...options, totals: chart.totals })
    : renderBarChart(chart.rows, options);
}
