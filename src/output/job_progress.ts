/** What a long job says while it runs: one line a running part, and one in all. */

/** Amounts that are added up. */
export interface JobAmounts {
  /** Events, profiles, updates. */
  records?: number;
  /** Uncompressed, where both are known. */
  bytes?: number;
  /** Whole parts: days, pages, files. */
  steps?: number;
}

/** A part that is under way, such as a slice of an export. */
export interface PartProgress {
  advance(done: JobAmounts): void;
  /** What keeps it waiting, such as `429, again in 20 s`; undefined when it goes on. */
  state(text: string | undefined): void;
  /** Its line goes; `failed` takes what it has counted back from the sums. */
  end(outcome?: { failed?: boolean }): void;
}

export interface JobProgress {
  part(name: string): PartProgress;
  /** Adds to the sums what belongs to no part. */
  advance(done: JobAmounts): void;
  /** What there will be in all, as soon as it is known; called again when that changes. */
  total(total: JobAmounts): void;
  /** Requests that are left of the quota, and out of how many. */
  quota(left: number, limit: number): void;
  /** What the whole job waits for; undefined when it goes on. */
  state(text: string | undefined): void;
  /** Takes the lines away. Called once, before anything else is said. */
  done(): Promise<void>;
}

/** `auto` draws on a terminal and is silent elsewhere; `json` writes one object a line to standard error. */
export type ProgressMode = "auto" | "json" | "none";
