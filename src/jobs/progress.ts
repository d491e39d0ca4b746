/** What a long job reports while it runs. Whoever shows it implements this; see `output/progress/`. */
import type { Wait } from "../client/types.ts";

/** Amounts that are added up. */
export interface ProgressAmounts {
  /** Events, profiles, updates. */
  records?: number;
  /** Uncompressed, where both are known. */
  bytes?: number;
  /** Whole parts: days, pages, files. */
  steps?: number;
}

/** A part that is under way, such as a slice of an export. */
export interface PartProgress {
  advance(done: ProgressAmounts): void;
  /** What keeps it waiting, such as `429`; undefined when it goes on. */
  wait(wait: Wait | undefined): void;
  /** The part is over. `failed` takes what it has counted back from the sums. */
  end(outcome?: { failed?: boolean }): void;
}

export interface JobProgress {
  part(name: string): PartProgress;
  /** Adds to the sums what belongs to no part. */
  advance(done: ProgressAmounts): void;
  /**
   * What there will be in all, as soon as it is known; called again when that changes. `earlier` is what an earlier run
   * has done of it: it counts as done, and not for the rate.
   */
  total(total: ProgressAmounts, earlier?: ProgressAmounts): void;
  /** Requests that are left of the quota, and out of how many. */
  quota(left: number, limit: number): void;
  /** What the whole job waits for; undefined when it goes on. */
  wait(wait: Wait | undefined): void;
}

const SILENT_PART: PartProgress = { advance() {}, wait() {}, end() {} };

export const SILENT_PROGRESS: JobProgress = {
  part: () => SILENT_PART,
  advance() {},
  total() {},
  quota() {},
  wait() {},
};
