import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DuplicateFinder, Duplicates, withoutDuplicates } from "../../../src/streams/events/dedupe.ts";
import { EventKeys } from "../../../src/streams/events/event_key.ts";
import type { Spill } from "../../../src/streams/events/spilled_hashes.ts";
import { joined } from "../../runtime/compression/joined.ts";

const encoder = new TextEncoder();

/** Files in memory, which copy what they get, and say how often they were used. */
class MemorySpill implements Spill {
  readonly files = new Map<string, Uint8Array[]>();
  appends = 0;

  async append(name: string, bytes: Uint8Array): Promise<void> {
    await Promise.resolve();
    this.appends++;
    this.files.set(name, [...this.files.get(name) ?? [], bytes.slice()]);
  }

  /** Cuts at awkward places, in memory that is used again. */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const whole = joined(this.files.get(name) ?? []);
    const memory = new Uint8Array(1000);
    for (let start = 0; start < whole.length; start += 997) {
      await Promise.resolve();
      const part = whole.subarray(start, start + 997);
      memory.set(part);
      yield memory.subarray(0, part.length);
      memory.fill(0xaa);
    }
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }
}

interface Case {
  event?: unknown;
  distinct_id?: unknown;
  time?: unknown;
  $insert_id?: unknown;
}

const lineOf = ({ event = "a", ...properties }: Case) => `${JSON.stringify({ event, properties })}\n`;

async function* inBlocks(lines: readonly string[], size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < lines.length; start += size) {
    await Promise.resolve();
    yield encoder.encode(lines.slice(start, start + size).join(""));
  }
}

async function deduplicated(lines: readonly string[], budgetBytes: number, blockLines = 10) {
  const spill = new MemorySpill();
  const finder = new DuplicateFinder({ spill, budgetBytes });
  for await (const block of inBlocks(lines, blockLines)) await finder.observe(block);
  const duplicates = await finder.finish();
  assert.equal(spill.files.size, 0, "nothing is left behind");
  let text = "";
  let droppedBytes = 0;
  const decoder = new TextDecoder();
  const kept = withoutDuplicates(inBlocks(lines, 7), duplicates, (_events, bytes) => droppedBytes += bytes);
  for await (const piece of kept) text += decoder.decode(piece);
  assert.equal(encoder.encode(lines.join("")).length - encoder.encode(text).length, droppedBytes);
  return { text, count: duplicates.count, appends: spill.appends };
}

/** The same with a set of texts. */
function expected(lines: readonly string[]): string {
  const seen = new Set<string>();
  return lines.filter((line) => {
    if (line.trim() === "") return true;
    const { event, properties } = JSON.parse(line);
    if (properties.$insert_id === undefined || properties.$insert_id === null) return true;
    const key = [event, properties.distinct_id, properties.time, properties.$insert_id]
      .map((value) => JSON.stringify(value) ?? "absent").join("\n");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  }).join("");
}

