/** Writes a table in a thread of its own, beside the one that fetches its events. */
import { LinesBeside, ThreadFault } from "./lines_beside.ts";
import type { OutputFormat } from "./output_format.ts";
import { type LinesToTable, type TableEnd, type TableFile, TableWriter } from "./table_writer.ts";

/** What it throws is a `ThreadFault`, unless the thread has nothing to do with it. */
export class TableBeside implements LinesToTable {
  readonly #file: TableFile;
  readonly #output: OutputFormat;
  readonly #lines: LinesBeside;

  constructor(file: TableFile, output: OutputFormat) {
    this.#file = file;
    this.#output = output;
    this.#lines = new LinesBeside(() => [{ kind: "open", file, output }]);
  }

  async take(lines: Uint8Array): Promise<void> {
    await this.#lines.give(lines);
  }

  async end(): Promise<TableEnd> {
    if (!this.#lines.hasBegun) return await this.#endAlone();
    const answer = await this.#lines.ask({ kind: "end" });
    if (answer.kind !== "ended") throw new ThreadFault("it has not ended the table");
    this.#lines.stop();
    return answer.end;
  }

  async leave(): Promise<void> {
    if (!this.#lines.hasBegun) return;
    // It has to be done with the file before another may write it.
    // expected: a fault of the thread, which has left in its own way then
    await this.#lines.ask({ kind: "leave" }).catch(() => {});
    this.#lines.stop();
  }

  async #endAlone(): Promise<TableEnd> {
    const writer = await TableWriter.open(this.#file, this.#output);
    try {
      const lines = this.#lines.takeBack();
      if (lines.length > 0) await writer.take(lines);
      return await writer.end();
    } catch (error) {
      await writer.leave();
      throw error;
    }
  }
}
