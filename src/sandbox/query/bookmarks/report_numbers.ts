/** What all kinds of questions come to. */
export interface ReportNumbers {
  /** What the levels of keys in `series` are. */
  headers: string[];
  series: Record<string, unknown>;
  /** Whether there were more segments than the limit. */
  isCut: boolean;
  /** The keys of the metrics that are shown. */
  metricKeys: string[];
  subQueries: number;
}
