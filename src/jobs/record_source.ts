/** The lines of files and pipes, with the numbers that people know them by. */
import { inputError, MpError } from "../errors.ts";
import { fileFacts, readFileStream } from "../runtime/files.ts";
import { gunzip } from "../runtime/gzip.ts";
import { abortable } from "../streams/abortable.ts";
import { countBytes } from "../streams/counter.ts";
import { gunzipIfCompressed } from "../streams/gzip.ts";
import { lines } from "../streams/lines.ts";

/** Where records come from. */
export interface RecordSource {
  /** As it is named in messages: a path, or `standard input`. */
  name: string;
  /** What is read, compressed or not, when it is known. */
  sizeBytes?: number;
  open(): AsyncIterable<Uint8Array>;
}

/** Lines that follow each other in one source. */
export interface LineBlock {
  source: RecordSource;
  /** Number of the first line in its source, from 1. */
  firstLine: number;
  /** How many lines of all sources come before it. */
  linesBefore: number;
  lines: Uint8Array[];
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
const OPEN_LIST = 0x5b;

/**
 * Files as sources; `-` is standard input.
 *
 * @throws MpError (input) for a path where no file is.
 */
export async function openSources(
  paths: readonly string[],
  standardInput: { stream(): ReadableStream<Uint8Array> },
): Promise<RecordSource[]> {
  const sources: RecordSource[] = [];
  for (const path of paths) {
    if (path === "-") {
      sources.push({ name: "standard input", open: () => standardInput.stream() });
      continue;
    }
    const facts = await fileFacts(path);
    if (facts === undefined) throw inputError(`Cannot read ${JSON.stringify(path)}: no such file`);
    if (facts.isFolder) {
      throw inputError(`Cannot read ${JSON.stringify(path)}: it is a folder`, `name its files: ${path}/*`);
    }
    sources.push({ name: path, sizeBytes: facts.sizeBytes, open: () => readFileStream(path) });
  }
  return sources;
}

/**
 * All lines of all sources, in order, decompressed where a source is compressed.
 *
 * @param onBytes told about bytes as they are read, before decompression
 * @throws MpError (input) for damaged gzip, a line that is too long, and a JSON list in place of JSON Lines.
 */
export async function* lineBlocks(
  sources: readonly RecordSource[],
  onBytes: (bytes: number) => void = () => {},
  signal?: AbortSignal,
): AsyncGenerator<LineBlock, void> {
  let linesBefore = 0;
  for (const source of sources) {
    let firstLine = 1;
    try {
      const bytes = countBytes(abortable(source.open(), signal), onBytes);
      for await (const block of lines(gunzipIfCompressed(bytes, gunzip))) {
        if (firstLine === 1) checkStart(block, source);
        yield { source, firstLine, linesBefore, lines: block };
        firstLine += block.length;
        linesBefore += block.length;
      }
    } catch (error) {
      throw sourceError(error, source, firstLine);
    }
  }
}

/** Takes a byte order mark away and refuses what is no JSON Lines at all. */
function checkStart(block: Uint8Array[], source: RecordSource): void {
  let first = block[0] as Uint8Array;
  if (BYTE_ORDER_MARK.every((byte, index) => first[index] === byte)) {
    first = block[0] = first.subarray(BYTE_ORDER_MARK.length);
  }
  if (first[first.findIndex((byte) => byte > 0x20)] !== OPEN_LIST) return;
  throw inputError(
    `Cannot read ${source.name}: it is a JSON list, not JSON Lines`,
    source.name === "standard input"
      ? "write one record a line: put 'jq -c .[]' before this command"
      : `write one record a line: jq -c '.[]' ${source.name} | mp import -`,
    "json_list",
  );
}

/** Says which source failed; errors that are about more than this source pass unchanged. */
function sourceError(error: unknown, source: RecordSource, line: number): unknown {
  if (error instanceof MpError) {
    if (error.code !== "bad_gzip") return error;
    return inputError(
      `${error.message.replace("the input", source.name)} (line ${line} or after)`,
      "is the file complete? 'gzip -t' checks it",
      error.code,
    );
  }
  const code = (error as { code?: string }).code;
  if (typeof code !== "string" || !code.startsWith("E")) return error;
  const state = code === "EACCES" ? "permission denied" : code === "ENOENT" ? "no such file" : code;
  return inputError(`Cannot read ${source.name}: ${state}`, undefined, "unreadable_input");
}
