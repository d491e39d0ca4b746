/** Events taken apart by their days, and their copies found: as with `JSON.parse` and a map. */
import { routeByDay } from "../../../src/streams/events/day_router.ts";
import { DuplicateFinder, withoutDuplicates } from "../../../src/streams/events/dedupe.ts";
import { eventLines } from "../../../src/streams/events/event_lines.ts";
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import type { Spill } from "../../../src/streams/events/spilled_hashes.ts";
import type { Random } from "../../helpers/random.ts";
import { eventsText } from "../corpus.ts";
import { describeBytes, requireSameBytes } from "../expect.ts";
import { mutated, volatileChunks } from "../mutate.ts";

export async function fuzzDaysAndCopies(random: Random): Promise<void> {
  const text = eventsText(random);
  const lines = text.trimEnd().split("\n");
  // Copies in other places, and with other white space.
  const copies = lines.filter(() => random.chance(0.5)).map((line) =>
    random.chance(0.3) ? line.replace("{", "{ ") : line
  );
  const bytes = mutated(new TextEncoder().encode([...lines, ...copies].join("\n") + "\n"), random, random.below(3));
  const blocks: Uint8Array[] = [];
  try {
    for await (const block of eventLines(volatileChunks(bytes, random), { records: 0, bytes: 0 })) {
      blocks.push(block.slice());
    }
  } catch { /* the events before the fault count */ }
  const events = Buffer.concat(blocks).toString("latin1").split("\n").slice(0, -1)
    .filter((line) => line !== "" && line !== "\r");
  await checkDays(blocks, events, bytes);
  await checkCopies(blocks, events, bytes);
}

async function checkDays(blocks: readonly Uint8Array[], events: readonly string[], bytes: Uint8Array): Promise<void> {
  const days = new Map<string, string>();
  let count = 0;
  await routeByDay(volatileBlocks(blocks), (day, run, events) => {
    count += events;
    days.set(day, (days.get(day) ?? "") + Buffer.from(run).toString("latin1"));
  });
  const expected = new Map<string, string>();
  for (const line of events) {
    const { time } = recordOf(line).properties;
    const dayMs = typeof time === "number" || typeof time === "bigint" ? millisecondsOf(Number(time)) : NaN;
    const date = new Date(Math.floor(dayMs / 86_400_000) * 86_400_000);
    const day = Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
    expected.set(day, `${expected.get(day) ?? ""}${line}\n`);
  }
  const same = count === events.length && days.size === expected.size &&
    [...expected].every(([day, text]) => days.get(day) === text);
  if (!same) {
    throw new Error(`Routes to ${[...days.keys()]} instead of ${[...expected.keys()]}: ${describeBytes(bytes)}`);
  }
}

async function checkCopies(blocks: readonly Uint8Array[], events: readonly string[], bytes: Uint8Array): Promise<void> {
  // So few bytes that most of it goes to the spill.
  const finder = new DuplicateFinder({ spill: memorySpill(), budgetBytes: 256 });
  for await (const block of volatileBlocks(blocks)) await finder.observe(block);
  const duplicates = await finder.finish();
  const kept: Uint8Array[] = [];
  for await (const block of withoutDuplicates(volatileBlocks(blocks), duplicates)) kept.push(block.slice());
  const seen = new Set<string>();
  const expected = events.filter((line) => {
    const { event, properties } = recordOf(line);
    const id = properties.$insert_id;
    if (id === undefined || id === null) return true;
    const key = stringifyJson([event, properties.distinct_id, properties.time, id]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  const output = Buffer.concat(kept).toString("latin1").split("\n").filter((line) => line !== "" && line !== "\r");
  // Numbers that are written in two ways may be told apart.
  if (output.length === expected.length || /[0-9][.eE]|-0/.test(events.map(keysOf).join())) return;
  requireSameBytes(Buffer.from(output.join("\n"), "latin1"), Buffer.from(expected.join("\n"), "latin1"), bytes);
}

interface Event {
  event: string;
  properties: Record<string, unknown>;
}

function recordOf(line: string): Event {
  return parseJson(new TextDecoder().decode(Buffer.from(line, "latin1"))) as Event;
}

function keysOf(line: string): string {
  const { properties } = recordOf(line);
  return [properties.distinct_id, properties.time, properties.$insert_id].filter((value) => typeof value === "number")
    .join();
}

function millisecondsOf(time: number): number {
  return Math.abs(time) > 1e11 ? time : time * 1000;
}

async function* volatileBlocks(blocks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  for (const block of blocks) {
    const memory = block.slice();
    yield await Promise.resolve(memory);
    memory.fill(0x21);
  }
}

function memorySpill(): Spill {
  const files = new Map<string, Uint8Array[]>();
  return {
    append(name, bytes) {
      files.set(name, [...files.get(name) ?? [], bytes.slice()]);
      return Promise.resolve();
    },
    async *read(name) {
      for (const bytes of files.get(name) ?? []) yield await Promise.resolve(bytes);
    },
    remove(name) {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
