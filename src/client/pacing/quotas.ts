/** The request quotas that Mixpanel publishes. A server's own headers may raise or lower them; see `ledger.ts`. */
import type { QuotaName } from "../types.ts";

/** At most `limit` requests within any span of `windowMs`. */
export interface QuotaWindow {
  limit: number;
  windowMs: number;
}

export interface Quota {
  windows: readonly QuotaWindow[];
  /** Requests at the same time. */
  concurrent?: number;
  /** A quota that each request also counts against. */
  includes?: QuotaName;
  /** What shares the quota. */
  scope: "project" | "organization";
  /** What is counted, in the plural, for messages. */
  unit: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const QUOTAS: Readonly<Record<QuotaName, Quota>> = {
  query: { windows: [{ limit: 60, windowMs: HOUR }], concurrent: 5, scope: "project", unit: "queries" },
  jql: {
    windows: [{ limit: 60, windowMs: HOUR }],
    concurrent: 5,
    includes: "query",
    scope: "project",
    unit: "JQL queries",
  },
  export: {
    windows: [{ limit: 60, windowMs: HOUR }, { limit: 3, windowMs: SECOND }],
    concurrent: 100,
    scope: "project",
    unit: "exports",
  },
  lexicon: { windows: [{ limit: 5, windowMs: MINUTE }], scope: "organization", unit: "Lexicon requests" },
  lookup_tables: { windows: [{ limit: 100, windowMs: 24 * HOUR }], scope: "project", unit: "lookup table uploads" },
  gdpr: { windows: [{ limit: 1, windowMs: SECOND }], scope: "project", unit: "GDPR requests" },
};

/** The quotas that a request counts against. */
export function quotasOf(name: QuotaName): QuotaName[] {
  const { includes } = QUOTAS[name];
  return includes === undefined ? [name] : [name, includes];
}

/** Statuses of requests that the server turned away before it counted them. */
const UNCOUNTED: ReadonlySet<number> = new Set([401, 402, 429]);

/** Whether a request with this answer used up a part of the quota. */
export function countsWithStatus(status: number): boolean {
  return !UNCOUNTED.has(status);
}
