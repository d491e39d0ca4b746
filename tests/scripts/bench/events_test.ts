import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { COLUMNS, eventLine, orderId } from "../../../scripts/bench/events.ts";

describe("events for benchmarks", () => {
  const lines = Array.from({ length: 2000 }, (_, number) => eventLine(number, 1_788_000_000 + number));
  const events = lines.map((line) => JSON.parse(line) as { event: string; properties: Record<string, unknown> });

  it("are the same each time, about 370 bytes, and each has an id of its own", () => {
    assert.equal(eventLine(7, 1_788_000_007), lines[7]);
    const bytes = new TextEncoder().encode(lines.join("")).length / lines.length;
    assert.ok(bytes > 350 && bytes < 400, String(bytes));
    assert.equal(new Set(events.map(({ properties }) => properties.$insert_id)).size, lines.length);
  });

  it("have the columns that are listed, and no others", () => {
    const names = new Set(events.flatMap(({ properties }) => Object.keys(properties)));
    assert.deepEqual([...names].sort(), COLUMNS.filter((name) => name !== "event").sort());
  });

  it("have integers beyond 2^53, lists, escapes and other scripts in a share", () => {
    const orders = lines.filter((line, number) => orderId(number) !== undefined && line.includes(orderId(number)!));
    assert.equal(orders.length, lines.length / 20);
    assert.ok(orders.every((line) => !Number.isSafeInteger(JSON.parse(line).properties.order_id)));
    assert.ok(lines.some((line) => line.includes("東京")) && lines.some((line) => line.includes("\\ud83d")));
  });
});
