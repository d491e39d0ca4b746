/** Threads of this program: a module that runs beside the rest and talks in messages. */
import { availableParallelism } from "node:os";
import { clearTimeout, setTimeout } from "node:timers";
import { parentPort, Worker } from "node:worker_threads";
import { packedMessage, unpackedMessage } from "./thread_messages.ts";

/** A thread that answers each message with one message, in their order. It keeps no program from ending. */
export interface Thread {
  /** Sends a message and waits for its answer. Rejects when the thread fails, or has been stopped. */
  ask(message: unknown): Promise<unknown>;
  /** Waits for what the thread does without a message, in memory that both see. Rejects as `ask` does. */
  awaitWork(work: Promise<void>): Promise<void>;
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
  /** Those who wait for work without a message. */
  const watching = new Set<(error: Error) => void>();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
    for (const reject of watching) reject(error);
  };
  const rest = () => {
    if (waiting.length === 0 && watching.size === 0) worker.unref();
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
        rest();
      }
    },
    async awaitWork(work) {
      if (failure !== undefined) throw failure;
      worker.ref();
      let stopWatching = () => {};
      try {
        await new Promise<void>((resolve, reject) => {
          watching.add(reject);
          stopWatching = () => watching.delete(reject);
          work.then(resolve, reject);
        });
      } finally {
        stopWatching();
        rest();
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
 * @param afterwards called after each answer; no message comes before it returns
 */
export function answerMessages(
  answer: (message: unknown) => Promise<unknown>,
  buffersOf: (answer: unknown) => ArrayBuffer[] = () => [],
  afterwards: () => void = () => {},
): void {
  let before = Promise.resolve();
  parentPort!.on("message", (message) => {
    before = before.then(async () => {
      const answered = await answer(unpackedMessage(message));
      parentPort!.postMessage(packedMessage(answered), buffersOf(answered));
      afterwards();
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
