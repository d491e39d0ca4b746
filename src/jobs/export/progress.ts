/** What an export says while it runs, to whoever shows it. */

export interface ExportedAmounts {
  records?: number;
  /** Uncompressed. */
  bytes?: number;
  /** Days. */
  steps?: number;
}

export interface SliceProgress {
  advance(done: ExportedAmounts): void;
  /** What keeps it waiting; undefined when it goes on. `untilMs` is on the job's clock. */
  state(text: string | undefined, untilMs?: number): void;
  /** `failed` takes what it has counted back. */
  end(outcome?: { failed?: boolean }): void;
}

export interface ExportProgress {
  part(name: string): SliceProgress;
  total(total: ExportedAmounts, earlier?: ExportedAmounts): void;
  /** Requests that are left of the hour's quota, and out of how many. */
  quota(left: number, limit: number): void;
  state(text: string | undefined, untilMs?: number): void;
}

const SILENT_SLICE: SliceProgress = { advance() {}, state() {}, end() {} };

export const SILENT: ExportProgress = { part: () => SILENT_SLICE, total() {}, quota() {}, state() {} };
