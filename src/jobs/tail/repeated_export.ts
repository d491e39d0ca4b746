/**
 * New events of a project at Mixpanel: its export of today, again and again, less the events that were in the one
 * before. What was there at the beginning is not new.
 */
import { stream } from "../../api/call.ts";
import { exportEvents as operation } from "../../api/export.ts";
import type { Client, SendOptions } from "../../client/types.ts";
import { inputError, MpError } from "../../errors.ts";
import type { Clock } from "../../runtime/clock.ts";
import { EventKeys } from "../../streams/events/event_key.ts";
import { eventLines } from "../../streams/events/event_lines.ts";
import { isoDay } from "../../streams/iso_time.ts";
import { lines } from "../../streams/lines.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import type { NewEvents, TailOptions } from "./tail_options.ts";

export interface RepeatOptions extends TailOptions {
  intervalMs: number;
  signal: AbortSignal;
  onWait: SendOptions["onWait"];
  /** So many events are remembered at most. Default: a million, some 50 MB. */
  mostEvents?: number;
}

const MOST_EVENTS = 1_000_000;
/** So long after midnight events of the day before are looked for too. */
const LATE_MS = 3_600_000;
/** What may be over by the next time. */
const PASSING: ReadonlySet<string> = new Set(["network", "server", "rate_limited"]);

export async function* newExportedEvents(
  client: Client,
  clock: Clock,
  options: RepeatOptions,
): AsyncGenerator<NewEvents, void> {
  const { intervalMs, untilMs, signal, note, mostEvents = MOST_EVENTS } = options;
  const memory = new Memory(mostEvents);
  for (let isFirst = true;; isFirst = false) {
    const startedMs = clock.now();
    try {
      for await (const batch of unseen(client, startedMs, memory, options)) if (!isFirst) yield batch;
      if (isFirst) await note(`${memory.size} events of today so far; what comes from now on follows`);
    } catch (error) {
      if (isFirst || !(error instanceof MpError) || !PASSING.has(error.category)) throw error;
      await note(`${error.message}; the next try is at ${isoTime(startedMs + intervalMs)}`);
    }
    const nextMs = Math.max(startedMs + intervalMs, clock.now());
    await clock.sleep(Math.max(0, Math.min(nextMs, untilMs) - clock.now()), signal);
    if (nextMs >= untilMs) return;
  }
}

async function* unseen(
  client: Client,
  nowMs: number,
  memory: Memory,
  { names, onWait }: RepeatOptions,
): AsyncGenerator<NewEvents, void> {
  const params = {
    from_date: isoDay(nowMs - LATE_MS),
    to_date: isoDay(nowMs),
    event: names === undefined ? undefined : [...names],
  };
  const answer = await stream(client, operation, params, { patienceMs: JOB_PATIENCE_MS, onWait });
  memory.begin();
  const decoder = new TextDecoder();
  for await (const block of lines(eventLines(answer.views(), { records: 0, bytes: 0 }))) {
    // Before the next block is asked for: what has been seen must have been shown when the export breaks off.
    const batch = [...block.entries()].filter(([, line]) => memory.isNew(line)).map(([, line]) => decoder.decode(line));
    if (batch.length > 0) yield batch;
  }
  memory.end();
}

/** Which events have been seen: those of the last whole export, and of the one that is coming. */
class Memory {
  #before = new Set<number | string>();
  #now = new Set<number | string>();
  readonly #keys = new EventKeys();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#before.size;
  }

  begin(): void {
    // What an export that broke off had is seen too.
    for (const key of this.#now) this.#before.add(key);
    this.#now = new Set();
  }

  end(): void {
    // Days that are over leave with the events that the export no longer has.
    this.#before = this.#now;
    this.#now = new Set();
  }

  isNew(line: Uint8Array): boolean {
    const key = this.#keyOf(line);
    if (this.#now.has(key)) return false;
    if (this.#now.size >= this.most) throw tooMany(this.most);
    this.#now.add(key);
    return !this.#before.has(key);
  }

  /** 53 bits of the event's identity; an event without `$insert_id` is known by its whole text. */
  #keyOf(line: Uint8Array): number | string {
    if (!this.#keys.read(line, 0, line.length)) return new TextDecoder().decode(line);
    const [high = 0, low = 0] = this.#keys.hash;
    return (high >>> 0) * 2 ** 21 + (low >>> 11);
  }
}

function tooMany(most: number): MpError {
  return inputError(
    `Cannot follow the project's events: there are more than ${most} today`,
    "choose some with --event NAME",
    "too_many_events",
  );
}

function isoTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(11, 19)}Z`;
}
