/** Events that stay in the bodies that they were sent in are exported and counted as those that are taken out at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_SECONDS } from "../lab.ts";

interface Sent {
  event: string;
  properties: Record<string, unknown>;
}

/** So many are long enough, as a body, to be kept. */
const MANY = 600;

function event(number: number, secondsAgo = 100_000 - number): Sent {
  return {
    event: number % 3 === 0 ? "View" : "Buy",
    properties: {
      time: NOW_SECONDS - secondsAgo,
      distinct_id: `user-${number % 50}`,
      $insert_id: `id-${number}`,
      token: SANDBOX.token,
      plan: ["free", "pro", "team"][number % 3],
      amount: number / 4,
      note: `"${number}"\n\\ \u00e9 🎉`,
      list: [number, { a: null }],
      ...(number % 7 === 0 && { rare: 12_345_678_901_234_567_890n }),
      padding: "lorem ipsum dolor sit amet ".repeat(3),
    },
  };
}

const events = (first: number, count: number, secondsAgo?: (number: number) => number): Sent[] =>
  Array.from({ length: count }, (_, index) => event(first + index, secondsAgo?.(first + index)));

const lines = (sent: readonly Sent[]): string =>
  sent.map((one) => JSON.stringify(one, (_, value) => typeof value === "bigint" ? Number(value) : value)).join("\n");

/** Sends the same to a sandbox that may keep it and to one that cannot. */
class Pair {
  readonly keeping = new Lab();
  readonly taking = new Lab();

  constructor() {
    // Columns come when somebody asks for them, however slow the machine is.
    this.keeping.store.events.fillWhenIdle = () => {};
  }

  async import(text: string): Promise<void> {
    const packed = gzipSync(text);
    const headers = { "content-encoding": "gzip", "content-length": String(packed.length) };
    const kept = await this.keeping.import("", "strict=1", { body: packed, headers });
    const taken = await this.taking.import(text);
    assert.deepEqual([kept.status, kept.text], [taken.status, taken.text]);
  }

  /** What both have: their exports and their reports. */
  async assertSame(): Promise<void> {
    const days = { from_date: "2026-11-01", to_date: "2026-11-23" };
    assert.equal((await this.keeping.export(days)).text, (await this.taking.export(days)).text);
    for (const on of ['properties["plan"]', 'properties["amount"] > 40', 'properties["rare"]', 'properties["note"]']) {
      const question = { ...days, event: "View", on, limit: "1000" };
      const answer = await this.keeping.query("/segmentation", question);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.text, (await this.taking.query("/segmentation", question)).text, on);
    }
  }

  get unfilled(): number {
    const { table } = this.keeping.store.events.of(SANDBOX.projectId);
    return table.rows - table.unfilledRow;
  }
}

describe("events in bodies that are kept", () => {
  it("get columns when a report asks for them", async () => {
    const pair = new Pair();
    await pair.import(lines(events(0, MANY)));
    assert.equal(pair.unfilled, MANY);
    await pair.assertSame();
    assert.equal(pair.unfilled, 0);
    await pair.import(lines(events(MANY, MANY)));
    await pair.assertSame();
  });

  it("get them a few at a time when nobody sends any more", async () => {
    const pair = new Pair();
    await pair.import(lines(events(0, MANY)));
    await pair.import(lines(events(MANY, MANY)));
    const stored = pair.keeping.store.events.of(SANDBOX.projectId);
    assert.ok(stored.fillSome());
    assert.equal(pair.unfilled, MANY);
    assert.ok(stored.fillSome());
    assert.equal(stored.fillSome(), false);
    await pair.assertSame();
  });

  it("mix with others in any order", async () => {
    const pair = new Pair();
    const odd = { ...event(5000), properties: { ...event(5000).properties, long: "x".repeat(300) } };
    const wrong = { ...event(5001), properties: { ...event(5001).properties, time: "soon" } };
    for (
      const sent of [
        lines(events(0, MANY)),
        lines(events(MANY, 3)),
        lines([...events(2000, MANY), odd, ...events(3000, MANY)]),
        lines([...events(4000, MANY), wrong]),
        // The same again: copies.
        lines(events(0, MANY)),
        lines(events(MANY + 1, 1)),
        // Nearly all of it is refused.
        lines([...events(6000, 2), ...Array.from({ length: MANY }, () => wrong)]),
        JSON.stringify(
          events(7000, MANY).map(({ event, properties }) => ({ properties, event })),
          (_, value) => typeof value === "bigint" ? String(value) : value,
        ),
      ]
    ) await pair.import(sent);
    assert.ok(pair.unfilled > 0);
    await pair.assertSame();
  });

  it("are deleted like others, whether they have columns or not", async () => {
    const pair = new Pair();
    await pair.import(lines(events(0, MANY)));
    await pair.import(lines(events(MANY, MANY)));
    for (const { store } of [pair.keeping, pair.taking]) {
      store.events.delete(SANDBOX.projectId, { fromMs: 0, toMs: Infinity, names: ["Buy"] });
    }
    await pair.assertSame();
    await pair.import(lines(events(2 * MANY, MANY)));
    await pair.assertSame();
  });

  it("stay in them in full chunks, unless they came in another order than that of time", async () => {
    const short = (first: number, secondsAgo: (number: number) => number) =>
      Array.from({ length: 2000 }, (_, index) => {
        const number = first + index;
        const time = NOW_SECONDS - secondsAgo(number);
        const properties = { time, distinct_id: `u${number % 9}`, $insert_id: `id-${number}`, plan: number % 4 };
        return { event: "View", properties };
      });
    for (const secondsAgo of [(number: number) => 99_999 - number, (number: number) => (number * 7919) % 100_003]) {
      const pair = new Pair();
      for (let first = 0; first < 68_000; first += 2000) await pair.import(lines(short(first, secondsAgo)));
      await pair.assertSame();
    }
  });
});
