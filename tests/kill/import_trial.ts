/** One import that is killed several times and resumed, into a server that goes wrong in all ways that are known. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { eventLine } from "../../scripts/bench/events.ts";
import { parseJson, stringifyJson } from "../../src/streams/json/json.ts";
import { type Received, type Reply, startFaultyServer } from "./faulty_server.ts";
import type { Random } from "../helpers/random.ts";
import { runUntilDone, type Trial } from "./trial.ts";

const FIRST_SECOND = Date.UTC(2026, 8, 1) / 1000;
const FAULT_SHARE = 0.15;
const BATCH_EVENTS = 25;
/** Events of this name are refused by the server. */
const REFUSED = "Refused";

interface Input {
  paths: string[];
  /** By the key of deduplication without the id, which each event here has for itself: the record as it must arrive. */
  accepted: Map<string, string>;
  /** `file:line` of each record that must be rejected. */
  rejected: Set<string>;
}

interface ImportedEvent {
  event: string;
  properties: Record<string, unknown> & { time: number; distinct_id: string; $insert_id?: string };
}

/** Runs the trial in an empty folder. Throws when a record is missing, changed, there twice or not accounted for. */
export async function importTrial(random: Random, folder: string): Promise<Trial> {
  const input = makeInput(random, folder);
  const sink = new Sink(random);
  const server = await startFaultyServer((request) => sink.answer(request));
  const rejects = join(folder, "rejects.jsonl");
  const args = ["import", ...input.paths, "--rejects", rejects, "--batch-size", String(BATCH_EVENTS), "--no-pacing"];
  try {
    const trial = await runUntilDone(`import of ${input.paths.length} files`, args, random, {
      url: server.url,
      home: folder,
      doneCodes: input.rejected.size > 0 ? [8] : [0],
    });
    checkStore(sink.stored, input.accepted);
    checkRejects(rejects, input.rejected);
    return trial;
  } finally {
    await server.stop();
  }
}

function makeInput(random: Random, folder: string): Input {
  const input: Input = { paths: [], accepted: new Map(), rejected: new Set() };
  let number = random.below(1_000_000);
  for (let file = 0, files = 1 + random.below(3); file < files; file++) {
    const lines: string[] = [];
    for (let line = 1, count = 500 + random.below(1000); line <= count; line++, number++) {
      const text = makeLine(random, number);
      lines.push(text);
      if (text === "") continue;
      if (isRejected(text)) input.rejected.add(`${file}:${line}`);
      else input.accepted.set(keyOf(JSON.parse(text)), text);
    }
    const isStored = random.chance(0.5);
    const path = join(folder, `input-${file}.jsonl${isStored ? ".gz" : ""}`);
    const text = lines.join("\n") + (random.chance(0.5) ? "\n" : "");
    writeFileSync(path, isStored ? gzipSync(text) : text);
    input.paths.push(path);
  }
  return input;
}

/** A record as it might come: whole, without an id, blank, or one that is rejected. */
function makeLine(random: Random, number: number): string {
  const whole = eventLine(number, FIRST_SECOND + number % 2_000_000);
  const kind = random.next();
  if (kind < 0.6) return whole;
  if (kind < 0.985) return whole.replace(/"\$insert_id":"[^"]*",/, "");
  if (kind < 0.99) return "";
  if (kind < 0.993) return whole.replace(/"time":\d+,/, "");
  if (kind < 0.996) return whole.slice(0, -4);
  return whole.replace(/"event":"[^"]*"/, `"event":"${REFUSED}"`);
}

function isRejected(text: string): boolean {
  try {
    const { event, properties } = JSON.parse(text) as ImportedEvent;
    return event === REFUSED || properties.time === undefined;
  } catch {
    return true;
  }
}

/** Here no two events agree in the time that the server adds, whatever happens to their ids. */
function keyOf({ properties }: ImportedEvent): string {
  return `${properties.$mp_api_timestamp_ms} ${properties.distinct_id}`;
}

