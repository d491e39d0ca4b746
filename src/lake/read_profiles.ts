/** Reads the profiles of a backup into the store of a question. */
import { inputError } from "../errors.ts";
import { readRecords } from "../records/read/read_records.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import type { Profile } from "../sandbox/store/profiles.ts";
import type { Store } from "../sandbox/store/store.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJson } from "../streams/json/json.ts";

const decoder = new TextDecoder();

/** @throws MpError (input) for a file that cannot be read, or with something else in it */
export async function readProfiles(
  sources: readonly RecordSource[],
  store: Store,
  projectId: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const block of readRecords(sources, { format: "jsonl", signal })) {
    if (block.kind !== "lines") continue;
    const profiles = [...block.lines.entries()].map(([index, line]) =>
      profileOf(decoder.decode(line), `${block.source.name}, line ${block.firstLine + index}`)
    );
    store.profiles.putAll(projectId, profiles);
  }
}

function profileOf(text: string, place: string): Profile {
  let record: unknown;
  try {
    record = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (isObject(record) && typeof record.$distinct_id === "string" && isObject(record.$properties)) {
    return { distinctId: record.$distinct_id, properties: record.$properties };
  }
  throw inputError(`Cannot read the profile at ${place}: it is none`, "'mp export all' writes it again", "bad_profile");
}
