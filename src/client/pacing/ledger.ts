/**
 * The ledger that all `mp` processes of a user share: which requests have been made within the windows of each
 * quota, and which are under way. It is there to be on the safe side of the server's limits and never in the
 * way: when its file cannot be used, requests go out as if it were not there.
 */
import type { Clock } from "../../runtime/clock.ts";
import { dirname, makeFolder, removeFile } from "../../runtime/files/files.ts";
import { randomUUID } from "../../runtime/hash.ts";
import { isProcessAlive, processId } from "../../runtime/process.ts";
import { isLoopback } from "../hosts.ts";
import { parseRetryAfterMs } from "../retry.ts";
import type { QuotaName, SendOptions } from "../types.ts";
import { formatWait, oneLine } from "../wording.ts";
import { type Lease, type LedgerKey, LedgerStore } from "./ledger_store.ts";
import { formatLimits, later, noSlot, type Obstacle, reason } from "./obstacle.ts";
import { type Quota, QUOTAS, quotasOf } from "./quotas.ts";
import { announcedLimits, resetMs } from "./rate_limit_headers.ts";

export interface LedgerOptions {
  /** The SQLite file; its folder is made, for its owner alone, when it is not there. */
  path: string;
  clock: Clock;
  /** Called with waits that a person will notice. */
  notice?: (line: string) => void;
  /** Called with decisions, and of why the ledger cannot be used. */
  trace?: (line: string) => void;
  /** How long to wait for a free slot. Default 15 s. */
  patienceMs?: number;
  /** How long to wait for a request of another process to end. Default 60 s. */
  concurrencyPatienceMs?: number;
}

/** A request's place in the ledger, to be given back when its answer has been read. */
export interface Reservation {
  /** `counted: false` when the server has not counted the request, or not seen it. Later calls do nothing. */
  release(outcome?: { counted: boolean }): void;
}

/** What is known about one quota. Times are milliseconds since 1970. */
export interface LedgerEntry {
  host: string;
  project: string;
  quota: QuotaName;
  /** `limit` is null for a server on this machine that has announced none: what it was asked is counted all the same. */
  windows: { limit: number | null; windowMs: number; used: number; nextFreeAt?: number }[];
  running: number;
  concurrent?: number;
  /** Until when the server has asked to stay away. */
  blockedUntil?: number;
  /** Whether the limits are the server's own words. */
  isLearned: boolean;
}

/** How to wait for a slot: `patienceMs` takes the place of the ledger's own, `onWait` that of its notices. */
export type ReserveOptions = Pick<SendOptions, "signal" | "patienceMs" | "onWait" | "onQuota">;

export interface Ledger {
  /**
   * Waits for room in all quotas that the request counts against, as long as patience lasts.
   *
   * @throws MpError (rate_limited) with the time of the next slot; nothing has been sent.
   */
  reserve(key: LedgerKey, quota: QuotaName, options?: ReserveOptions): Promise<Reservation>;
  /** Learns from an answer: limits that the server announces, and how long to stay away. */
  observe(key: LedgerKey, quota: QuotaName, status: number, headers: Headers): void;
  snapshot(): Promise<LedgerEntry[]>;
  /** Forgets everything. A file that cannot be read is replaced. */
  reset(): Promise<void>;
  close(): void;
}

const NOTHING_TO_RELEASE: Reservation = { release() {} };
/** Long enough for many processes that write in turn, short enough not to be felt when one hangs. */
const LOCK_TIMEOUT_MS = 1000;
const POLL_MS = 250;
/** However long a server asks to stay away: a wrong answer must not keep every command from being run for longer. */
const LONGEST_BLOCK_MS = 86_400_000;
const NOTICEABLE_MS = 2000;
const OWNER = { pid: processId(), token: randomUUID() };

/** Opens the ledger; its file is touched when it is first needed. */
export function openLedger(options: LedgerOptions): Ledger {
  return new SharedLedger(options);
}

