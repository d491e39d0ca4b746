/** Rate limits, as Mixpanel counts them: per project, in sliding windows. */
import { Refusal } from "./refusal.ts";
import type { Clock } from "./settings.ts";

export type QuotaName = "query" | "export" | "ingestion";

export interface QuotaLimits {
  perHour?: number;
  perSecond?: number;
  concurrent?: number;
}

/** The published limits. */
export const PUBLISHED_QUOTAS: Record<"query" | "export", QuotaLimits> = {
  query: { perHour: 60, concurrent: 5 },
  export: { perHour: 60, perSecond: 3, concurrent: 100 },
};

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

const TEXTS: Record<QuotaName, string> = {
  query: "Query rate limit exceeded",
  export: "too many export requests in progress for this project",
  ingestion: "Project exceeded rate limits. Please retry the request with exponential backoff.",
};

/** A request that was let in. */
export interface Admission {
  /** Headers that tell how much is left. */
  headers: Record<string, string>;
  /** To be called when its answer is complete. */
  release(): void;
}

interface Usage {
  /** When requests came in, oldest first, as far back as the longest window. */
  arrivals: number[];
  active: number;
}

/** Counts requests. It holds what it knows in memory: a restart forgives. */
export class Quotas {
  readonly #usage = new Map<string, Usage>();

  constructor(private readonly clock: Clock) {}

  /**
   * Lets a request in, or refuses it with 429. A refused request doesn't count.
   *
   * @throws Refusal
   */
  admit(projectId: number, name: QuotaName, limits: QuotaLimits | undefined, sendsHeaders: boolean): Admission {
    if (limits === undefined) return { headers: {}, release() {} };
    const nowMs = this.clock.now();
    const key = `${projectId} ${name}`;
    const usage = this.#usage.get(key) ?? { arrivals: [], active: 0 };
    this.#usage.set(key, usage);
    while (usage.arrivals.length > 0 && usage.arrivals[0] <= nowMs - HOUR_MS) usage.arrivals.shift();

    const left = Math.min(
      (limits.perHour ?? Infinity) - usage.arrivals.length,
      (limits.perSecond ?? Infinity) - countSince(usage.arrivals, nowMs - SECOND_MS),
    );
    const isCrowded = usage.active >= (limits.concurrent ?? Infinity);
    if (left <= 0 || isCrowded) {
      const waitMs = isCrowded ? SECOND_MS : waitForSlot(usage.arrivals, limits, nowMs);
      const tripped = isCrowded ? '"project-concurrency";r=0' : '"project";r=0';
      const headers = { ...policy(limits), "RateLimit": tripped, "Retry-After": String(Math.ceil(waitMs / 1000)) };
      throw new Refusal(429, TEXTS[name], { headers: sendsHeaders ? headers : {} });
    }
    usage.arrivals.push(nowMs);
    usage.active++;
    let isReleased = false;
    return {
      headers: sendsHeaders && left !== Infinity ? { ...policy(limits), "RateLimit": `"project";r=${left - 1}` } : {},
      release() {
        if (!isReleased) usage.active--;
        isReleased = true;
      },
    };
  }

  /** What has been used, for `/sandbox/state`. */
  state(): Record<string, { arrivals: number; active: number }> {
    const entries = [...this.#usage].map(([key, { arrivals, active }]) => [key, { arrivals: arrivals.length, active }]);
    return Object.fromEntries(entries);
  }

  reset(): void {
    this.#usage.clear();
  }
}

function policy({ perHour, perSecond, concurrent }: QuotaLimits): Record<string, string> {
  const parts: string[] = [];
  if (perHour !== undefined) parts.push(`"project";q=${perHour};w=3600`);
  else if (perSecond !== undefined) parts.push(`"project";q=${perSecond};w=1`);
  if (concurrent !== undefined) parts.push(`"project-concurrency";q=${concurrent};qu="concurrent-requests"`);
  return { "RateLimit-Policy": parts.join(", ") };
}

function countSince(arrivals: readonly number[], sinceMs: number): number {
  let count = 0;
  while (count < arrivals.length && arrivals[arrivals.length - 1 - count] > sinceMs) count++;
  return count;
}

/** Milliseconds until every window has room again. */
function waitForSlot(arrivals: readonly number[], { perHour, perSecond }: QuotaLimits, nowMs: number): number {
  const until = (limit: number | undefined, windowMs: number) => {
    if (limit === undefined) return 0;
    // With a limit of 0 there is no arrival to wait for.
    const oldest = arrivals[arrivals.length - limit] ?? nowMs;
    return arrivals.length < limit ? 0 : oldest + windowMs - nowMs;
  };
  return Math.max(until(perHour, HOUR_MS), until(perSecond, SECOND_MS), 1);
}
