/** Threads of this program: a module that runs beside the rest and talks in messages. */
import { availableParallelism } from "node:os";
import { clearTimeout, setTimeout } from "node:timers";
import { parentPort, Worker } from "node:worker_threads";
import { packedMessage, unpackedMessage } from "./thread_messages.ts";

/** A thread that answers each message with one message, in their order. It keeps no program from ending. */
export interface Thread {
  /** Sends a message and waits for its answer. Rejects when the thread fails, or has been stopped. */
  ask(message: unknown): Promise<unknown>;
  /** Ends it in the middle of whatever it does, and frees its memory. */
  stop(): void;
}

/**
 * Starts a thread.
 *
 * @param module its main module, from the root of the sources; `scripts/compile.ts` builds each of them into the binary
 */
export function startThread(module: string): Thread {
  const worker = new Worker(placeOf(module));
  worker.unref();
  /** Those who wait for answers, the first first. */
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on("message", (answer) => waiting.shift()?.resolve(unpackedMessage(answer)));
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread has ended")));
  return {
    async ask(message) {
      if (failure !== undefined) throw failure;
      worker.ref();
      try {
        return await new Promise((resolve, reject) => {
          waiting.push({ resolve, reject });
          worker.postMessage(packedMessage(message));
        });
      } finally {
        if (waiting.length === 0) worker.unref();
      }
    },
    stop() {
      fail(new Error("the thread was stopped"));
      // expected: a thread that fails while it is ended, which is what was wanted
      worker.terminate().catch(() => {});
    },
  };
}

/**
 * What a thread's main module calls: answers the messages of whoever started it, one after the other. An error ends the
 * thread.
 *
 * @param buffersOf the memory of an answer that goes over as it is, and is not copied
 */
export function answerMessages(
  answer: (message: unknown) => Promise<unknown>,
  buffersOf: (answer: unknown) => ArrayBuffer[] = () => [],
): void {
  let before = Promise.resolve();
  parentPort!.on("message", (message) => {
    before = before.then(async () => {
      const answered = await answer(unpackedMessage(message));
      parentPort!.postMessage(packedMessage(answered), buffersOf(answered));
    });
  });
}

/** How many threads can run at the same time on this machine, as far as this program may use it. */
export function threadsAtOnce(): number {
  return availableParallelism();
}

/** Does something after a time, if the program still runs then: it does not wait for it. Returns what cancels it. */
export function whenIdle(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}

function placeOf(module: string): string | URL {
  // A binary made by Bun has its modules in a folder of its own, which relative names start from.
  const isInBinary = /[/\\](\$bunfs|~BUN)[/\\]/.test(import.meta.dirname + "/");
  if (isInBinary) return `./${module}`;
  // A bundle has its pieces in one folder, and the main modules below it.
  const isBundled = !/[/\\]runtime$/.test(import.meta.dirname as string);
  return new URL(isBundled ? `./${module.replace(/ts$/, "js")}` : `../../${module}`, import.meta.url);
}