describe("copies of events", () => {
  const first = { distinct_id: "u", time: 1, $insert_id: "i" };

  for (
    const [what, one, other, isCopy] of [
      ["all four keys alike", first, { ...first, plan: "pro" }, true],
      ["another name", first, { ...first, event: "b" }, false],
      ["another user", first, { ...first, distinct_id: "v" }, false],
      ["no user", first, { time: 1, $insert_id: "i" }, false],
      ["no user in both", { time: 1, $insert_id: "i" }, { $insert_id: "i", time: 1 }, true],
      ["another time", first, { ...first, time: 2 }, false],
      ["another id", first, { ...first, $insert_id: "j" }, false],
      ["no id", { distinct_id: "u", time: 1 }, { distinct_id: "u", time: 1 }, false],
      ["no id but null", { ...first, $insert_id: null }, { ...first, $insert_id: null }, false],
      ["an empty id", { ...first, $insert_id: "" }, { ...first, $insert_id: "" }, true],
      ["a number for a text", { ...first, distinct_id: "1" }, { ...first, distinct_id: 1 }, false],
      ["null for a text", { ...first, distinct_id: "null" }, { ...first, distinct_id: null }, false],
      ["null for nothing", { ...first, distinct_id: null }, { time: 1, $insert_id: "i" }, false],
      ["parts that only meet together", { ...first, event: "ab" }, { ...first, event: "a", distinct_id: "bu" }, false],
      ["an object for a user", { ...first, distinct_id: { a: 1 } }, { ...first, distinct_id: { a: 1 } }, true],
    ] as [string, Case, Case, boolean][]
  ) {
    it(`are ${isCopy ? "" : "not "}those with ${what}`, async () => {
      const lines = [lineOf(one), lineOf(other)];
      const { text, count } = await deduplicated(lines, 1 << 20);
      assert.equal(count, isCopy ? 1 : 0);
      assert.equal(text, isCopy ? lines[0] : lines.join(""));
      assert.equal(text, expected(lines));
    });
  }

  it("may write their characters, keys and white space in other ways", async () => {
    const lines = [
      '{"event":"Köln\\/","properties":{"distinct_id":"ü","time":1,"$insert_id":"x\\"y"}}\n',
      '{ "properties": { "$insert_id": "x\\u0022y", "time": 1, "distinct_id": "\\u00fc" }, "event": "K\\u00f6ln/" }\n',
      '{"event":"Köln/","properties":{"$insert_id":"other","distinct_id":"ü","time":1,"$insert_id":"x\\"y"}}\r\n',
    ];
    const { text, count } = await deduplicated(lines, 1 << 20);
    assert.equal(count, 2);
    assert.equal(text, lines[0]);
  });

  it("keep integers that are no longer exact as numbers apart", async () => {
    const lines = ["9007199254740993", "9007199254740992"].map((id) =>
      `{"event":"a","properties":{"distinct_id":${id},"$insert_id":"i"}}\n`
    );
    assert.equal((await deduplicated(lines, 1 << 20)).count, 0);
  });

  it("are left out exactly as a set would, in memory or through disk, the first one staying", async () => {
    const value = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.constant(undefined));
    const record = fc.record({
      event: fc.constantFrom("a", "b"),
      distinct_id: value,
      time: fc.integer({ min: 0, max: 2 }),
      $insert_id: fc.oneof(fc.integer({ min: 0, max: 400 }).map(String), fc.constant(undefined)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 1500, size: "max" }), fc.nat(40), async (records, blank) => {
        const lines = records.map(lineOf);
        if (lines.length > blank) lines.splice(blank, 0, "\n");
        const [inMemory, onDisk] = [await deduplicated(lines, 1 << 20), await deduplicated(lines, 4096)];
        assert.equal(inMemory.text, expected(lines));
        assert.equal(onDisk.text, inMemory.text);
        assert.equal(inMemory.appends, 0);
      }),
      { numRuns: 25 },
    );
  });

  it("are found when their parts are too large too", async () => {
    // 30,000 hashes, of which 179 fit into memory: a part of them has about 470.
    const lines = Array.from({ length: 60_000 }, (_, n) => lineOf({ time: 1, $insert_id: `id-${n % 30_000}` }));
    const { count, text, appends } = await deduplicated(lines, 4096, 500);
    assert.equal(count, 30_000);
    assert.equal(text, lines.slice(0, 30_000).join(""));
    assert.ok(appends > 64 * 64 / 2, `${appends} writes`);
  });

  it("are numbered beyond 32 bits", () => {
    const duplicates = new Duplicates();
    for (const ordinal of [0, 7, 65_535, 65_536, 2 ** 32 + 9]) duplicates.add(ordinal);
    assert.equal(duplicates.count, 5);
    for (const ordinal of [0, 7, 65_535, 65_536, 2 ** 32 + 9]) assert.equal(duplicates.has(ordinal), true);
    for (const ordinal of [1, 8, 9, 65_534, 65_537, 2 ** 32, 2 ** 32 + 8]) assert.equal(duplicates.has(ordinal), false);
  });

  it("cost nothing when there are none", async () => {
    const block = encoder.encode(lineOf(first));
    async function* one() {
      await Promise.resolve();
      yield block;
    }
    for await (const piece of withoutDuplicates(one(), new Duplicates())) assert.equal(piece, block);
  });
});

describe("the hash of an event's keys", () => {
  it("spreads over all its bits", () => {
    const keys = new EventKeys();
    const ones = new Int32Array(128);
    const count = 4000;
    for (let n = 0; n < count; n++) {
      const bytes = encoder.encode(lineOf({ time: n, $insert_id: "i" }));
      assert.equal(keys.read(bytes, 0, bytes.length), true);
      for (let bit = 0; bit < 128; bit++) ones[bit]! += (keys.hash[bit >>> 5]! >>> (bit & 31)) & 1;
    }
    for (const [bit, set] of ones.entries()) assert.ok(Math.abs(set / count - 0.5) < 0.05, `bit ${bit}: ${set}`);
  });
});
