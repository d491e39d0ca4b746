/** Rate limits, as Mixpanel counts them: in sliding windows, most of them for each project. */
import type { Clock } from "../runtime/clock.ts";
import { Refusal } from "./refusal.ts";
import type { QuotaKey, QuotaLimits, SandboxSettings } from "./settings.ts";

/** The published limits. */
export const PUBLISHED_QUOTAS: Record<Exclude<QuotaKey, "ingestion">, QuotaLimits> = {
  query: { perHour: 60, concurrent: 5 },
  jql: { perHour: 60, concurrent: 5 },
  export: { perHour: 60, perSecond: 3, concurrent: 100 },
  lexicon: { perMinute: 5 },
  lookup_tables: { perDay: 100 },
  gdpr: { perSecond: 1 },
  // Not published: what a user has met.
  flags: { perMinute: 500 },
};

/** A quota that requests of another one count against too. */
const INCLUDES: Partial<Record<QuotaKey, QuotaKey>> = { jql: "query" };

const SECOND_MS = 1000;

/** The spans that requests are counted in, the longest first. */
const WINDOWS = [
  { limit: "perDay", windowMs: 86_400_000 },
  { limit: "perHour", windowMs: 3_600_000 },
  { limit: "perMinute", windowMs: 60_000 },
  { limit: "perSecond", windowMs: SECOND_MS },
] as const;

const PROJECT_LIMIT = "Project exceeded rate limits. Please retry the request with exponential backoff.";

export const LIMIT_TEXTS: Record<QuotaKey, string> = {
  query: "Query rate limit exceeded",
  jql: "Query rate limit exceeded",
  export: "too many export requests in progress for this project",
  ingestion: PROJECT_LIMIT,
  lexicon: "Too many requests",
  lookup_tables: PROJECT_LIMIT,
  gdpr: "Too many requests",
  flags: "Too many requests",
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
  admit(
    /** Whose requests are counted together. */
    scope: string,
    name: QuotaKey,
    limits: Partial<Record<QuotaKey, QuotaLimits>>,
    sendsHeaders: SandboxSettings["rateLimitHeaders"],
  ): Admission {
    const included = INCLUDES[name];
    const slots = (included === undefined ? [name] : [name, included]).flatMap((each) => {
      const own = limits[each];
      return own === undefined ? [] : [this.#slot(scope, each, own, sendsHeaders !== "none")];
    });
    for (const { usage } of slots) {
      usage.arrivals.push(this.clock.now());
      usage.active++;
    }
    const [scarcest] = slots.sort((a, b) => a.left - b.left);
    let isReleased = false;
    return {
      headers: sendsHeaders === "all" && scarcest !== undefined && scarcest.left !== Infinity
        ? { ...policy(scarcest.limits), "RateLimit": `"project";r=${scarcest.left - 1}` }
        : {},
      release() {
        if (isReleased) return;
        isReleased = true;
        for (const { usage } of slots) usage.active--;
      },
    };
  }

  /** A place in a quota, which is not taken yet. Throws Refusal when there is none. */
  #slot(
    scope: string,
    name: QuotaKey,
    limits: QuotaLimits,
    sendsHeaders: boolean,
  ): { usage: Usage; limits: QuotaLimits; left: number } {
    const nowMs = this.clock.now();
    const key = `${scope} ${name}`;
    const usage = this.#usage.get(key) ?? { arrivals: [], active: 0 };
    this.#usage.set(key, usage);
    const longestMs = windowsOf(limits)[0]?.windowMs ?? 0;
    while (usage.arrivals.length > 0 && usage.arrivals[0] <= nowMs - longestMs) usage.arrivals.shift();

    const left = Math.min(
      ...windowsOf(limits).map(({ most, windowMs }) => most - countSince(usage.arrivals, nowMs - windowMs)),
    );
    const isCrowded = usage.active >= (limits.concurrent ?? Infinity);
    if (left > 0 && !isCrowded) return { usage, limits, left };
    const waitMs = isCrowded ? SECOND_MS : waitForSlot(usage.arrivals, limits, nowMs);
    const tripped = isCrowded ? '"project-concurrency";r=0' : '"project";r=0';
    const headers = { ...policy(limits), "RateLimit": tripped, "Retry-After": String(Math.ceil(waitMs / 1000)) };
    throw new Refusal(429, LIMIT_TEXTS[name], { headers: sendsHeaders ? headers : {} });
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

/** The windows that limits name, the longest first. */
function windowsOf(limits: QuotaLimits): { most: number; windowMs: number }[] {
  return WINDOWS.flatMap(({ limit, windowMs }) => {
    const most = limits[limit];
    return most === undefined ? [] : [{ most, windowMs }];
  });
}

function policy(limits: QuotaLimits): Record<string, string> {
  const parts: string[] = [];
  const [longest] = windowsOf(limits);
  if (longest !== undefined) parts.push(`"project";q=${longest.most};w=${longest.windowMs / 1000}`);
  const { concurrent } = limits;
  if (concurrent !== undefined) parts.push(`"project-concurrency";q=${concurrent};qu="concurrent-requests"`);
  return { "RateLimit-Policy": parts.join(", ") };
}

function countSince(arrivals: readonly number[], sinceMs: number): number {
  let count = 0;
  while (count < arrivals.length && arrivals[arrivals.length - 1 - count] > sinceMs) count++;
  return count;
}

/** Milliseconds until every window has room again. */
function waitForSlot(arrivals: readonly number[], limits: QuotaLimits, nowMs: number): number {
  const waits = windowsOf(limits).map(({ most, windowMs }) => {
    if (arrivals.length < most) return 0;
    // With a limit of 0 there is no arrival to wait for.
    return (arrivals[arrivals.length - most] ?? nowMs) + windowMs - nowMs;
  });
  return Math.max(...waits, 1);
}
