/**
 * The one retry engine. What is tried again, how often and after how long is a table of rules that lies beside the work
 * it is for; the decision is a pure function of the table and of what has happened so far.
 */
import type { MpError } from "../errors.ts";
import type { Clock } from "../runtime/clock.ts";
import { isLasting } from "./lasting.ts";
import type { Wait } from "./types.ts";

/** What is done about one kind of failure. The first rule of a table that matches decides. */
export interface RetryRule {
  matches(error: MpError): boolean;
  /** Attempts in all. */
  attempts: number;
  /** Attempts in all while the server has not answered anything: it is more likely not to be there. */
  attemptsUnanswered?: number;
  backoff: Backoff;
  /** How far the server's `Retry-After` is obeyed. Without it, it is ignored. */
  retryAfter?: RetryAfterRule;
  /** The request only waits for its turn: such failures are counted apart, and their delays must fit the patience. */
  isWait?: boolean;
  /** The server has not executed the request, so that even one that is not repeatable may be sent again. */
  isUnexecuted?: boolean;
}

/** Exponential delays: `firstMs`, then `growth` times as long each time, up to `mostMs`. */
export interface Backoff {
  firstMs: number;
  mostMs: number;
  /** Default 2. */
  growth?: number;
  /** The share of a delay that is random, from 0 to 1. With 1 (full jitter) it is anything up to the whole delay. */
  jitter: number;
  /** A random time between these is added. */
  extraMs?: readonly [least: number, most: number];
}

export interface RetryAfterRule {
  /** Longest wait that is granted. */
  mostMs?: number;
  /** A longer one is cut to `mostMs`; otherwise it ends the attempts. */
  isCut?: boolean;
  /** A random time up to this is added, so that many that were turned away together come back apart. */
  jitterMs?: number;
  /** It is never shorter than the backoff would be. */
  isLeast?: boolean;
}

/** A failure that a rule may know. An attempt returns it; an error that it throws is never tried again. */
export class Failed {
  constructor(
    /** Thrown when there is no further attempt. */
    readonly error: MpError,
    /** For whoever shows the wait: `rate limited`. */
    readonly reason: string,
    /** How long the server asks to stay away. */
    readonly retryAfterMs: number | undefined = seconds(error.retryAfterSeconds),
  ) {}
}

/** What has happened before a decision. */
export interface AttemptHistory {
  /** Failures so far, the last one included; those that only wait are left out. */
  failures: number;
  /** Failures that only wait so far, the last one included. */
  waits: number;
  waitedMs: number;
  /** Longest wait in all when the server says when to come back, or for rules that only wait. */
  patienceMs: number;
  hasAnswered: boolean;
  /** Whether sending the request twice does no harm. */
  repeatable: boolean;
  /** In [0, 1). */
  random: number;
}

/** The rule of a table for an error; undefined when none knows it, or no repetition fixes it. */
export function ruleFor(error: MpError, rules: readonly RetryRule[]): RetryRule | undefined {
  return isLasting(error) ? undefined : rules.find((one) => one.matches(error));
}

/** Milliseconds until the next attempt, or undefined when there is none. */
export function retryDelayMs(rule: RetryRule, failed: Failed, history: AttemptHistory): number | undefined {
  if (!history.repeatable && !rule.isUnexecuted) return undefined;
  const count = rule.isWait ? history.waits : history.failures;
  const attempts = history.hasAnswered ? rule.attempts : rule.attemptsUnanswered ?? rule.attempts;
  if (count >= attempts) return undefined;
  const patienceLeftMs = history.patienceMs - history.waitedMs;
  const ownMs = backoffMs(rule.backoff, count, history.random);
  if (failed.retryAfterMs === undefined || rule.retryAfter === undefined) {
    return rule.isWait && ownMs > patienceLeftMs ? undefined : ownMs;
  }
  const { mostMs = Infinity, isCut, jitterMs = 0, isLeast } = rule.retryAfter;
  if (failed.retryAfterMs > (isCut ? Infinity : Math.min(mostMs, patienceLeftMs))) return undefined;
  const askedMs = Math.min(mostMs, failed.retryAfterMs) + Math.round(jitterMs * history.random);
  return isLeast ? Math.max(askedMs, ownMs) : askedMs;
}

