/** What is asked of an engine: one statement at a time, that only reads. */
import type { Transport } from "../runtime/network/transport.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Environment } from "../runtime/process.ts";

/** A column of a table, with its type in the engine's words. */
export interface EngineColumn {
  name: string;
  type: string;
  /** What somebody has said of it, where the engine keeps that. */
  comment?: string;
}

export interface Engine {
  /**
   * The columns of the table, in their order.
   *
   * @throws MpError (not_found) when there is no such table, and as `rows`
   */
  columns(signal: AbortSignal): Promise<EngineColumn[]>;
  /**
   * The rows that a statement selects, each a list in the order of its columns: whole numbers beyond 2^53 are bigints,
   * other numbers are numbers, and what is no number (NaN) is null.
   *
   * A signal that is aborted ends the statement in the engine too.
   *
   * @throws MpError (network) when it cannot be reached, (auth) when it refuses the user, else of the engine's own words
   */
  rows(statement: string, signal: AbortSignal): Promise<unknown[][]>;
}

/** What an engine is opened with. */
export interface EngineOptions {
  /** The table as it stands in a statement: its name, quoted. */
  table: string;
  env: Environment;
  clock: Clock;
  userAgent: string;
  /** Asked for by engines that are reached over the network. */
  transport(): Promise<Transport>;
  /** For the head of an answer. */
  timeoutMs: number;
  /** Called with each password before it is used: nothing may show it. */
  onSecret(secret: string): void;
}
