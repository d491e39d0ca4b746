/** Writes the table of a file, whose columns may be found on the way, as events are given to it. */
import { openResumable } from "../../runtime/files/resumable_file.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import type { FileSink } from "../../runtime/files/files.ts";
import { Handoff } from "../../streams/handoff.ts";
import type { RecordColumns } from "../../streams/table/columns.ts";
import type {
  Column,
  EncodedEnd,
  EncodingReport,
  GrowingEncoder,
  RecordEncoder,
} from "../../streams/table/record_encoder.ts";
import { growingEncoder, recordEncoder } from "../../streams/table/record_formats.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { compressed } from "../profiles/record_form.ts";
import type { OutputFormat } from "./output_format.ts";
import { encodedBlock, encoderOptions } from "./render.ts";
import { knownColumns } from "./table_columns.ts";

export class TableWriter {
  readonly #encoder: GrowingEncoder | RecordEncoder;
  readonly #sink: FileSink;
  readonly #encoded = new Handoff();
  readonly #writing: Promise<void>;
  #blocks = 0;

  private constructor(shown: string, sink: FileSink, encoder: GrowingEncoder | RecordEncoder, output: OutputFormat) {
    this.#encoder = encoder;
    this.#sink = sink;
    const write = (bytes: Uint8Array) => writingFile(shown, sink.write(bytes));
    this.#writing = writeBehind(compressed(this.#encoded, output.compression), write, { waitsForFull: true });
    // expected: a failure to write: whoever ends waits for the same promise
    this.#writing.catch(() => {});
  }

  /** @param columns those that the finder has found so far */
  static async open(
    path: string,
    shown: string,
    output: OutputFormat,
    finder: RecordColumns,
    columns: () => Column[],
  ): Promise<TableWriter> {
    const { format } = output;
    if (format === "jsonl") throw new TypeError("JSON Lines are no table");
    const known = knownColumns(output);
    const encoder = known === undefined
      ? await growingEncoder(format, finder, columns, "event", encoderOptions(output))
      : await recordEncoder(format, known.columns, "event", encoderOptions(output, known.rest));
    const sink = await writingFile(shown, openResumable(path, 0));
    const writer = new TableWriter(shown, sink, encoder, output);
    await writer.#encoded.give(encoder.begin());
    return writer;
  }

  get report(): EncodingReport {
    return this.#encoder.report;
  }

  /** Whole lines. They are good until it returns. */
  async take(lines: Uint8Array): Promise<void> {
    await this.#encoded.give(await encodedBlock(this.#encoder, lines, ++this.#blocks));
  }

  /**
   * @param columns those that were found
   * @returns undefined when what was written is not a table with these columns
   */
  async end(columns: readonly Column[] | undefined): Promise<EncodedEnd | undefined> {
    const encoder = this.#encoder;
    const end = columns === undefined
      ? { bytes: await (encoder as RecordEncoder).end() }
      : await (encoder as GrowingEncoder).endWith(columns);
    if (end !== undefined) await this.#encoded.give(end.bytes);
    this.#encoded.end();
    try {
      await this.#writing;
    } finally {
      await this.#sink.close();
    }
    return end;
  }

  /** Ends without an end. */
  async leave(): Promise<void> {
    await this.#encoded.return();
    // expected: a failure to write, which nobody wants any more
    await Promise.allSettled([this.#writing]);
    await this.#sink.close();
  }
}
