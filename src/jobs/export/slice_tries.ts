/** Tries a slice until it is whole, or until it is clear that another try does not help. */
import { MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { SliceProgress } from "./progress.ts";
import { ForeignDayError } from "./unit_router.ts";
import { judge } from "./slice_failure.ts";

export type SliceOutcome =
  | { kind: "whole"; bytes: number; elapsedMs: number }
  /** Fewer days at a time may come. */
  | { kind: "halve" }
  | { kind: "give_up"; error: MpError }
  /** Its last day has not begun where the project is. */
  | { kind: "future"; error: MpError }
  /** It cannot be told which of its events belongs to which file. */
  | { kind: "by_files" }
  /** The same would happen to every slice. */
  | { kind: "stop"; error: unknown }
  | { kind: "aborted" };

export interface SliceTries {
  /** One try, which returns the uncompressed bytes. `onWaited` is called when a wait for a free slot is over. */
  attempt(part: SliceProgress, onWaited: () => void): Promise<number>;
  part: SliceProgress;
  clock: Clock;
  signal: AbortSignal;
  /** Whether any slice of the export has come. */
  hasWorked(): boolean;
  mayHalve(): boolean;
  /** Told how many bytes have come in this try. */
  onBytes(bytes: number): void;
}

/** The pauses between tries are long enough for a server to recover; waits for a quota do not count as failures. */
export async function trySlice(slice: SliceTries): Promise<SliceOutcome> {
  const { part, clock, signal } = slice;
  let tries = 0;
  let waits = 0;
  for (;;) {
    const counted = countedPart(part, slice.onBytes);
    let startedMs = clock.now();
    try {
      // The wait says nothing about the slice.
      const bytes = await slice.attempt(counted, () => startedMs = clock.now());
      return { kind: "whole", bytes, elapsedMs: clock.now() - startedMs };
    } catch (error) {
      counted.takeBack();
      if (signal.aborted) return { kind: "aborted" };
      if (error instanceof ForeignDayError) return { kind: "by_files" };
      if (error instanceof MpError && error.category === "rate_limited") waits++;
      else tries++;
      const hasWorked = slice.hasWorked();
      const verdict = judge(error, { tries, waits, hasWorked, nowMs: clock.now(), random: clock.random() });
      switch (verdict.kind) {
        case "stop":
          return verdict;
        case "give_up":
        case "future":
          return { kind: verdict.kind, error: error as MpError };
        case "again":
          if (verdict.halve && slice.mayHalve()) return { kind: "halve" };
      }
      part.state(verdict.reason, clock.now() + verdict.delayMs);
      await clock.sleep(verdict.delayMs, signal).catch(() => {});
      if (signal.aborted) return { kind: "aborted" };
      part.state(undefined);
    }
  }
}

/** What one try has counted, to be taken back when it fails. */
function countedPart(part: SliceProgress, onBytes: (bytes: number) => void): SliceProgress & { takeBack(): void } {
  let records = 0;
  let bytes = 0;
  return {
    advance(done) {
      records += done.records ?? 0;
      bytes += done.bytes ?? 0;
      part.advance(done);
      onBytes(bytes);
    },
    state: (text, untilMs) => part.state(text, untilMs),
    end: (outcome) => part.end(outcome),
    takeBack: () => part.advance({ records: -records, bytes: -bytes }),
  };
}
