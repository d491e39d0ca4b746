/** Files of JSON that are no JSON Lines: every record is read as it is by itself, or the fault is told. */
import { MpError } from "../../../src/errors.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import { UnreadableRecord } from "../../../src/records/read/record_block.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { parseExactJson, stringifyJson } from "../../../src/streams/json/json.ts";
import type { Random } from "../../helpers/random.ts";
import { eventText } from "../corpus.ts";
import { describeBytes } from "../expect.ts";
import { chunksOf, mutated } from "../mutate.ts";

/** How many records one change can damage: where a piece is put in, the records at its ends. */
const DAMAGED_BY_CHANGE = 3;

export async function fuzzReadJson(random: Random): Promise<void> {
  const originals = Array.from({ length: 1 + random.below(10) }, () => eventText(random).trim());
  const list = `[${originals.join(random.pick([",", ", ", ",\n", "\n,\r\n"]))}]`;
  const text = random.pick([list, `{"status":"ok","page":1,"results":${list},"total":7}`, originals.join("\n\n ")]);
  const changes = random.below(3);
  const bytes = mutated(new TextEncoder().encode(text), random, changes);
  const source: RecordSource = { name: "records.json", open: () => chunksOf(bytes, random) };
  const values: unknown[] = [];
  let failure: MpError | undefined;
  try {
    for await (const block of readRecords([source], { format: "json" })) {
      if (block.kind === "values") values.push(...block.values);
    }
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    failure = error;
  }
  const isTold = failure !== undefined || values.some((value) => value instanceof UnreadableRecord);
  const expected = changes === 0 ? originals.map(parseExactJson) : elementsOf(bytes);
  if (expected !== undefined) {
    if (isTold) throw new Error(`Refuses ${describeBytes(bytes)}: ${failure}`);
    if (stringifyJson(values) !== stringifyJson(expected)) {
      throw new Error(`Reads other records: ${describeBytes(bytes)}`);
    }
  }
  const known = new Set(originals.map((original) => stringifyJson(parseExactJson(original))));
  const others = values.filter((value) => value instanceof UnreadableRecord || !known.has(stringifyJson(value)));
  // A change within a string may make one record of many, all of them still in its text.
  if (others.length > DAMAGED_BY_CHANGE * changes && !isTold) {
    throw new Error(`Reads ${others.length} records that were not written in ${describeBytes(bytes)}`);
  }
}

/** The elements of a text that is one list; undefined for all other texts. */
function elementsOf(bytes: Uint8Array): unknown[] | undefined {
  try {
    const value = parseExactJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