class SharedLedger implements Ledger {
  readonly #options: LedgerOptions;
  #store: Promise<LedgerStore | undefined> | undefined;
  /** The store, once it is open. */
  #open: LedgerStore | undefined;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  async reserve(key: LedgerKey, quota: QuotaName, options: ReserveOptions = {}): Promise<Reservation> {
    const { clock, trace } = this.#options;
    const { signal, onQuota } = options;
    const store = await this.#opened();
    if (store === undefined) return NOTHING_TO_RELEASE;
    const startedAt = clock.now();
    let hasNoticed = false;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const outcome = this.#guard("reserve a slot", () => store.inTransaction(() => this.#claim(store, key, quota)));
        if (outcome === undefined) return NOTHING_TO_RELEASE;
        if (Array.isArray(outcome)) {
          if (onQuota !== undefined) this.#tellLeft(store, key, quota, onQuota);
          return this.#reservation(store, outcome);
        }
        const waitMs = this.#waitFor(outcome, key, startedAt, options.patienceMs);
        if (outcome.kind === "running" ? !hasNoticed : waitMs >= NOTICEABLE_MS) {
          hasNoticed = true;
          this.#tellWait(outcome, waitMs, options);
        }
        trace?.(`pacing: ${reason(outcome)}; waiting ${Math.ceil(waitMs)} ms`);
        await clock.sleep(waitMs, signal);
      }
    } finally {
      if (hasNoticed) options.onWait?.(undefined);
    }
  }

  observe(key: LedgerKey, quota: QuotaName, status: number, headers: Headers): void {
    const store = this.#open;
    const now = this.#options.clock.now();
    const limits = announcedLimits(headers);
    const retryAfterMs = status === 429 ? parseRetryAfterMs(headers.get("retry-after"), now) ?? resetMs(headers) : 0;
    if (store === undefined || (limits === undefined && !retryAfterMs)) return;
    this.#guard("note an answer", () =>
      store.inTransaction(() => {
        if (limits !== undefined) store.learnLimits(key, quota, limits, now);
        const isPaced = key.assumed || store.learnedLimits(key, quota, now) !== undefined;
        if (retryAfterMs && isPaced) store.block(key, quota, now + Math.min(retryAfterMs, LONGEST_BLOCK_MS));
      }));
    if (limits !== undefined) this.#options.trace?.(`pacing: the server announces ${formatLimits(limits)}`);
  }

  async snapshot(): Promise<LedgerEntry[]> {
    const store = await this.#opened();
    if (store === undefined) return [];
    const now = this.#options.clock.now();
    return this.#guard("read", () =>
      store.inTransaction(() => {
        store.dropDeadLeases(OWNER, isProcessAlive, now);
        return store.known().filter(({ quota }) => quota in QUOTAS).map((known) => entryOf(store, known, now));
      })) ?? [];
  }

  async reset(): Promise<void> {
    const store = await this.#opened();
    const isCleared = store !== undefined &&
      this.#guard("clear", () => store.inTransaction(() => (store.clear(), true)));
    if (isCleared) return;
    this.close();
    for (const suffix of ["", "-wal", "-shm"]) await removeFile(this.#options.path + suffix);
    this.#store = undefined;
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
    this.#store = Promise.resolve(undefined);
  }

  /** Enters the request into all its quotas, or says what stands in the way. */
  #claim(store: LedgerStore, key: LedgerKey, quota: QuotaName): Lease[] | Obstacle {
    const now = this.#options.clock.now();
    const entered: QuotaName[] = [];
    let worst: Obstacle | undefined;
    for (const name of quotasOf(quota)) {
      const until = store.blockedUntil(key, name, now);
      if (until !== undefined) worst = later(worst, { kind: "blocked", quota: name, freeAt: until });
      entered.push(name);
      const limits = limitsOf(store, key, name, now);
      if (limits === undefined) continue;
      for (const window of limits.windows) {
        const at = store.nthLatestUse(key, name, window.limit, now);
        const freeAt = at === undefined ? 0 : at + window.windowMs;
        if (freeAt > now) worst = later(worst, { kind: "used", quota: name, window, freeAt });
      }
      const { concurrent } = limits;
      if (concurrent === undefined || store.countLeases(key, name, now) < concurrent) continue;
      store.dropDeadLeases(OWNER, isProcessAlive, now);
      if (store.countLeases(key, name, now) >= concurrent) {
        worst ??= { kind: "running", quota: name, limit: concurrent };
      }
    }
    return worst ?? entered.map((name) => store.addUse(key, name, OWNER, now));
  }

  #tellWait(obstacle: Obstacle, waitMs: number, { onWait }: ReserveOptions): void {
    const isRunning = obstacle.kind === "running";
    if (onWait !== undefined) {
      onWait({ reason: reason(obstacle), milliseconds: isRunning ? undefined : waitMs });
    } else {
      this.#options.notice?.(`${reason(obstacle)}; waiting${isRunning ? "" : ` ${formatWait(waitMs)}`}`);
    }
  }

  /** Tells what is left of the longest window. */
  #tellLeft(store: LedgerStore, key: LedgerKey, quota: QuotaName, tell: NonNullable<SendOptions["onQuota"]>): void {
    const now = this.#options.clock.now();
    const [left, limit] = this.#guard("read", () => {
      const { windows } = limitsOf(store, key, quota, now) ?? { windows: [] };
      const [longest] = [...windows].sort((one, other) => other.windowMs - one.windowMs);
      if (longest === undefined) return undefined;
      const used = store.countUses(key, quota, now - longest.windowMs, now);
      return [Math.max(0, longest.limit - used), longest.limit];
    }) ?? [];
    if (left !== undefined && limit !== undefined) tell(left, limit);
  }

  /** Milliseconds to wait before another look; throws when that would take too long. */
  #waitFor(obstacle: Obstacle, key: LedgerKey, startedAt: number, ownPatienceMs?: number): number {
    const { clock, concurrencyPatienceMs = 60_000 } = this.#options;
    const patienceMs = ownPatienceMs ?? this.#options.patienceMs ?? 15_000;
    const now = clock.now();
    if (obstacle.kind === "running") {
      if (now - startedAt >= Math.max(concurrencyPatienceMs, ownPatienceMs ?? 0)) throw noSlot(obstacle, key, now);
      return POLL_MS * (1 + clock.random());
    }
    if (obstacle.freeAt - startedAt > patienceMs) throw noSlot(obstacle, key, now);
    return Math.max(1, obstacle.freeAt - now);
  }

  #reservation(store: LedgerStore, leases: Lease[]): Reservation {
    let isReleased = leases.length === 0;
    return {
      release: ({ counted } = { counted: true }) => {
        if (isReleased || this.#open !== store) return;
        isReleased = true;
        this.#guard(
          "give a slot back",
          () => store.inTransaction(() => leases.forEach((lease) => store.endLease(lease, counted))),
        );
      },
    };
  }

  #opened(): Promise<LedgerStore | undefined> {
    return this.#store ??= this.#openStore();
  }

  async #openStore(): Promise<LedgerStore | undefined> {
    const { path, clock } = this.#options;
    try {
      await makeFolder(dirname(path), 0o700);
      const { openDatabase } = await import("../../runtime/sqlite.ts");
      return this.#open = new LedgerStore(openDatabase(path, { busyTimeoutMs: LOCK_TIMEOUT_MS }), clock.now());
    } catch (error) {
      this.#complain("open", error);
      return undefined;
    }
  }

  #guard<T>(step: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#complain(step, error);
      return undefined;
    }
  }

  #complain(step: string, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    this.#options.trace?.(`pacing: cannot ${step} (${oneLine(words, 200)}); going on without ${this.#options.path}`);
  }
}

