/** Uploads a data dictionary of any size, within what may be written in a minute. */
import { call, readOr } from "../api/call.ts";
import { MAX_WRITES_PER_MINUTE, type SchemaEntry, uploadSchemas } from "../api/lexicon.ts";
import type { Client } from "../client/types.ts";
import type { Clock } from "../runtime/clock.ts";

export interface LexiconUploadOptions {
  /** Delete the whole dictionary before the first entry is written. */
  truncate?: boolean;
  clock: Clock;
  signal?: AbortSignal;
  /** Called before each pause. */
  onPause?(written: number, total: number): Promise<void>;
}

export interface UploadSummary {
  added: number;
  deleted: number;
}

const MINUTE_MS = 60_000;

/**
 * Writes entries in as few requests as the limit allows: it counts events and properties alike, in each minute. Entries
 * that are written twice come out the same.
 *
 * @throws MpError of the first request that fails; what was written before it stays.
 */
export async function uploadLexicon(
  client: Client,
  entries: readonly SchemaEntry[],
  options: LexiconUploadOptions,
): Promise<UploadSummary> {
  const summary: UploadSummary = { added: 0, deleted: 0 };
  let written = 0;
  for (const [index, batch] of batchesOf(entries).entries()) {
    if (index > 0) {
      await options.onPause?.(written, entries.length);
      await options.clock.sleep(MINUTE_MS, options.signal);
    }
    const truncate = index === 0 && options.truncate === true;
    const answer = await call(client, uploadSchemas, truncate ? { entries: batch, truncate } : { entries: batch });
    const { added = batch.length, deleted = 0 } = readOr(answer, {});
    summary.added += added;
    summary.deleted += deleted;
    written += batch.length;
  }
  return summary;
}

/** Runs of entries that may be written in one minute; an entry that is too large by itself has one of its own. */
export function batchesOf(entries: readonly SchemaEntry[]): SchemaEntry[][] {
  const batches: SchemaEntry[][] = [[]];
  let weight = 0;
  for (const entry of entries) {
    const own = 1 + Object.keys(entry.schemaJson.properties ?? {}).length;
    if (weight + own > MAX_WRITES_PER_MINUTE && weight > 0) {
      batches.push([]);
      weight = 0;
    }
    batches.at(-1)!.push(entry);
    weight += own;
  }
  return batches;
}
