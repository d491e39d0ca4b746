/** Gives lines to the thread that makes tables, in memory that both share. */
import { startThread, type Thread } from "../../runtime/worker.ts";
import type { LinesMessage, TableAnswer, TableMessage, UnitsMessage } from "./table_messages.ts";

/** So much is sent at a time, unless a line is longer: a little more than comes at a time. */
const MEMORY_BYTES = 1280 * 1024;
/** One is filled, one is worked on, and one waits for its turn. */
const MEMORIES = 3;

/** Says that the thread has failed, for whatever reason. What it was to do can be tried without it. */
export class ThreadFault extends Error {}

export class LinesBeside {
  readonly #first: () => readonly (TableMessage | UnitsMessage)[];
  readonly #memories: SharedArrayBuffer[] = [];
  /** By the memories: what the thread answers when it is done with them. */
  readonly #answers: (Promise<TableAnswer> | undefined)[] = [];
  /** The memory that is being filled, and what is in it. */
  #turn = 0;
  #bytes = 0;
  #id = 0;
  /** Started when there is enough to do for it. */
  #thread: Thread | undefined;
  #opened: Promise<TableAnswer>[] = [];
  #last: Promise<void> = Promise.resolve();

  /** @param first what the thread is told when it starts */
  constructor(first: () => readonly (TableMessage | UnitsMessage)[]) {
    this.#first = first;
  }

  get hasBegun(): boolean {
    return this.#thread !== undefined;
  }

  /** Takes lines for the thread. They are good until it returns. @throws ThreadFault */
  give(lines: Uint8Array, id = 0): Promise<void> {
    return this.#inTurn(() => this.#give(lines, id));
  }

  /** Asks the thread, when it has all lines. @throws ThreadFault */
  ask(message: TableMessage | UnitsMessage): Promise<TableAnswer> {
    return this.#inTurn(() => this.#ask(message));
  }

  async #give(lines: Uint8Array, id: number): Promise<void> {
    if (this.#bytes > 0 && (id !== this.#id || this.#bytes + lines.length > MEMORY_BYTES)) await this.#send();
    this.#id = id;
    let memory = this.#memories[this.#turn];
    if (memory === undefined || this.#bytes + lines.length > memory.byteLength) {
      memory = this.#memories[this.#turn] = new SharedArrayBuffer(Math.max(MEMORY_BYTES, lines.length));
    }
    new Uint8Array(memory).set(lines, this.#bytes);
    this.#bytes += lines.length;
  }

  async #ask(message: TableMessage | UnitsMessage): Promise<TableAnswer> {
    if (this.#bytes > 0) await this.#send();
    this.#start();
    // What failed of the lines must not be taken for done.
    for (const earlier of [...this.#opened.splice(0), ...this.#answers]) await answered(earlier);
    return await answered(this.#post(message));
  }

  /** All lines of a slice, as long as no thread has begun: they are for others then. */
  takeBack(id = 0): Uint8Array {
    if (id !== this.#id) return new Uint8Array(0);
    const lines = new Uint8Array(this.#memories[this.#turn] ?? new SharedArrayBuffer(0)).slice(0, this.#bytes);
    this.#bytes = 0;
    return lines;
  }

  stop(): void {
    this.#thread?.stop();
  }

  /** One after the other: slices that are fetched at the same time fill the same memory. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    // expected: a fault of the thread, which whoever has asked is told
    this.#last = done.then(() => {}, () => {});
    return done;
  }

  async #send(): Promise<void> {
    this.#start();
    const memory = this.#memories[this.#turn] as SharedArrayBuffer;
    this.#answers[this.#turn] = this.#post({ kind: "take", id: this.#id, memory, bytes: this.#bytes });
    this.#turn = (this.#turn + 1) % MEMORIES;
    this.#bytes = 0;
    for (const opened of this.#opened.splice(0)) await answered(opened);
    await answered(this.#answers[this.#turn]);
  }

  #start(): void {
    if (this.#thread !== undefined) return;
    try {
      this.#thread = startThread("src/jobs/export/table_thread.ts");
    } catch (cause) {
      throw new ThreadFault("the thread cannot be started", { cause });
    }
    this.#opened = this.#first().map((message) => this.#post(message));
  }

  #post(message: LinesMessage | TableMessage | UnitsMessage): Promise<TableAnswer> {
    const answer = (this.#thread as Thread).ask(message) as Promise<TableAnswer>;
    // expected: a thread that fails or is stopped: whoever waits for the answer gets the same
    answer.catch(() => {});
    return answer;
  }
}

async function answered(answer: Promise<TableAnswer> | undefined): Promise<TableAnswer> {
  let given: TableAnswer = { kind: "done" };
  try {
    if (answer !== undefined) given = await answer;
  } catch (cause) {
    throw new ThreadFault("the thread has failed", { cause });
  }
  if (given.kind === "fault") throw new ThreadFault(given.message);
  return given;
}
