/** The ledger's tables. Each function is one step within a transaction of its caller. */
import type { Database } from "../../runtime/sqlite.ts";
import type { QuotaName } from "../types.ts";
import type { AnnouncedLimits } from "./rate_limit_headers.ts";

/** Whose quota it is. */
export interface LedgerKey {
  /** With its port, when it has one. */
  host: string;
  /** Project id, or a fingerprint of the credentials where no id is known. */
  project: string;
  /** Whether the published limits hold; otherwise only those that the server has announced. */
  assumed: boolean;
}

/** A process, told apart from another that had the same id before. */
export interface Owner {
  pid: number;
  token: string;
}

/** A request that is under way. */
export interface Lease {
  useId: number;
  leaseId: number;
}

type Row = Record<string, number | string | null>;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS uses (
    id INTEGER PRIMARY KEY, host TEXT NOT NULL, project TEXT NOT NULL, quota TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS uses_by_time ON uses (host, project, quota, at);
  CREATE TABLE IF NOT EXISTS leases (
    id INTEGER PRIMARY KEY, host TEXT NOT NULL, project TEXT NOT NULL, quota TEXT NOT NULL,
    pid INTEGER NOT NULL, owner TEXT NOT NULL, expires_at INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS limits (
    host TEXT NOT NULL, project TEXT NOT NULL, quota TEXT NOT NULL,
    window_ms INTEGER NOT NULL, amount INTEGER NOT NULL, learned_at INTEGER NOT NULL,
    PRIMARY KEY (host, project, quota, window_ms)
  );
  CREATE TABLE IF NOT EXISTS blocks (
    host TEXT NOT NULL, project TEXT NOT NULL, quota TEXT NOT NULL, until INTEGER NOT NULL,
    PRIMARY KEY (host, project, quota)
  );
`;

const LONGEST_WINDOW_MS = 25 * 3_600_000;
/** After this, a server's announcement is forgotten unless it is repeated. */
const LIMITS_HOLD_MS = 24 * 3_600_000;
/** Times that lie further ahead come from a clock that was set back. */
const CLOCK_SLACK_MS = 60_000;
/** A lease whose process still lives after this time was forgotten by it, or its id belongs to another now. */
const LEASE_MS = 3_600_000;
/** Stands for "at the same time" in the column of windows. */
const CONCURRENT = 0;

export class LedgerStore {
  readonly #statements = new Map<string, ReturnType<Database["prepare"]>>();

  constructor(readonly database: Database, now: number) {
    if (Number(this.#get("PRAGMA user_version")?.user_version) === 0) {
      database.exec(SCHEMA);
      database.exec("PRAGMA user_version = 1");
    }
    this.inTransaction(() => {
      this.#run("DELETE FROM uses WHERE at < ? OR at > ?", now - LONGEST_WINDOW_MS, now + CLOCK_SLACK_MS);
      this.#run("DELETE FROM blocks WHERE until < ? OR until > ?", now, now + LONGEST_WINDOW_MS);
      this.#run("DELETE FROM limits WHERE learned_at < ?", now - LIMITS_HOLD_MS);
    });
  }

  /** Runs `work` while no other process writes; a throw undoes it. */
  inTransaction<T>(work: () => T): T {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  countUses(key: LedgerKey, quota: QuotaName, since: number, now: number): number {
    const sql = "SELECT count(*) AS n FROM uses WHERE host = ? AND project = ? AND quota = ? AND at > ? AND at <= ?";
    return Number(this.#get(sql, key.host, key.project, quota, since, now + CLOCK_SLACK_MS)?.n ?? 0);
  }

  /** When the n-th latest use was, counted from 1. */
  nthLatestUse(key: LedgerKey, quota: QuotaName, n: number, now: number): number | undefined {
    const sql = "SELECT at FROM uses WHERE host = ? AND project = ? AND quota = ? AND at <= ? " +
      "ORDER BY at DESC LIMIT 1 OFFSET ?";
    const row = this.#get(sql, key.host, key.project, quota, now + CLOCK_SLACK_MS, n - 1);
    return row === undefined ? undefined : Number(row.at);
  }

  countLeases(key: LedgerKey, quota: QuotaName, now: number): number {
    const sql = "SELECT count(*) AS n FROM leases WHERE host = ? AND project = ? AND quota = ? AND expires_at > ?";
    return Number(this.#get(sql, key.host, key.project, quota, now)?.n ?? 0);
  }

  /** Frees what dead processes, and earlier ones with this process's id, have left behind. */
  dropDeadLeases(owner: Owner, isAlive: (pid: number) => boolean, now: number): void {
    for (const { pid, owner: token } of this.#all("SELECT DISTINCT pid, owner FROM leases")) {
      const isOwn = pid === owner.pid;
      if (isOwn ? token === owner.token : isAlive(Number(pid))) continue;
      this.#run("DELETE FROM leases WHERE pid = ? AND owner = ?", pid as number, token as string);
    }
    this.#run("DELETE FROM leases WHERE expires_at <= ?", now);
  }

  addUse(key: LedgerKey, quota: QuotaName, owner: Owner, now: number): Lease {
    const use = this.#run(
      "INSERT INTO uses (host, project, quota, at) VALUES (?, ?, ?, ?)",
      key.host,
      key.project,
      quota,
      now,
    );
    const lease = this.#run(
      "INSERT INTO leases (host, project, quota, pid, owner, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
      key.host,
      key.project,
      quota,
      owner.pid,
      owner.token,
      now + LEASE_MS,
    );
    return { useId: Number(use), leaseId: Number(lease) };
  }

  endLease(lease: Lease, counted: boolean): void {
    this.#run("DELETE FROM leases WHERE id = ?", lease.leaseId);
    if (!counted) this.#run("DELETE FROM uses WHERE id = ?", lease.useId);
  }

  /** What the server has announced, or undefined when that is nothing, or too long ago. */
  learnedLimits(key: LedgerKey, quota: QuotaName, now: number): AnnouncedLimits | undefined {
    const sql = "SELECT window_ms, amount FROM limits WHERE host = ? AND project = ? AND quota = ? AND learned_at > ?";
    const rows = this.#all(sql, key.host, key.project, quota, now - LIMITS_HOLD_MS);
    if (rows.length === 0) return undefined;
    const limits: AnnouncedLimits = { windows: [] };
    for (const { window_ms: windowMs, amount } of rows) {
      if (windowMs === CONCURRENT) limits.concurrent = Number(amount);
      else limits.windows.push({ windowMs: Number(windowMs), limit: Number(amount) });
    }
    return limits;
  }

  learnLimits(key: LedgerKey, quota: QuotaName, limits: AnnouncedLimits, now: number): void {
    const sql = "INSERT OR REPLACE INTO limits (host, project, quota, window_ms, amount, learned_at) " +
      "VALUES (?, ?, ?, ?, ?, ?)";
    for (const { windowMs, limit } of limits.windows) {
      this.#run(sql, key.host, key.project, quota, windowMs, limit, now);
    }
    if (limits.concurrent !== undefined) {
      this.#run(sql, key.host, key.project, quota, CONCURRENT, limits.concurrent, now);
    }
  }

  /** Until when the server has asked to stay away. */
  blockedUntil(key: LedgerKey, quota: QuotaName, now: number): number | undefined {
    const sql = "SELECT until FROM blocks WHERE host = ? AND project = ? AND quota = ? AND until > ? AND until < ?";
    const row = this.#get(sql, key.host, key.project, quota, now, now + LONGEST_WINDOW_MS);
    return row === undefined ? undefined : Number(row.until);
  }

  block(key: LedgerKey, quota: QuotaName, until: number): void {
    const sql = "INSERT OR REPLACE INTO blocks (host, project, quota, until) VALUES (?, ?, ?, ?)";
    this.#run(sql, key.host, key.project, quota, until);
  }

  /** Every host, project and quota that something is known about, in order. */
  known(): { host: string; project: string; quota: QuotaName }[] {
    const columns = "host, project, quota";
    const sql = ["uses", "leases", "blocks", "limits"].map((table) => `SELECT ${columns} FROM ${table}`).join(
      " UNION ",
    );
    return this.#all(`${sql} ORDER BY ${columns}`) as unknown as { host: string; project: string; quota: QuotaName }[];
  }

  clear(): void {
    for (const table of ["uses", "leases", "blocks", "limits"]) this.#run(`DELETE FROM ${table}`);
  }

  #prepare(sql: string): ReturnType<Database["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, statement = this.database.prepare(sql));
    return statement;
  }

  #get(sql: string, ...values: (string | number)[]): Row | undefined {
    return (this.#prepare(sql).get(...values) ?? undefined) as Row | undefined;
  }

  #all(sql: string, ...values: (string | number)[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** Returns the id of the row that was inserted. */
  #run(sql: string, ...values: (string | number)[]): number | bigint {
    return this.#prepare(sql).run(...values).lastInsertRowid;
  }
}
