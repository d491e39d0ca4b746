/** Handles of zlib that leave this thread when there is much to do. */
import type { ZlibHandle, ZlibMode } from "./zlib_handle.ts";
import { takeThread, type ZlibThread } from "./zlib_threads.ts";

/** A handle with less input than this never leaves: the way to a thread and back takes as long as the work. */
const LEAST_BYTES = 64 * 1024;
/** No thread starts before all handles together have had so much input: to start one takes as long as to inflate 20 MB. */
const WORTH_BYTES = 2 * 1024 * 1024;
/** So much input is kept for a thread that starts; then it is waited for. */
const MOST_PAST_BYTES = 8 * 1024 * 1024;

/** How much input all handles have had here. */
let bytesHere = 0;

let handles = 0;

/**
 * A handle over another one, which works here as long as there is little input. When there is more, a thread starts, and as
 * soon as it has started it takes over: what has been done here until then is done there once more.
 */
export class ThreadedZlib implements ZlibHandle {
  inputLeft = 0;
  outputLeft = 0;
  fault?: "cut" | "damaged";
  readonly isInBackground = true;
  readonly #here: ZlibHandle;
  readonly #number = handles++;
  readonly #mode: ZlibMode;
  /** Undefined as soon as it is open there. */
  #open: { mode: ZlibMode; level: number } | undefined;
  /** The steps that were done here since the beginning. */
  #past: { input: Uint8Array; isEnd: boolean; outputBytes: number }[] = [];
  /** How much input they have used. */
  #pastBytes = 0;
  #thread: ZlibThread | undefined;
  /** Whether the thread has to make the handle start over. */
  #isReset = false;

  constructor(here: ZlibHandle, mode: ZlibMode, level: number) {
    this.#here = here;
    this.#mode = mode;
    this.#open = { mode, level };
  }

  step(input: Uint8Array, start: number, end: number, isEnd: boolean, output: Uint8Array): Promise<void> | void {
    const isLong = this.#pastBytes + end - start >= LEAST_BYTES;
    if (isLong && bytesHere + end - start >= WORTH_BYTES) this.#thread ??= takeThread(this.#mode);
    const thread = this.#thread;
    if (thread !== undefined && (thread.state === "ready" || this.#mustWaitFor(thread))) {
      return this.#stepThere(thread, input.subarray(start, end), isEnd, output);
    }
    this.stepAtOnce(input, start, end, isEnd, output);
    if (thread?.state === "failed") return;
    this.#past.push({ input: input.slice(start, end), isEnd, outputBytes: output.length });
    const usedBytes = end - start - this.inputLeft;
    this.#pastBytes += usedBytes;
    bytesHere += usedBytes;
  }

  #mustWaitFor({ state }: ZlibThread): boolean {
    return state === "starting" && this.#pastBytes >= MOST_PAST_BYTES;
  }

  stepAtOnce(input: Uint8Array, start: number, end: number, isEnd: boolean, output: Uint8Array): void {
    const here = this.#here;
    here.stepAtOnce(input, start, end, isEnd, output);
    this.inputLeft = here.inputLeft;
    this.outputLeft = here.outputLeft;
    this.fault = here.fault;
  }

  reset(): void {
    this.#here.reset();
    this.#isReset = this.#open === undefined;
    this.#past = [];
    this.#pastBytes = 0;
  }

  close(): void {
    this.#here.close();
    this.#thread?.close(this.#number);
    this.#thread = undefined;
  }

  async #stepThere(thread: ZlibThread, input: Uint8Array, isEnd: boolean, output: Uint8Array): Promise<void> {
    const past = this.#past.map((step) => ({
      inputBytes: step.input.length,
      isEnd: step.isEnd,
      outputBytes: step.outputBytes,
    }));
    const inputs = [...this.#past.map((step) => step.input), input];
    const step = { open: this.#open, isReset: this.#isReset, past, isEnd };
    this.#open = undefined;
    this.#isReset = false;
    this.#past = [];
    const { inputLeft, outputLeft, fault } = await thread.step(this.#number, step, inputs, output);
    this.inputLeft = inputLeft;
    this.outputLeft = outputLeft;
    this.fault = fault;
  }
}