function backoffMs({ firstMs, mostMs, growth = 2, jitter, extraMs = [0, 0] }: Backoff, count: number, random: number) {
  const fullMs = Math.min(mostMs, firstMs * growth ** (count - 1));
  return Math.round(fullMs * (1 - jitter + jitter * random) + extraMs[0] + random * (extraMs[1] - extraMs[0]));
}

export interface AttemptsOptions {
  rules: readonly RetryRule[];
  clock: Clock;
  /** Ends a pause, with the signal's reason. */
  signal?: AbortSignal;
  /** Default: as long as it takes. */
  patienceMs?: number;
  /** Default true. */
  repeatable?: boolean;
  /** Whether the server has answered anything so far. Default: it has. */
  hasAnswered?(): boolean;
  /** Called with each wait, and with undefined when it is over. */
  onWait?(wait: (Wait & { milliseconds: number }) | undefined): void;
  /** Passes the time before the next attempt. Default: the clock's `sleep`. */
  pause?(milliseconds: number, failed: Failed): Promise<void>;
}

/** What is decided about a failure. */
export interface RetryDecision {
  /** Undefined when no rule knows the failure, or no repetition fixes it. */
  rule?: RetryRule;
  /** Undefined when there is no further attempt. */
  delayMs?: number;
}

/** The attempts at one thing. */
export class Attempts {
  readonly #options: AttemptsOptions;
  #failures = 0;
  #waits = 0;
  #waitedMs = 0;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /**
   * Attempts until one succeeds.
   *
   * @param onFailure is called with each decision before it is carried out; what it returns ends the attempts as their result
   * @throws what an attempt throws; the error of the last failure; or the signal's reason, when a pause is interrupted.
   */
  async run<T>(
    attempt: () => Promise<T | Failed>,
    onFailure?: (failed: Failed, decision: RetryDecision, failures: number) => T | undefined,
  ): Promise<T> {
    for (;;) {
      const outcome = await attempt();
      if (!(outcome instanceof Failed)) return outcome;
      const decision = this.#decide(outcome);
      const instead = onFailure?.(outcome, decision, this.#failures);
      if (instead !== undefined) return instead;
      await this.#carryOut(outcome, decision);
    }
  }

  /**
   * Waits as long as the rules say after a failure.
   *
   * @throws its error when there is no further attempt.
   */
  async waitAfter(failed: Failed): Promise<void> {
    await this.#carryOut(failed, this.#decide(failed));
  }

  /** Forgets the failures, since something has come of the last attempt. */
  startAnew(): void {
    this.#failures = this.#waits = 0;
  }

  #decide(failed: Failed): RetryDecision {
    const { rules, clock, patienceMs = Infinity, repeatable = true, hasAnswered } = this.#options;
    const rule = ruleFor(failed.error, rules);
    if (rule?.isWait) this.#waits++;
    else this.#failures++;
    return {
      rule,
      delayMs: rule && retryDelayMs(rule, failed, {
        failures: this.#failures,
        waits: this.#waits,
        waitedMs: this.#waitedMs,
        patienceMs,
        hasAnswered: hasAnswered?.() ?? true,
        repeatable,
        random: clock.random(),
      }),
    };
  }

  async #carryOut(failed: Failed, { delayMs }: RetryDecision): Promise<void> {
    if (delayMs === undefined) throw failed.error;
    const { clock, signal, onWait, pause = (milliseconds) => clock.sleep(milliseconds, signal) } = this.#options;
    onWait?.({ reason: failed.reason, milliseconds: delayMs });
    try {
      await pause(delayMs, failed);
    } finally {
      onWait?.(undefined);
    }
    this.#waitedMs += delayMs;
  }
}

const seconds = (count: number | undefined): number | undefined => count === undefined ? undefined : count * 1000;
