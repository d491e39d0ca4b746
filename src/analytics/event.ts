/** One stored event, as every report takes it. Reports never change an event. */
export interface AnalyticsEvent {
  name: string;
  /** When it happened: milliseconds since 1970-01-01 UTC. */
  timeMs: number;
  distinctId: string;
  properties: Record<string, unknown>;
}

/** Decides whether an event counts: a compiled `where`. */
export type EventFilter = (event: AnalyticsEvent) => boolean;

/** Computes the value that an event is split by, or that is added up: a compiled `on`. */
export type EventValue = (event: AnalyticsEvent) => unknown;

/**
 * What is counted, in Mixpanel's words: `general` all events, `unique` distinct users, `average` events per user.
 */
export type CountType = "general" | "unique" | "average";
