/** What is said to the threads that work with zlib, and what they answer. */
import type { ZlibMode } from "./zlib_handle.ts";

/**
 * Steps without a message, in memory that both threads see: a message and its answer take a fifth of a millisecond, and
 * wake both threads several times. After each answer the thread waits here for a while, with its eyes off its messages.
 */
export const SHARED_NUMBERS = 9;

/** The index of each number in that memory. */
export const Shared = {
  /** One of `ThreadState`. */
  state: 0,
  /** How many messages have been sent to the thread, so that it does not wait here when there is one. */
  sent: 1,
  /** What is to be done. */
  handle: 2,
  inputBytes: 3,
  outputBytes: 4,
  isEnd: 5,
  /** What came of it; `fault` is the index in `FAULTS`. */
  inputLeft: 6,
  outputLeft: 7,
  fault: 8,
} as const;

export const ThreadState = { readsMessages: 0, waitsForStep: 1, works: 2 } as const;

export const FAULTS = [undefined, "cut", "damaged"] as const;

/** The first message, which is answered as soon as the thread has started. */
export interface ZlibStart {
  /** Of `SHARED_NUMBERS` numbers. */
  shared: SharedArrayBuffer;
}

/** One step of one of the thread's handles, and what is needed before it. */
export interface ZlibMessage {
  /** The handle's number. */
  handle: number;
  /** Opens it, the first time. */
  open?: { mode: ZlibMode; level: number };
  /** Makes it start over. */
  isReset: boolean;
  /** Handles that nobody uses any more. */
  closed: readonly number[];
  /** Steps whose output is not wanted, after which this handle is where another one was. Their input comes first. */
  past: readonly PastStep[];
  /** Memory that both threads see; undefined when it is that of the message before. */
  memory?: { input: SharedArrayBuffer; output: SharedArrayBuffer };
  inputBytes: number;
  isEnd: boolean;
  outputBytes: number;
}

export interface PastStep {
  inputBytes: number;
  isEnd: boolean;
  outputBytes: number;
}

/** What came of a step; as in a `ZlibHandle`. */
export interface ZlibAnswer {
  inputLeft: number;
  outputLeft: number;
  fault?: "cut" | "damaged";
}
