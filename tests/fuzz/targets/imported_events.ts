/** Imports of damaged JSON Lines: each line is sent as it is, sent with an id, or rejected for a reason that holds. */
import { gunzipSync, gzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { importBlocks } from "../../../src/jobs/import/import_events.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import type { Random } from "../../helpers/random.ts";
import { fakeClient, linesOf } from "../../jobs/fake_client.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes } from "../expect.ts";
import { chunksOf, mutated } from "../mutate.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12);

export async function fuzzImportedEvents(random: Random): Promise<void> {
  const bytes = mutated(new TextEncoder().encode(eventsText(random)), random, random.below(4));
  const whole = random.chance(0.3) ? gzipSync(bytes) : bytes;
  const stored = whole !== bytes && random.chance(0.3) ? mutated(whole, random, 1) : whole;
  const source: RecordSource = { name: "events.jsonl", open: () => chunksOf(stored, random) };
  const client = fakeClient((request) =>
    JSON.stringify({ code: 200, num_records_imported: linesOf(request).length, status: "OK" })
  );
  const rejected: RejectedRecord[] = [];
  let failure: MpError | undefined;
  try {
    await importBlocks(client, readRecords([source], { format: "jsonl" }), {
      clock: fakeClock(NOW_MS),
      batchSize: 1 + random.below(5),
      concurrency: 1,
      onReject: (record) => void rejected.push(record),
    });
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    failure = error;
  }
  const sent = client.requests.flatMap((request) => linesOf(request));
  if (stored === whole) {
    if (failure !== undefined) throw new Error(`Stops at ${describeBytes(bytes)}: ${failure.message}`);
    return account(bytes, sent, rejected);
  }
  // The check sum comes last, so that damage may show only after records were sent; but it has to show.
  if (failure !== undefined || !isGzip(stored)) return;
  account(gunzipSync(stored), sent, rejected);
}

/** Follows the lines of the input and what became of them, in their order. */
function account(bytes: Uint8Array, sent: readonly string[], rejected: readonly RejectedRecord[]): void {
  const rejectedLines = new Map(rejected.map((record) => [record.line, record]));
  let next = 0;
  const lines = splitLines(bytes);
  for (const [index, line] of lines.entries()) {
    const text = decoded(line, index === 0);
    const reject = rejectedLines.get(index + 1);
    if (reject !== undefined) {
      rejectedLines.delete(index + 1);
      if (text !== undefined && isReadyEvent(text)) throw new Error(`Rejects ${text}: ${reject.reason}`);
      continue;
    }
    if (text?.trim() === "") continue;
    const arrived = sent[next++];
    if (arrived === undefined) throw new Error(`Loses line ${index + 1} of ${describeBytes(bytes)}`);
    if (text === undefined) throw new Error(`Sends ${arrived} for a line that is not UTF-8: ${describeBytes(line)}`);
    requireSameRecord(arrived, text.trim());
  }
  if (next < sent.length) throw new Error(`Sends ${sent[next]}, which is not in ${describeBytes(bytes)}`);
  if (rejectedLines.size > 0) {
    throw new Error(`Rejects lines ${[...rejectedLines.keys()]} that are not in ${describeBytes(bytes)}`);
  }
}

/** A record arrives as it was, or with an `$insert_id` where it had none. */
function requireSameRecord(arrived: string, text: string): void {
  if (arrived === text) return;
  const [was, is] = [parseJson(text), parseJson(arrived)] as { properties: Record<string, unknown> }[];
  const had = was!.properties.$insert_id;
  if (had !== undefined && had !== null && had !== "") throw new Error(`Sends ${arrived} for ${text}`);
  if (!/^[0-9a-f-]{36}$/.test(String(is!.properties.$insert_id))) throw new Error(`Gives a bad id: ${arrived}`);
  delete was!.properties.$insert_id;
  delete is!.properties.$insert_id;
  if (sorted(was) !== sorted(is)) throw new Error(`Sends ${arrived} for ${text}`);
}

/** JSON text that does not depend on the order of members. */
function sorted(value: unknown): string {
  if (typeof value !== "object" || value === null) return stringifyJson(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  const members = value as Record<string, unknown>;
  return `{${Object.keys(members).sort().map((name) => `${JSON.stringify(name)}:${sorted(members[name])}`).join(",")}}`;
}

/** Whether nothing at all can be said against an event; what is false here may still be taken. */
function isReadyEvent(text: string): boolean {
  try {
    const { event, properties } = JSON.parse(text) as { event: unknown; properties: Record<string, unknown> };
    const { time, distinct_id: user, $insert_id: id } = properties;
    return typeof event === "string" && /^[A-Z]/.test(event) && typeof time === "number" && time > 1.7e9 &&
      time < 1.79e9 &&
      typeof user === "string" && /^user-\d+$/.test(user) && typeof id === "string" && /^[0-9a-f]{32}$/.test(id) &&
      Object.keys(properties).length < 50 && depthOf(properties) <= 3;
  } catch {
    return false;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let feed = bytes.indexOf(10); feed >= 0; feed = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, feed));
    start = feed + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

/** The text of a line; undefined when it is not UTF-8. */
function decoded(line: Uint8Array, isFirst: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: !isFirst }).decode(line);
  } catch {
    return undefined;
  }
}

/** Whether a reader can tell. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}
