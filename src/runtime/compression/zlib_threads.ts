/** The threads that work with zlib: each has several handles, and does one step after another. */
import { startThread, type Thread } from "../worker.ts";
import type { ZlibMode } from "./zlib_handle.ts";
import {
  FAULTS,
  Shared,
  SHARED_NUMBERS,
  ThreadState,
  type ZlibAnswer,
  type ZlibMessage,
  type ZlibStart,
} from "./zlib_message.ts";

/** One thread decompresses faster than its reader can take it, however many handles it has; to compress takes longer. */
const MOST_THREADS: Readonly<Record<ZlibMode, number>> = {
  gunzip: 1,
  gzip: Math.min(4, navigator.hardwareConcurrency),
};

export type ZlibStep = Omit<ZlibMessage, "handle" | "closed" | "memory" | "inputBytes" | "outputBytes">;

/** One of the threads, and what it shares with this one. */
export class ZlibThread {
  /** How many handles it has. */
  users = 0;
  /** Whether it takes steps at once. One that has failed never will. */
  state: "starting" | "ready" | "failed" = "starting";
  readonly #thread: Thread = startThread("src/runtime/compression/zlib_thread.ts");
  #input: Uint8Array = new Uint8Array(0);
  #output: Uint8Array = new Uint8Array(0);
  readonly #shared: Int32Array = new Int32Array(new SharedArrayBuffer(4 * SHARED_NUMBERS));
  #closed: number[] = [];
  /** Settles when what was asked for last is done. */
  #last: Promise<unknown>;

  constructor() {
    const start: ZlibStart = { shared: this.#shared.buffer as SharedArrayBuffer };
    this.#last = this.#ask(start).then(() => {
      this.state = "ready";
    }, () => {
      // expected: a runtime that cannot start it: the work is done without it then
      this.state = "failed";
    });
  }

  /**
   * Does a step of a handle, after all that was asked for before it, and fills `output`.
   *
   * @param inputs the input of past steps, and that of this one
   */
  step(handle: number, step: ZlibStep, inputs: readonly Uint8Array[], output: Uint8Array): Promise<ZlibAnswer> {
    const done = this.#last.then(() => this.#stepNow(handle, step, inputs, output));
    // expected: a thread that has failed: whoever waits for this step is told, and so is the next
    this.#last = done.catch(() => {});
    return done;
  }

  /** Gives a handle up. */
  close(handle: number): void {
    this.users--;
    this.#closed.push(handle);
  }

  async #stepNow(
    handle: number,
    step: ZlibStep,
    inputs: readonly Uint8Array[],
    output: Uint8Array,
  ): Promise<ZlibAnswer> {
    const isRenewed = this.#makeRoom(
      inputs.reduce((sum, { length }) => sum + length, 0),
      Math.max(output.length, ...step.past.map(({ outputBytes }) => outputBytes)),
    );
    let at = 0;
    for (const bytes of inputs) {
      this.#input.set(bytes, at);
      at += bytes.length;
    }
    const isPlain = !isRenewed && step.open === undefined && !step.isReset && step.past.length === 0;
    const asked = isPlain ? this.#askShared(handle, at, step.isEnd, output.length) : undefined;
    const answer = await (asked ?? this.#ask({
      ...step,
      handle,
      closed: this.#closed.splice(0),
      memory: isRenewed
        ? { input: this.#input.buffer as SharedArrayBuffer, output: this.#output.buffer as SharedArrayBuffer }
        : undefined,
      inputBytes: (inputs.at(-1) as Uint8Array).length,
      outputBytes: output.length,
    })) as ZlibAnswer;
    output.set(this.#output.subarray(0, output.length - answer.outputLeft));
    return answer;
  }

  /** Sends a message; the thread looks at it at once, whatever it waits for. */
  #ask(message: ZlibMessage | ZlibStart): Promise<unknown> {
    const shared = this.#shared;
    Atomics.add(shared, Shared.sent, 1);
    Atomics.compareExchange(shared, Shared.state, ThreadState.waitsForStep, ThreadState.readsMessages);
    Atomics.notify(shared, Shared.state);
    return this.#thread.ask(message);
  }

  /** Asks for a step in shared memory; undefined when the thread does not look there. */
  #askShared(handle: number, inputBytes: number, isEnd: boolean, outputBytes: number): Promise<ZlibAnswer> | undefined {
    const shared = this.#shared;
    const { waitsForStep, works } = ThreadState;
    shared[Shared.handle] = handle;
    shared[Shared.inputBytes] = inputBytes;
    shared[Shared.outputBytes] = outputBytes;
    shared[Shared.isEnd] = isEnd ? 1 : 0;
    if (Atomics.compareExchange(shared, Shared.state, waitsForStep, works) !== waitsForStep) return undefined;
    Atomics.notify(shared, Shared.state);
    return this.#thread.awaitWork(this.#untilDone()).then(() => ({
      inputLeft: shared[Shared.inputLeft] as number,
      outputLeft: shared[Shared.outputLeft] as number,
      fault: FAULTS[shared[Shared.fault] as number],
    }));
  }

  async #untilDone(): Promise<void> {
    const { works } = ThreadState;
    while (Atomics.load(this.#shared, Shared.state) === works) {
      const waiting = Atomics.waitAsync(this.#shared, Shared.state, works);
      if (waiting.async) await waiting.value;
    }
  }

  /** Whether there is other memory now, because what there was is too small. */
  #makeRoom(inputBytes: number, outputBytes: number): boolean {
    if (this.#input.length >= inputBytes && this.#output.length >= outputBytes) return false;
    this.#input = sharedMemory(Math.max(this.#input.length, inputBytes));
    this.#output = sharedMemory(Math.max(this.#output.length, outputBytes));
    return true;
  }
}

const threads: ZlibThread[] = [];

/** The thread with the fewest handles, for one more; a new one when all have some, and more help this kind of work. */
export function takeThread(mode: ZlibMode): ZlibThread {
  let [least] = threads;
  for (const thread of threads) if (thread.users < least!.users) least = thread;
  if (least === undefined || (least.users > 0 && threads.length < MOST_THREADS[mode])) {
    threads.push(least = new ZlibThread());
  }
  least.users++;
  return least;
}

function sharedMemory(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes));
}
