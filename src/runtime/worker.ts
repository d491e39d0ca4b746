/** Threads of this program: a module that runs beside the rest and talks in messages. */

/** A thread that answers each message with one message. */
export interface Thread {
  /**
   * Sends a message and waits for its answer; one at a time. Rejects when the thread fails, or has been stopped.
   */
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
  const worker = new Worker(placeOf(module), { type: "module" });
  let settle: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;
  const fail = (message: string) => {
    settle?.reject(new Error(message));
    settle = undefined;
  };
  worker.onmessage = ({ data }) => {
    settle?.resolve(data);
    settle = undefined;
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        worker.postMessage(message);
      }),
    stop() {
      worker.terminate();
      fail("the thread was stopped");
    },
  };
}

/** What a thread's main module calls: answers the messages of whoever started it. */
export function answerMessages(answer: (message: unknown) => Promise<unknown>): void {
  const scope = globalThis as unknown as {
    onmessage: (event: { data: unknown }) => void;
    postMessage(message: unknown): void;
  };
  scope.onmessage = async ({ data }) => scope.postMessage(await answer(data));
}

function placeOf(module: string): string | URL {
  // A binary made by Bun has its modules in a folder of its own, which relative names start from.
  const isInBinary = /[/\\](\$bunfs|~BUN)[/\\]/.test(import.meta.dirname + "/");
  return isInBinary ? `./${module}` : new URL(`../../${module}`, import.meta.url);
}
