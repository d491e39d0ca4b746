/** Looks at the events of slices while they are fetched, so that they need not be read again. */
import type { DayRange } from "./days.ts";
import type { SpooledSlice } from "./spool.ts";

/** Takes the lines of one try to fetch a slice. */
export interface SliceLook {
  /** The next bytes, anyhow divided; they are good until it returns. It does not throw. */
  take(chunk: Uint8Array): Promise<void> | void;
  /** All have come. What it throws makes the try fail. */
  end?(): Promise<void>;
  /** This is the slice. */
  keep(slice: SpooledSlice): Promise<void> | void;
  /** The try has failed. */
  drop(): void;
}

/**
 * Asked at the beginning of each try; undefined where nobody looks.
 *
 * @param isNext whether who reads the slices waits for this one, all before it being passed on
 */
export type LookAtSlice = (slice: DayRange, isNext: boolean) => SliceLook | undefined;

/**
 * Asked at the beginning of each try to fetch whole files; undefined where nobody looks. What is looked at is spooled as one
 * slice, however many files it belongs to.
 *
 * @param isStrict whether an event of another day makes the try fail
 */
export type LookAtUnits = (units: readonly DayRange[], isStrict: boolean) => SliceLook | undefined;
