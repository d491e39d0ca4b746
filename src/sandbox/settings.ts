/** What can be switched on the sandbox. */
import type { Fault } from "./faults.ts";
import type { TrackingPlan } from "./ingestion/tracking_plan.ts";

/** The quotas that requests count against. */
export type QuotaKey = "query" | "jql" | "export" | "ingestion" | "lexicon" | "lookup_tables" | "gdpr" | "flags";

/** What some plans lack altogether. */
export type PlanProduct = "query" | "export";

/** What some plans let nobody save. */
export type PlanFeature = "metrics" | "custom_properties";

export interface QuotaLimits {
  perDay?: number;
  perHour?: number;
  perMinute?: number;
  perSecond?: number;
  concurrent?: number;
}

export interface SandboxSettings {
  /**
   * Refuse tokens of no project on `/track`, `/engage` and `/groups`. Mixpanel takes them, and drops the data; a test
   * may prefer to hear of it.
   */
  strictTokens: boolean;
  /**
   * Add what Mixpanel adds to events: `$import`, `$mp_api_endpoint`, `$mp_api_timestamp_ms`, `mp_processing_time_ms`.
   * Off by default, so that an exported record equals the imported one.
   */
  addServerProperties: boolean;
  /** Largest uncompressed body of `/import`. Published as 10 MB, and as 2097152 in an example. */
  importMaxBytes: number;
  /** Profiles in a page, when the request doesn't say. */
  profilePageSize: number;
  /** How long a profile query can be paged through. Mixpanel's own limit is not known. */
  profileSessionMs: number;
  /** How long a retrieval, a deletion or a large lookup table stays in each state. Mixpanel's take minutes, or up to 30 days. */
  gdprStageMs: number;
  /** Answer new retrievals and deletions with a list of tasks, as the guide shows it, and not with the published object. */
  gdprListAnswers: boolean;
  /** Answer an export of data definitions with the text that large projects get: that it will be mailed. */
  mailsDefinitions: boolean;
  /** Names of events and values of properties are looked for among the events of so many days. */
  recentDays: number;
  /** How long a JQL script may compute: half of what Mixpanel grants. */
  jqlRunMs: number;
  /** How much memory a JQL script may take. */
  jqlMemoryBytes: number;
  /** Events that it takes: about 400 bytes of memory each, less for large numbers. */
  mostEvents: number;
  /**
   * Origins of pages, besides those of this machine, that may send what takes a project's token: `https://shop.test`, or
   * `*` for all.
   */
  allowOrigins: readonly string[];
  /** Names under which it may be asked, besides those of this machine; without ports. */
  hosts: readonly string[];
  /** Limits by quota; a quota that is not named has none. */
  quotas: Partial<Record<QuotaKey, QuotaLimits>>;
  /**
   * Which answers carry `RateLimit` headers: Mixpanel's servers have been seen to send them with a 429 only, and with none
   * at all.
   */
  rateLimitHeaders: "refused" | "all" | "none";
  /** Holds events against a plan as they come in; without one, all are taken. */
  trackingPlan?: TrackingPlan;
  /** What the plan lacks: requests of a product are answered with 402, and saving a feature with 403. */
  planLacks: readonly (PlanProduct | PlanFeature)[];
  /** How many days before today a request may begin, as on smaller plans; earlier ones get 403. Default: any. */
  historyDays?: number;
  /**
   * How many events of one `distinct_id` a day stay as they are: Mixpanel's 200,000. Without it they are not counted,
   * which is faster.
   */
  hotShardEvents?: number;
  /** What goes wrong from the start; `/sandbox/faults` adds to it. */
  faults: Fault[];
}

export const DEFAULT_SETTINGS: Readonly<SandboxSettings> = {
  strictTokens: false,
  addServerProperties: false,
  importMaxBytes: 10 * 1024 * 1024,
  profilePageSize: 1000,
  profileSessionMs: 60 * 60 * 1000,
  gdprStageMs: 5000,
  gdprListAnswers: false,
  mailsDefinitions: false,
  recentDays: 31,
  jqlRunMs: 60_000,
  jqlMemoryBytes: 256 * 1024 * 1024,
  mostEvents: 20_000_000,
  allowOrigins: [],
  hosts: [],
  quotas: {},
  rateLimitHeaders: "refused",
  planLacks: [],
  faults: [],
};
