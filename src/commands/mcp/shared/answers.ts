/** Whole answers, kept in files while the server runs: what a model is shown is their beginning. */
import { inputError } from "../../../errors.ts";
import type { McpResource } from "../../../mcp/service.ts";
import type { Row } from "../../../output/row.ts";
import {
  join,
  makeTemporaryFolder,
  openSink,
  readFileStream,
  readTextFile,
  removeFile,
} from "../../../runtime/files/files.ts";
import { parseJson, stringifyJson } from "../../../streams/json/json.ts";
import { lines } from "../../../streams/lines.ts";
import type { ResultRows } from "./result_rows.ts";

/** Older ones are forgotten. */
const MOST_ANSWERS = 50;
const MOST_BYTES = 256 * 1024 * 1024;
/** The most that is sent as one resource. */
const LARGEST_RESOURCE = 4 * 1024 * 1024;
const ROWS_A_PIECE = 1000;

export interface KeptAnswer {
  id: number;
  tool: string;
  /** Of the rows; undefined for text. */
  columns?: readonly string[];
  rowCount: number;
  bytes: number;
}

const PREFIX = "mp://answers/";

export class Answers {
  readonly #kept = new Map<number, KeptAnswer>();
  #folder: Promise<string> | undefined;
  #last = 0;
  #bytes = 0;

  /** Keeps the text of an answer, and its rows if it has any. */
  async keep(tool: string, text: string, found: ResultRows | undefined): Promise<KeptAnswer> {
    const folder = await (this.#folder ??= makeTemporaryFolder("mp-mcp-"));
    const id = ++this.#last;
    let bytes = await written(join(folder, `${id}.json`), [text]);
    if (found !== undefined) bytes += await written(join(folder, `${id}.jsonl`), rowLines(found.rows));
    const answer = { id, tool, columns: found?.columns, rowCount: found?.rows.length ?? 0, bytes };
    this.#kept.set(id, answer);
    this.#bytes += bytes;
    await this.#forgetOld(folder);
    return answer;
  }

  resources(): McpResource[] {
    return [...this.#kept.values()].map(answerResource);
  }

  /**
   * The body as the server sent it.
   *
   * @throws MpError (input) for an answer that is not kept, or that is too large to be sent at once.
   */
  async read(uri: string): Promise<string> {
    const [, digits] = /^mp:\/\/answers\/(\d+)$/.exec(uri) ?? [];
    const answer = this.#answer(Number(digits ?? NaN), uri);
    if (answer.bytes > LARGEST_RESOURCE) {
      throw inputError(
        `Cannot read ${uri} at once: it has ${answer.bytes} bytes`,
        `read_answer gives its rows, a part at a time`,
        "too_large",
      );
    }
    return await readTextFile(join(await this.#folder!, `${answer.id}.json`)) ?? "";
  }

  /** Some rows of an answer, counted from 1. Only they are held in memory. */
  async rows(id: number, from: number, count: number): Promise<{ answer: KeptAnswer; rows: Row[] }> {
    const answer = this.#answer(id, `${PREFIX}${id}`);
    const rows: Row[] = [];
    if (answer.columns === undefined) return { answer, rows };
    let at = 0;
    const decoder = new TextDecoder();
    for await (const some of lines(readFileStream(join(await this.#folder!, `${id}.jsonl`)))) {
      for (const line of some) {
        if (++at >= from && rows.length < count) rows.push(parseJson(decoder.decode(line)) as Row);
      }
      if (rows.length === count) break;
    }
    return { answer, rows };
  }

  /** Removes everything. */
  async close(): Promise<void> {
    const folder = await this.#folder;
    if (folder !== undefined) await removeFile(folder);
  }

  #answer(id: number, name: string): KeptAnswer {
    const answer = this.#kept.get(id);
    if (answer !== undefined) return answer;
    const kept = [...this.#kept.keys()];
    throw inputError(
      `Cannot read ${name}: there is no such answer`,
      kept.length === 0
        ? "only answers that were cut are kept: ask first"
        : `answers ${kept[0]} to ${kept.at(-1)} are kept; ask again for an older one`,
      "not_found",
    );
  }

  async #forgetOld(folder: string): Promise<void> {
    for (const [id, { bytes }] of this.#kept) {
      if (this.#kept.size === 1 || (this.#kept.size <= MOST_ANSWERS && this.#bytes <= MOST_BYTES)) return;
      this.#kept.delete(id);
      this.#bytes -= bytes;
      await removeFile(join(folder, `${id}.json`));
      await removeFile(join(folder, `${id}.jsonl`));
    }
  }
}

export function answerResource({ id, tool, rowCount, bytes }: KeptAnswer): McpResource {
  const size = rowCount > 0 ? `${rowCount} rows` : `${bytes} bytes`;
  return {
    uri: `${PREFIX}${id}`,
    name: `answer ${id}`,
    description: `The whole answer of ${tool}: ${size}`,
    mimeType: "application/json",
  };
}

function* rowLines(rows: readonly Row[]): Generator<string> {
  for (let at = 0; at < rows.length; at += ROWS_A_PIECE) {
    yield rows.slice(at, at + ROWS_A_PIECE).map((row) => `${stringifyJson(row)}\n`).join("");
  }
}

/** Returns how many bytes were written. */
async function written(path: string, pieces: Iterable<string>): Promise<number> {
  const sink = await openSink(path);
  const encoder = new TextEncoder();
  let bytes = 0;
  try {
    for (const piece of pieces) {
      const encoded = encoder.encode(piece);
      await sink.write(encoded);
      bytes += encoded.length;
    }
  } finally {
    await sink.close();
  }
  return bytes;
}