/** The limits in effect: the published ones, each replaced by what the server has announced. */
function limitsOf(
  store: LedgerStore,
  key: LedgerKey,
  name: QuotaName,
  now: number,
): Pick<Quota, "windows" | "concurrent"> & { isLearned: boolean } | undefined {
  const learned = store.learnedLimits(key, name, now);
  const { windows, concurrent } = QUOTAS[name];
  if (learned === undefined) return key.assumed ? { windows, concurrent, isLearned: false } : undefined;
  if (!key.assumed) return { ...learned, isLearned: true };
  const others = windows.filter(({ windowMs }) => learned.windows.every((one) => one.windowMs !== windowMs));
  return { windows: [...learned.windows, ...others], concurrent: learned.concurrent ?? concurrent, isLearned: true };
}

function entryOf(
  store: LedgerStore,
  known: { host: string; project: string; quota: QuotaName },
  now: number,
): LedgerEntry {
  const assumed = !isLoopback(new URL(`http://${known.host}`));
  const key: LedgerKey = { host: known.host, project: known.project, assumed };
  const limits = limitsOf(store, key, known.quota, now);
  const windows = (limits ?? QUOTAS[known.quota]).windows.map(({ limit, windowMs }) => {
    const used = store.countUses(key, known.quota, now - windowMs, now);
    if (limits === undefined) return { limit: null, windowMs, used };
    const at = store.nthLatestUse(key, known.quota, limit, now);
    return { limit, windowMs, used, nextFreeAt: at !== undefined && at + windowMs > now ? at + windowMs : undefined };
  });
  return {
    ...known,
    windows,
    running: store.countLeases(key, known.quota, now),
    concurrent: limits?.concurrent,
    blockedUntil: store.blockedUntil(key, known.quota, now),
    isLearned: limits?.isLearned ?? false,
  };
}
