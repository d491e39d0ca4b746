/** One stored event, whole. Nothing that reads it changes it. */
export interface AnalyticsEvent {
  name: string;
  /** When it happened: milliseconds since 1970-01-01 UTC. */
  timeMs: number;
  distinctId: string;
  properties: Record<string, unknown>;
}
