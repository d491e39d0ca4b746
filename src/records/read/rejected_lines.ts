/** Takes mended records out of a file of rejected ones, as `--rejects` writes them. */
import { parseExactJson } from "../../streams/json/json.ts";
import type { LinesBlock, RecordBlock, ValuesBlock } from "./record_block.ts";
import { UnreadableRecord } from "./record_block.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Whether a line is an entry of such a file. */
function isEntry(value: unknown): value is { record?: unknown; count?: unknown } {
  return typeof value === "object" && value !== null && "source" in value && "line" in value && "reason" in value &&
    !("event" in value) && !("properties" in value);
}

/**
 * The records of rejected-record files in place of their entries; other sources pass unchanged. A source is such a file
 * when its first line is an entry.
 *
 * @param all true when every source is known to be one: then lines that are no entries are unreadable records
 */
export async function* withoutRejection(
  blocks: AsyncIterable<RecordBlock>,
  all: boolean,
): AsyncGenerator<RecordBlock, void> {
  let source: unknown;
  let unwraps = false;
  for await (const block of blocks) {
    if (block.source !== source) {
      source = block.source;
      unwraps = all || (block.kind === "lines" && isEntry(valueOf(block.lines.entries().next().value?.[1])));
    }
    yield unwraps && block.kind === "lines" ? unwrapped(block) : block;
  }
}

function unwrapped({ source, recordsBefore, firstLine, lines }: LinesBlock): ValuesBlock {
  const values: unknown[] = [];
  const lineNumbers: number[] = [];
  for (const [index, line] of lines.entries()) {
    lineNumbers.push(firstLine + index);
    values.push(recordOf(line));
  }
  return { kind: "values", source, recordsBefore, values, lineNumbers };
}

/** The record of an entry. One that was no JSON is there as text, and may have been mended to JSON as text. */
function recordOf(line: Uint8Array): unknown {
  const entry = valueOf(line);
  if (!isEntry(entry)) return new UnreadableRecord("no rejected record: source, line and reason are missing");
  const { record } = entry;
  if (record === undefined) {
    return new UnreadableRecord("it stands for records that Mixpanel did not name, and has none itself");
  }
  if (typeof record !== "string") return record;
  try {
    return parseExactJson(record);
  } catch (error) {
    return UnreadableRecord.ofJson(error, record);
  }
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
