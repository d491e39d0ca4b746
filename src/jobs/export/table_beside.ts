/** Writes a table in a thread of its own, beside the one that fetches its events. */
import { startThread, type Thread } from "../../runtime/worker.ts";
import type { OutputFormat } from "./output_format.ts";
import type { TableAnswer, TableMessage } from "./table_messages.ts";
import { type LinesToTable, type TableEnd, type TablePlace, TableWriter } from "./table_writer.ts";

/** So much is sent at a time, unless a line is longer: a little more than comes at a time. */
const MEMORY_BYTES = 1280 * 1024;
/** One is filled, one is worked on, and one waits for its turn. */
const MEMORIES = 3;

/** Says that the thread has failed, for whatever reason. What it was to do can be tried without it. */
export class ThreadFault extends Error {}

export class TableBeside implements LinesToTable {
  readonly #place: TablePlace;
  readonly #output: OutputFormat;
  readonly #memories: SharedArrayBuffer[] = [];
  /** By the memories: what the thread answers when it is done with them. */
  readonly #answers: (Promise<TableAnswer> | undefined)[] = [];
  /** The memory that is being filled. */
  #turn = 0;
  #bytes = 0;
  #opened: Promise<TableAnswer> | undefined;
  /** Started when there is enough to do for it. */
  #thread: Thread | undefined;

  constructor(place: TablePlace, output: OutputFormat) {
    this.#place = place;
    this.#output = output;
  }

  /** @throws ThreadFault */
  async take(lines: Uint8Array): Promise<void> {
    if (this.#bytes > 0 && this.#bytes + lines.length > MEMORY_BYTES) await this.#send();
    let memory = this.#memories[this.#turn];
    if (memory === undefined || this.#bytes + lines.length > memory.byteLength) {
      memory = this.#memories[this.#turn] = new SharedArrayBuffer(Math.max(MEMORY_BYTES, lines.length));
    }
    new Uint8Array(memory).set(lines, this.#bytes);
    this.#bytes += lines.length;
  }

  async end(): Promise<TableEnd> {
    if (this.#thread === undefined) return await this.#endAlone();
    if (this.#bytes > 0) await this.#send();
    for (const answer of [this.#opened, ...this.#answers]) await done(answer);
    const answer = await done(this.#ask({ kind: "end" }));
    if (answer?.kind !== "ended") throw new ThreadFault("it has not ended the table");
    this.#thread.stop();
    return answer.end;
  }

  async leave(): Promise<void> {
    if (this.#thread === undefined) return;
    // It has to be done with the file before another may write it.
    // expected: a fault of the thread, which has left in its own way then
    await this.#ask({ kind: "leave" }).catch(() => {});
    this.#thread.stop();
  }

  async #send(): Promise<void> {
    if (this.#thread === undefined) {
      this.#thread = startThread("src/jobs/export/table_thread.ts");
      this.#opened = this.#ask({ kind: "open", place: this.#place, output: this.#output });
    }
    const memory = this.#memories[this.#turn] as SharedArrayBuffer;
    this.#answers[this.#turn] = this.#ask({ kind: "take", memory, bytes: this.#bytes });
    this.#turn = (this.#turn + 1) % MEMORIES;
    this.#bytes = 0;
    await done(this.#answers[this.#turn]);
  }

  #ask(message: TableMessage): Promise<TableAnswer> {
    const answer = (this.#thread as Thread).ask(message) as Promise<TableAnswer>;
    // expected: a thread that fails or is stopped: whoever waits for the answer gets the same
    answer.catch(() => {});
    return answer;
  }

  async #endAlone(): Promise<TableEnd> {
    const writer = await TableWriter.open(this.#place, this.#output);
    try {
      // Lines that are collected for the thread are not in its memory alone.
      if (this.#bytes > 0) {
        await writer.take(new Uint8Array(this.#memories[0] as SharedArrayBuffer).slice(0, this.#bytes));
      }
      return await writer.end();
    } catch (error) {
      await writer.leave();
      throw error;
    }
  }
}

async function done(answer: Promise<TableAnswer> | undefined): Promise<TableAnswer | undefined> {
  let given: TableAnswer | undefined;
  try {
    given = await answer;
  } catch (cause) {
    throw new ThreadFault("the thread has failed", { cause });
  }
  if (given?.kind === "fault") throw new ThreadFault(given.message);
  return given;
}
