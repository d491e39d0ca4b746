/** Tries a slice until it is whole, or until it is clear that another try does not help. */
import { Attempts, Failed } from "../../client/attempts.ts";
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { PartProgress } from "../progress.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import { ForeignDayError } from "./unit_router.ts";
import { failureReason, SLICE_RULES, type SliceFailure, sliceFailure } from "./slice_failure.ts";

export type SliceOutcome =
  | { kind: "whole"; bytes: number; elapsedMs: number }
  | SliceFailure
  /** It cannot be told which of its events belongs to which file. */
  | { kind: "by_files" }
  | { kind: "aborted" };

export interface SliceTries {
  /** One try, which returns the uncompressed bytes. `onWaited` is called when a wait for a free slot is over. */
  attempt(part: PartProgress, onWaited: () => void): Promise<number>;
  part: PartProgress;
  clock: Clock;
  signal: AbortSignal;
  /** Whether any slice of the export has come. */
  hasWorked(): boolean;
  mayHalve(): boolean;
  /** Told how many bytes have come in this try. */
  onBytes(bytes: number): void;
}

/** Waits for a quota do not count as failures. */
export async function trySlice(slice: SliceTries): Promise<SliceOutcome> {
  const { part, clock, signal, hasWorked } = slice;
  const attempts = new Attempts({
    rules: SLICE_RULES,
    clock,
    signal,
    patienceMs: JOB_PATIENCE_MS,
    hasAnswered: hasWorked,
    onWait: (wait) => part.wait(wait),
  });
  try {
    return await attempts.run<SliceOutcome>(
      () => tryOnce(slice),
      (failed, decision, failures) =>
        sliceFailure(failed, decision, {
          failures,
          hasWorked: hasWorked(),
          mayHalve: slice.mayHalve(),
          nowMs: clock.now(),
        }),
    );
  } catch (error) {
    return signal.aborted ? { kind: "aborted" } : { kind: "stop", error };
  }
}

async function tryOnce({ attempt, part, clock, signal, onBytes }: SliceTries): Promise<SliceOutcome | Failed> {
  const counted = countedPart(part, onBytes);
  let startedMs = clock.now();
  try {
    // The wait says nothing about the slice.
    const bytes = await attempt(counted, () => startedMs = clock.now());
    return { kind: "whole", bytes, elapsedMs: clock.now() - startedMs };
  } catch (error) {
    counted.takeBack();
    if (error instanceof ForeignDayError && !signal.aborted) return { kind: "by_files" };
    if (!(error instanceof MpError) || signal.aborted) throw error;
    return new Failed(error, failureReason(error));
  }
}

/** What one try has counted, to be taken back when it fails. */
function countedPart(part: PartProgress, onBytes: (bytes: number) => void): PartProgress & { takeBack(): void } {
  let records = 0;
  let bytes = 0;
  return {
    advance(done) {
      records += done.records ?? 0;
      bytes += done.bytes ?? 0;
      part.advance(done);
      onBytes(bytes);
    },
    wait: (wait) => part.wait(wait),
    end: (outcome) => part.end(outcome),
    takeBack: () => part.advance({ records: -records, bytes: -bytes }),
  };
}
