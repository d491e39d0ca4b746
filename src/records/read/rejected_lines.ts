/** Takes fixed records out of a file of rejected ones, as `--rejects` writes them. */
import { abortable } from "../../streams/abortable.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { parseExactJson, stringifyJson } from "../../streams/json/json.ts";
import type { LinesBlock, RecordBlock, RowForm, ValuesBlock } from "./record_block.ts";
import { UnreadableRecord } from "./record_block.ts";
import type { RecordSource } from "./record_source.ts";
import { addPathColumns } from "./path_columns.ts";
import { readRecords } from "./read_records.ts";
import { type RowReadOptions, rowValues } from "./read_rows.ts";

const SPACE = 0x20;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The flags, by the names of their inputs, with which records were read; `command` when it was not `import`. */
export type ReadWith = Readonly<Record<string, unknown>>;

/** A line of such a file. A record that was no JSON is text. Of a table, it is a row with all columns. */
export interface RejectionEntry {
  source: string;
  line: number;
  last_line?: number;
  field?: string;
  reason: string;
  record?: unknown;
  table?: RowForm;
  read_with?: ReadWith;
}

function isEntry(value: unknown): value is RejectionEntry {
  return isObject(value) && "source" in value && "line" in value && "reason" in value &&
    !("event" in value) && !("properties" in value);
}

/** How the rows of tables are read. */
export type RowRules = Omit<RowReadOptions, "onColumns" | "onWarning">;

/** What a source is known to be by its first line. */
export interface SeenSource {
  /** The source, or another that gives the same bytes where it can be read only once. */
  source: RecordSource;
  /** When it is a file of rejected records: how they were read. */
  readWith?: ReadWith;
}

/** Looks at a source's first line. What cannot be read is left for whoever reads it. */
export async function seeSource(source: RecordSource, signal?: AbortSignal): Promise<SeenSource> {
  const { seen, again } = source.slice === undefined ? await peeked(source, signal) : { seen: source, again: source };
  for await (const block of readRecords([seen], { format: "jsonl", onUnreadable: () => {} })) {
    if (block.kind !== "lines") break;
    const entry = valueOf(block.lines.entries().next().value?.[1]);
    return { source: again, readWith: isEntry(entry) ? entry.read_with ?? {} : undefined };
  }
  return { source: again };
}

/**
 * The records of rejected-record files in place of their entries; other sources pass unchanged. A source is such a file
 * when its first line is an entry.
 *
 * @param all true when every source is known to be one: then lines that are no entries are unreadable records
 * @param readWith how records are read now: those that were read otherwise are not taken
 * @param options for rows of tables that could not be read as they were
 */
export async function* withoutRejection(
  blocks: AsyncIterable<RecordBlock>,
  all: boolean,
  readWith: ReadWith,
  options: RowRules = {},
): AsyncGenerator<RecordBlock, void> {
  let source: unknown;
  let unwraps = false;
  const taker = new RecordTaker(readWith, options);
  for await (const block of blocks) {
    if (block.source !== source) {
      source = block.source;
      unwraps = all || (block.kind === "lines" && isEntry(valueOf(block.lines.entries().next().value?.[1])));
    }
    if (unwraps && block.kind === "lines") yield* taker.unwrapped(block);
    else yield block;
  }
}

class RecordTaker {
  readonly #readWith: string;
  readonly #options: RowRules;

  constructor(readWith: ReadWith, options: RowRules) {
    this.#readWith = stringifyJson(readWith);
    this.#options = options;
  }

  /** The records of a block's entries; those of one table after each other are a block. */
  async *unwrapped({ source, recordsBefore, firstLine, lines }: LinesBlock): AsyncGenerator<ValuesBlock, void> {
    let block: ValuesBlock | undefined;
    let form: string | undefined;
    let count = 0;
    for (const [index, line] of lines.entries()) {
      if (line.every((byte) => byte <= SPACE)) continue;
      const { value, table } = await this.#recordOf(line);
      const sameForm = table && stringifyJson(table);
      if (block === undefined || sameForm !== form) {
        if (block !== undefined) yield block;
        block = { kind: "values", source, recordsBefore: recordsBefore + count, values: [], lineNumbers: [], table };
        form = sameForm;
      }
      block.lineNumbers.push(firstLine + index);
      block.values.push(value);
      count++;
    }
    if (block !== undefined) yield block;
  }

  async #recordOf(line: Uint8Array): Promise<{ value: unknown; table?: RowForm }> {
    const entry = valueOf(line);
    if (isEntry(entry)) return { value: await this.#valueOf(entry), table: entry.table };
    return { value: new UnreadableRecord("no rejected record: source, line and reason are missing") };
  }

  /** The record of an entry. One that was no JSON is there as text, and may have been fixed to JSON as text. */
  async #valueOf({ record, table, read_with: readWith = {} }: RejectionEntry): Promise<unknown> {
    if (stringifyJson(readWith) !== this.#readWith) {
      return new UnreadableRecord("it was read with other flags (read_with): import its file by itself");
    }
    if (record === undefined) return new UnreadableRecord("the entry has no record");
    if (typeof record !== "string") return table === undefined ? record : withoutEmptyFields(record);
    if (table !== undefined && !/^\s*\{/.test(record)) return await this.#rowOf(record, table);
    try {
      return parseExactJson(record);
    } catch (error) {
      return UnreadableRecord.ofJson(error, record);
    }
  }

  async #rowOf(text: string, { delimiter, columns, text_columns, in_path = [] }: RowForm): Promise<unknown> {
    const bytes = encoder.encode(text);
    const textColumns = new Set([...text_columns, ...this.#options.textColumns ?? []]);
    const options = { ...this.#options, delimiter, columns, hasHeader: false, textColumns };
    const rows: unknown[] = [];
    for await (const { values } of rowValues(once(bytes), "record", bytes, "csv", options)) rows.push(...values);
    const [row] = rows;
    addPathColumns(row, in_path, () => {});
    if (rows.length === 1) return row;
    return new UnreadableRecord(`its text is ${rows.length} rows in place of one`, undefined, text);
  }
}

/** A row as it is read from its table. */
function withoutEmptyFields(row: unknown): unknown {
  return isObject(row) ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== "")) : row;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}

/** The first chunk of what can be read only once, and a source that gives all of it. */
async function peeked(
  source: RecordSource,
  signal: AbortSignal | undefined,
): Promise<{ seen: RecordSource; again: RecordSource }> {
  const rest = abortable(source.open(), signal)[Symbol.asyncIterator]();
  const heads: Uint8Array[] = [];
  const hasLine = () => heads.some((chunk) => chunk.includes(0x0a));
  while (!hasLine()) {
    const { done, value } = await rest.next();
    if (done) break;
    // A chunk is good until the next is asked for.
    heads.push(value.slice());
  }
  async function* head(): AsyncGenerator<Uint8Array, void> {
    yield* heads;
  }
  async function* whole(): AsyncGenerator<Uint8Array, void> {
    yield* heads;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { seen: { name: source.name, isFound: true, open: head }, again: { ...source, open: whole } };
}

function valueOf(line: Uint8Array | undefined): unknown {
  try {
    return parseExactJson(decoder.decode(line));
  } catch (error) {
    // Neither UTF-8 nor JSON is an entry.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
