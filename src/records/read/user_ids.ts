/** Ids of users from files and pipes, in batches of one request each. */
import { inputError } from "../../errors.ts";
import { parseJson } from "../../streams/json/json.ts";
import { lineRecords } from "./line_records.ts";
import type { RecordSource } from "./record_source.ts";

const MOST_REMEMBERED = 200_000;

/**
 * Reads one id a line: as plain text, as a JSON string, or in a profile or event as JSON (`$distinct_id` or
 * `distinct_id`), so that the output of other commands can be piped in. Empty lines are skipped, and ids that have come
 * before: of the first 200,000, so that memory has a bound.
 *
 * @throws MpError (input) for a JSON object without an id, with the line's number.
 */
export async function* userIds(sources: readonly RecordSource[], signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const seen = new Set<string>();
  for await (const { source, firstLine, lines } of lineRecords(sources, { signal })) {
    for (const [index, bytes] of lines.entries()) {
      const line = decoder.decode(bytes).trim();
      if (line === "") continue;
      const id = idOf(line);
      if (id === undefined) {
        throw inputError(
          `Cannot read line ${firstLine + index} of ${source.name}: there is no distinct id in it`,
          'write one id a line, or JSON with "$distinct_id" or "distinct_id"',
          "missing_id",
        );
      }
      if (seen.has(id)) continue;
      if (seen.size < MOST_REMEMBERED) seen.add(id);
      yield id;
    }
  }
}

/** Groups ids into lists of at most `size`, leaving out the first `skip`. Only one list is held. */
export async function* idBatches(
  ids: AsyncIterable<string> | Iterable<string>,
  size: number,
  skip = 0,
): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let left = skip;
  for await (const id of ids) {
    if (left-- > 0) continue;
    if (batch.push(id) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** How many ids there are, and the first of them. */
export interface IdPreview {
  count: number;
  first: string[];
}

const MOST_PREVIEWED = 5;

/** Looks at ids, leaving out the first `skip`. */
export async function previewIds(ids: AsyncIterable<string> | Iterable<string>, skip = 0): Promise<IdPreview> {
  const preview: IdPreview = { count: 0, first: [] };
  let left = skip;
  for await (const id of ids) {
    if (left-- > 0) continue;
    if (preview.count++ < MOST_PREVIEWED) preview.first.push(id);
  }
  return preview;
}

function idOf(line: string): string | undefined {
  if (!line.startsWith("{") && !line.startsWith('"')) return line;
  let value: unknown;
  try {
    value = parseJson(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return line.startsWith('"') ? line : undefined;
  }
  if (typeof value === "string") return value === "" ? undefined : value;
  const record = value as { $distinct_id?: unknown; distinct_id?: unknown; properties?: { distinct_id?: unknown } };
  const id = record.$distinct_id ?? record.distinct_id ?? record.properties?.distinct_id;
  return id === undefined || id === null || id === "" || typeof id === "object" ? undefined : String(id);
}
