/** A file of rejected records with their reasons, one a line, from which they can be fixed and sent again. */
import { inputError } from "../../errors.ts";
import {
  fileInfo,
  type FileSink,
  isSameFile,
  openSink,
  realPath,
  takesBytesAsTheyCome,
} from "../../runtime/files/files.ts";
import { openResumable } from "../../runtime/files/resumable_file.ts";
import { concatenate, giveBack } from "../../streams/chunks.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import { JsonScanner } from "../../streams/json/json_scanner.ts";
import { withoutLineEnds } from "../../streams/json/json_text.ts";
import { textWithBytes } from "../../streams/shown_bytes.ts";
import { type RowForm, UnreadableRecord } from "../../records/read/record_block.ts";
import type { ReadWith, RejectionEntry } from "../../records/read/rejected_lines.ts";
import type { RawRecord, RejectedRecord } from "./batch.ts";
import type { RecordSource } from "../../records/read/record_source.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const OPEN_LIST = 0x5b, OPEN_OBJECT = 0x7b, LINE_FEED = 0x0a, CARRIAGE_RETURN = 0x0d;
/** Deeper records are parsed. */
const MAX_DEPTH = 32;

export interface RejectFile {
  readonly path: string;
  /** Of all that is written. */
  readonly bytes: number;
  /** @param readWith how it was read, where that is not as all others in the file */
  write(record: RejectedRecord, readWith?: ReadWith): Promise<void>;
  /** Cuts off what is behind so many bytes. */
  cutTo(bytes: number): Promise<void>;
  /** Returns when all of it is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file for rejected records. Each line is a `RejectionEntry`: what stood in the source, where it stood, the reason,
 * and the flags with which it was read. `mp import FILE` takes the fixed records back in.
 *
 * @param keep how many bytes of what is there stay: those that an earlier run has written and counted, or `all`; `replace`
 * empties it. Default: it must not have anything in it, since nobody has said what that is.
 * @param hint what to do when there is something in it
 * @param readWith how the records are read
 * @throws MpError (input) when it cannot be written, is one of the files that are read, has something in it that nobody
 * knows of, or is shorter than what is to stay.
 */
export async function openRejectFile(
  path: string,
  sources: readonly RecordSource[],
  keep: number | "all" | "replace" | "none" = "none",
  hint = "name another file for --rejects",
  readWith: ReadWith = {},
): Promise<RejectFile> {
  await refuseSources(path, sources, "name another for --rejects");
  // expected: any fault, since opening the file, below, meets it too and reports it in words
  const info = await fileInfo(path).catch(() => undefined);
  // What is no file, such as a terminal, holds nothing.
  const size = info?.isRegular ? info.sizeBytes : 0;
  if (keep === "none" && size > 0) {
    throw inputError(`Cannot write ${JSON.stringify(path)}: there is something in it`, hint, "rejects_exist");
  }
  let bytes = keep === "all" ? size : typeof keep === "number" ? keep : 0;
  if (size < bytes) {
    throw inputError(
      `Cannot go on writing ${JSON.stringify(path)}: it is shorter than when the import stopped`,
      "--restart starts over",
      "rejects_changed",
    );
  }
  const open = async (): Promise<FileSink> =>
    await writingFile(path, bytes === 0 ? openSink(path) : openResumable(await realPath(path), bytes));
  let sink = await open();
  // What is no file, such as a pipe, cannot be synced.
  const isFile = !await takesBytesAsTheyCome(path);
  return {
    path,
    get bytes() {
      return bytes;
    },
    async write(rejected, otherwise = readWith) {
      for (const one of rejected.among ?? [rejected]) {
        const encoded = encodedEntry(one, otherwise);
        await writingFile(path, sink.write(encoded));
        bytes += encoded.length;
        giveBack(encoded);
      }
    },
    async cutTo(keep) {
      if (keep === bytes) return;
      await sink.close();
      bytes = keep;
      sink = await open();
    },
    sync: () => isFile ? writingFile(path, sink.sync()) : Promise.resolve(),
    close: () => sink.close(),
  };
}

/**
 * Standard input is a file too, where the system can tell which.
 *
 * @throws MpError (input) when a file that is to be written is one of those that are read
 */
export async function refuseSources(path: string, sources: readonly RecordSource[], hint: string): Promise<void> {
  for (const { name } of sources) {
    if (!await isSameFile(path, name === "standard input" ? "/dev/stdin" : name)) continue;
    throw inputError(
      `Cannot write ${JSON.stringify(path)}: it is the file that is read`,
      hint,
      "unwritable_file",
    );
  }
}

/** The line of a rejected record, in which it has the text that it had in its source: it may be megabytes. */
function encodedEntry(
  { source, line, lastLine, field, reason, record }: RejectedRecord,
  readWith: ReadWith,
): Uint8Array {
  const place: RejectionEntry = { source, line, last_line: lastLine, field, reason };
  const form = { table: record && "value" in record ? record.table : undefined, read_with: readWith };
  const head = stringifyJson(place).slice(0, -1);
  const tail = `,${stringifyJson(form).slice(1)}\n`;
  if (record === undefined) return encoder.encode(head + tail);
  const json = "line" in record ? jsonIn(record.line) : undefined;
  const text = json ?? encoder.encode(recordText(record));
  return concatenate([encoder.encode(`${head},"record":`), text, encoder.encode(tail)]);
}

/** The object or list that is all there is in a line, without the space around it. Undefined for all else. */
function jsonIn(line: Uint8Array): Uint8Array | undefined {
  if (line.includes(LINE_FEED) || line.includes(CARRIAGE_RETURN)) return undefined;
  const scanner = new JsonScanner({ maxDepth: MAX_DEPTH, checksUtf8: true });
  scanner.use(line);
  const start = scanner.skipSpace(0);
  if (line[start] !== OPEN_OBJECT && line[start] !== OPEN_LIST) return undefined;
  const end = scanner.skipContainer(start);
  if (end < 0 || scanner.skipSpace(end) < line.length || !scanner.isUtf8) return undefined;
  return line.subarray(start, end);
}

/** The record as it stood in its source, as JSON; a text where that is no JSON, or JSON that is a text. */
function recordText(record: RawRecord): string {
  if ("value" in record) {
    const { value, columns = [], table, fields } = record;
    if (value instanceof UnreadableRecord) return JSON.stringify(value.text ?? "");
    if (table !== undefined) return rowText(value, table, fields);
    return stringifyJson(isObject(value) ? withNulls(value, columns) : value);
  }
  const text = textOf(record.line);
  try {
    return typeof parseExactJson(text) === "string" ? JSON.stringify(text) : withoutLineEnds(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return JSON.stringify(text);
  }
}

/** The text of a line; one that is no UTF-8 is no JSON here either. */
function textOf(line: Uint8Array): string {
  try {
    return decoder.decode(line).trim();
  } catch (error) {
    // expected: TypeError, for bytes that are no UTF-8
    if (!(error instanceof TypeError)) throw error;
    return textWithBytes(line).trim();
  }
}

/** A record with all columns of its file: what is missing can be filled in. */
function withNulls(record: Record<string, unknown>, columns: readonly string[]): Record<string, unknown> {
  const values = new Map<string, unknown>([...columns.map((name) => [name, null] as const), ...Object.entries(record)]);
  return Object.fromEntries(values);
}

/**
 * A row with all its columns: what is missing can be filled in. They are in the order of the table; columns that the path of
 * the file gives come last.
 */
function rowText(row: unknown, { columns }: RowForm, fields: readonly string[] = []): string {
  const values = new Map(Object.entries(row as Record<string, unknown>));
  for (const name of columns) if (!values.has(name)) values.set(name, "");
  const texts = new Map(columns.map((name, index) => [name, fields[index]]));
  const members = [...new Set([...columns, ...values.keys()])].map((name) => {
    const value = values.get(name);
    return `${JSON.stringify(name)}:${
      typeof value === "string" ? JSON.stringify(value) : valueText(value, texts.get(name))
    }`;
  });
  return `{${members.join(",")}}`;
}

/** A value as its field has it, where that is JSON: `1.10`. */
function valueText(value: unknown, field: string | undefined): string {
  const printed = stringifyJson(value);
  if (field === undefined || field === printed) return printed;
  try {
    return stringifyJson(parseExactJson(field)) === printed ? withoutLineEnds(field) : printed;
  } catch (error) {
    // expected: SyntaxError, for `TRUE` and for a decimal comma
    if (!(error instanceof SyntaxError)) throw error;
    return printed;
  }
}
