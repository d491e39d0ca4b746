/** What is said to the threads that work with zlib, and what they answer. */
import type { ZlibMode } from "./zlib_handle.ts";

/** A message that is answered as soon as the thread has started. */
export const ARE_YOU_THERE = "are you there?";

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
