/** Handles of zlib that leave this thread when there is much to do. */
import { startThread, type Thread } from "../worker.ts";
import type { ZlibHandle, ZlibMode } from "./zlib_handle.ts";
import type { ZlibAnswer, ZlibMessage } from "./zlib_thread.ts";

/** With less input than this the work is done before a thread has started. */
const WORTH_BYTES = 64 * 1024;
const MOST_THREADS = 4;

/** A thread, and the memory that it shares with this one. */
interface Workshop {
  thread: Thread;
  input: Uint8Array;
  output: Uint8Array;
}

const idle: Workshop[] = [];
let started = 0;

/**
 * A handle over another one, which works here as long as there is little input, and in a thread of its own from then on:
 * what has been done until then is done there once more. Where all threads have work it stays here.
 */
export class ThreadedZlib implements ZlibHandle {
  inputLeft = 0;
  outputLeft = 0;
  fault?: "cut" | "damaged";
  readonly isInBackground = true;
  readonly #here: ZlibHandle;
  readonly #mode: ZlibMode;
  readonly #level: number;
  /** The steps that were done here since the beginning. */
  #past: { input: Uint8Array; outputBytes: number }[] = [];
  /** How much input they have used. */
  #pastBytes = 0;
  #workshop: Workshop | undefined;
  /** What the thread has to do before the next step. */
  #isOpen = false;
  #isReset = false;

  constructor(here: ZlibHandle, mode: ZlibMode, level: number) {
    this.#here = here;
    this.#mode = mode;
    this.#level = level;
  }

  step(input: Uint8Array, start: number, end: number, isEnd: boolean, output: Uint8Array): Promise<void> | void {
    if (this.#workshop === undefined && this.#pastBytes + end - start >= WORTH_BYTES) {
      this.#workshop = takeWorkshop();
    }
    if (this.#workshop !== undefined) return this.#stepThere(this.#workshop, input.subarray(start, end), isEnd, output);
    this.stepAtOnce(input, start, end, isEnd, output);
    this.#past.push({ input: input.slice(start, end), outputBytes: output.length });
    this.#pastBytes += end - start - this.inputLeft;
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
    this.#isReset = this.#workshop !== undefined;
    this.#past = [];
    this.#pastBytes = 0;
  }

  close(): void {
    this.#here.close();
    if (this.#workshop !== undefined) idle.push(this.#workshop);
    this.#workshop = undefined;
  }

  async #stepThere(workshop: Workshop, input: Uint8Array, isEnd: boolean, output: Uint8Array): Promise<void> {
    const inputs = [...this.#past.map((step) => step.input), input];
    const isRenewed = makeRoom(
      workshop,
      inputs,
      Math.max(output.length, ...this.#past.map((step) => step.outputBytes)),
    );
    let at = 0;
    for (const bytes of inputs) {
      workshop.input.set(bytes, at);
      at += bytes.length;
    }
    const message: ZlibMessage = {
      open: this.#isOpen ? undefined : { mode: this.#mode, level: this.#level },
      isReset: this.#isReset,
      past: this.#past.map((step) => ({ inputBytes: step.input.length, outputBytes: step.outputBytes })),
      memory: isRenewed
        ? { input: workshop.input.buffer as SharedArrayBuffer, output: workshop.output.buffer as SharedArrayBuffer }
        : undefined,
      inputBytes: input.length,
      isEnd,
      outputBytes: output.length,
    };
    this.#isOpen = true;
    this.#isReset = false;
    this.#past = [];
    const { inputLeft, outputLeft, fault } = await this.#ask(workshop, message);
    output.set(workshop.output.subarray(0, output.length - outputLeft));
    this.inputLeft = inputLeft;
    this.outputLeft = outputLeft;
    this.fault = fault;
  }

  async #ask(workshop: Workshop, message: ZlibMessage): Promise<ZlibAnswer> {
    try {
      return await workshop.thread.ask(message) as ZlibAnswer;
    } catch (error) {
      // Nobody else is to get it.
      this.#workshop = undefined;
      started--;
      workshop.thread.stop();
      throw error;
    }
  }
}

/** Whether there is other memory now, because what there was is too small. */
function makeRoom(workshop: Workshop, inputs: readonly Uint8Array[], outputBytes: number): boolean {
  const inputBytes = inputs.reduce((sum, { length }) => sum + length, 0);
  if (workshop.input.length >= inputBytes && workshop.output.length >= outputBytes) return false;
  workshop.input = sharedMemory(Math.max(workshop.input.length, inputBytes));
  workshop.output = sharedMemory(Math.max(workshop.output.length, outputBytes));
  return true;
}

function takeWorkshop(): Workshop | undefined {
  const taken = idle.pop();
  if (taken !== undefined) return taken;
  if (started >= Math.min(MOST_THREADS, navigator.hardwareConcurrency)) return undefined;
  started++;
  const nothing = new Uint8Array(0);
  return { thread: startThread("src/runtime/compression/zlib_thread.ts"), input: nothing, output: nothing };
}

function sharedMemory(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes));
}
