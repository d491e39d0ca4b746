/** What flows ask for. */
import type { RowFilter } from "../rows/row_value.ts";
import type { SessionRules } from "../funnels/funnel_rules.ts";
import type { Buckets } from "../time_buckets.ts";

/** An event that paths lead to and go on from. */
export interface AnchorStep {
  /** What people call it. */
  label: string;
  /** Names of its events; without it, any event. */
  names?: readonly string[];
  where?: RowFilter;
  /** Whether it is the first or last event of a session, whatever the event is. */
  session?: "start" | "end";
  /** How many events are followed before it and after it. Before is of the first anchor only. */
  reverse: number;
  forward: number;
}

/**
 * How many of a person's ways through the anchors count: `unique` the first one, `total` all, which do not overlap,
 * `session` the first of each session.
 */
export type FlowCounting = "unique" | "total" | "session";

export interface FlowRules {
  /** At least one; they are passed in this order. */
  anchors: readonly AnchorStep[];
  /** When the first anchor may be. */
  buckets: Buckets;
  counting: FlowCounting;
  /** How far from the first anchor events still count, before it and after it. */
  windowMs: number;
  /** Events of other sessions than that of the first anchor do not count. */
  withinSession?: boolean;
  /** Takes an event that is repeated for one. */
  collapsesRepeated?: boolean;
  /** A filter on the events that may be passed, anchors included. */
  where?: RowFilter;
  /** Names of events that are not looked at between anchors. */
  excluded?: readonly string[];
  sessions: SessionRules;
}

/** One way: what came before the first anchor, the anchors, and what came between and after them. */
export interface FlowPath {
  /** How many steps there are, in the order of time; the lists may be longer. */
  readonly length: number;
  /** Events, as positions in the order of people. */
  readonly events: readonly number[];
  /** How far each is from the first anchor in the columns of a diagram: below 0 before it. */
  readonly columns: readonly number[];
  /** The position of the anchor that each is; -1 for other events. */
  readonly anchors: readonly number[];
  /** Whether all anchors were reached. */
  readonly isConverted: boolean;
}