/** Keeps what it takes as the real server does: by name, user, time and id. */
class Sink {
  /** The text of each event by the four values that make it the same event. */
  readonly stored: Map<string, string> = new Map();
  readonly #random: Random;
  readonly #latencyMs: number;
  #faultsLeft: number;

  constructor(random: Random) {
    this.#random = random;
    this.#latencyMs = 10 + random.below(40);
    this.#faultsLeft = 3 + random.below(10);
  }

  async answer({ headers, body }: Received): Promise<Reply | undefined> {
    const random = this.#random;
    const isFaulty = this.#faultsLeft > 0 && random.chance(FAULT_SHARE);
    if (isFaulty) this.#faultsLeft--;
    await wait(this.#latencyMs);
    const taken = () => this.#take(headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body);
    if (!isFaulty) return taken();
    const now = { "retry-after": "0" };
    const faults: (() => Reply | undefined)[] = [
      () => json(429, { code: 429, error: "Project exceeded rate limits.", status: "Too Many Requests" }, now),
      () => json(503, { code: 503, error: "unavailable" }, now),
      () => json(502, { code: 502, error: "bad gateway" }, now),
      () => json(413, { code: 413, error: "request exceeds max limit of 2097152 bytes" }),
      // The request is lost, or it is taken and its answer is lost.
      () => undefined,
      () => void taken(),
      () => ({ ...taken(), chunks: [new TextEncoder().encode('{"code":200,"num_rec')], isCut: true }),
    ];
    return random.pick(faults)();
  }

  #take(body: Uint8Array): Reply {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const lines = text.startsWith("[") ? (parseJson(text) as unknown[]).map(stringifyJson) : text.trimEnd().split("\n");
    const failed: unknown[] = [];
    for (const [index, line] of lines.entries()) {
      const { event, properties } = JSON.parse(line) as ImportedEvent;
      const id = properties.$insert_id;
      if (event === REFUSED || id === undefined) {
        failed.push({ index, insert_id: id, field: "event", message: "'event' is refused" });
      } else {
        this.stored.set(JSON.stringify([event, properties.distinct_id, properties.time, id]), line);
      }
    }
    const count = { num_records_imported: lines.length - failed.length };
    if (failed.length === 0) return json(200, { code: 200, status: "OK", ...count });
    const error = "some data points in the request failed validation";
    return json(400, { code: 400, error, status: "Bad Request", ...count, failed_records: failed });
  }
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { status, headers: { ...headers, "content-type": "application/json" }, chunks: [body] };
}

function checkStore(stored: ReadonlyMap<string, string>, accepted: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  for (const text of stored.values()) {
    const record = JSON.parse(text) as ImportedEvent;
    const key = keyOf(record);
    const sent = accepted.get(key);
    if (sent === undefined) throw new Error(`The server has an event that was not in the input: ${text}`);
    if (seen.has(key)) throw new Error(`The server has an event twice: ${text}`);
    seen.add(key);
    const hadId = sent.includes('"$insert_id"');
    if (hadId ? sent !== text : withoutId(text) !== withoutId(sent)) {
      throw new Error(`The server has ${text} for ${sent}`);
    }
  }
  if (seen.size !== accepted.size) throw new Error(`The server has ${seen.size} events instead of ${accepted.size}`);
}

function withoutId(text: string): string {
  const record = parseJson(text) as ImportedEvent;
  delete record.properties.$insert_id;
  return stringifyJson(record);
}

function checkRejects(path: string, rejected: ReadonlySet<string>): void {
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").filter((line) => line !== "") : [];
  const places = lines.map((text) => {
    const { source, line } = JSON.parse(text) as { source: string; line: number };
    return `${/input-(\d)\.jsonl/.exec(source)?.[1]}:${line}`;
  });
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) throw new Error(`The file of rejected records has ${twice} twice`);
  const other = places.find((place) => !rejected.has(place));
  if (other !== undefined) throw new Error(`The file of rejected records has ${other}, which is well formed`);
  if (places.length !== rejected.size) {
    throw new Error(`The file of rejected records has ${places.length} records instead of ${rejected.size}`);
  }
}
