/** Writes the table of a file, whose columns may be found on the way, as events are given to it. */
import { openResumable } from "../../runtime/files/resumable_file.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import type { FileSink } from "../../runtime/files/files.ts";
import type { Widening } from "../../streams/csv/widened_rows.ts";
import { Handoff } from "../../streams/handoff.ts";
import { columnFinder, type RecordColumns } from "../../streams/table/columns.ts";
import type { EncodingReport, GrowingEncoder, RecordEncoder } from "../../streams/table/record_encoder.ts";
import { growingEncoder, recordEncoder } from "../../streams/table/record_formats.ts";
import type { TableSchema } from "../../streams/table/table_schema.ts";
import { writeBehind } from "../../streams/write_behind.ts";
import { compressed } from "../profiles/record_form.ts";
import type { OutputFormat } from "./output_format.ts";
import { encodedBlock, encoderOptions } from "./render.ts";
import { columnsOfFile, knownColumns } from "./table_columns.ts";

/** The file that a table is written to. */
export interface TableFile {
  path: string;
  /** How that is called in messages. */
  shown: string;
}

/** What came of a table. */
export interface TableEnd {
  /** Columns that were found, where none were given. */
  found?: TableSchema;
  /** What was written is not a table with these columns, and of no use. */
  isUseless: boolean;
  /** What has to become of all that was written, without compression. Undefined where it stands as it is. */
  widening?: Widening;
  report: EncodingReport;
}

/** Takes the events of one table. */
export interface LinesToTable {
  /** Whole lines. They are good until it returns. */
  take(lines: Uint8Array): Promise<void>;
  end(): Promise<TableEnd>;
  /** Ends without an end. */
  leave(): Promise<void>;
}

export class TableWriter implements LinesToTable {
  readonly #encoder: GrowingEncoder | RecordEncoder;
  readonly #finder: RecordColumns;
  readonly #output: OutputFormat;
  readonly #sink: FileSink;
  readonly #encoded = new Handoff();
  readonly #writing: Promise<void>;
  #blocks = 0;

  private constructor(
    shown: string,
    sink: FileSink,
    encoder: GrowingEncoder | RecordEncoder,
    finder: RecordColumns,
    output: OutputFormat,
  ) {
    this.#encoder = encoder;
    this.#finder = finder;
    this.#output = output;
    this.#sink = sink;
    const write = (bytes: Uint8Array) => writingFile(shown, sink.write(bytes));
    this.#writing = writeBehind(compressed(this.#encoded, output.compression), write, { waitsForFull: true });
    // expected: a failure to write: whoever ends waits for the same promise
    this.#writing.catch(() => {});
  }

  static async open({ path, shown }: TableFile, output: OutputFormat): Promise<TableWriter> {
    const { format } = output;
    if (format === "jsonl") throw new TypeError("JSON Lines are no table");
    const known = knownColumns(output);
    const finder = columnFinder("event");
    const columns = () => columnsOfFile(finder, output).columns;
    const encoder = known === undefined
      ? await growingEncoder(format, finder, columns, "event", encoderOptions(output))
      : await recordEncoder(format, known.columns, "event", encoderOptions(output, known.rest));
    const sink = await writingFile(shown, openResumable(path, 0));
    const writer = new TableWriter(shown, sink, encoder, finder, output);
    await writer.#encoded.give(encoder.begin());
    return writer;
  }

  async take(lines: Uint8Array): Promise<void> {
    await this.#encoded.give(await encodedBlock(this.#encoder, lines, ++this.#blocks));
  }

  async end(): Promise<TableEnd> {
    const encoder = this.#encoder;
    const found = knownColumns(this.#output) === undefined ? columnsOfFile(this.#finder, this.#output) : undefined;
    const end = found === undefined
      ? { bytes: await (encoder as RecordEncoder).end() }
      : await (encoder as GrowingEncoder).endWith(found.columns);
    if (end !== undefined) await this.#encoded.give(end.bytes);
    this.#encoded.end();
    try {
      await this.#writing;
    } finally {
      await this.#sink.close();
    }
    return { found, isUseless: end === undefined, widening: end?.widening, report: encoder.report };
  }

  async leave(): Promise<void> {
    await this.#encoded.return();
    // expected: a failure to write, which nobody wants any more
    await Promise.allSettled([this.#writing]);
    await this.#sink.close();
  }
}
