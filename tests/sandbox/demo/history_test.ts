import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demoData } from "../../../src/sandbox/demo/demo_data.ts";
import { historicalEvents, historicalLines } from "../../../src/sandbox/demo/history.ts";

const OPTIONS = { endDay: "2026-11-22" };

describe("the historical events", () => {
  const events = [...historicalEvents(OPTIONS)];

  it("are about 5,000, or as many as were asked for", () => {
    assert.ok(Math.abs(events.length - 5000) <= 100, `${events.length}`);
    assert.ok(Math.abs([...historicalEvents({ ...OPTIONS, events: 2500 })].length - 2500) <= 50);
  });

  it("fill the quarter before the demo's first day", () => {
    const times = events.map((event) => event.properties.time as number);
    const firstDay = Date.parse("2026-09-24T00:00:00Z") / 1000;
    assert.ok(times.every((time, index) => time < firstDay && (index === 0 || time >= times[index - 1]!)));
    assert.equal(new Set(times.map((time) => Math.floor(time / 86_400))).size, 91);
  });

  it("share no person and no insert id with the demo", () => {
    const demo = [...demoData({ ...OPTIONS, events: 20_000 }).events];
    for (const key of ["distinct_id", "$insert_id"]) {
      const known = new Set(demo.map((event) => event.properties[key]));
      assert.ok(events.every((event) => !known.has(event.properties[key])));
    }
  });

  it("come as JSON Lines that say the same", () => {
    const lines = [...historicalLines(OPTIONS)];
    assert.ok(lines.every((line) => line.endsWith("}\n") && line.indexOf("\n") === line.length - 1));
    assert.deepEqual(lines.map((line) => JSON.parse(line)), events);
  });
});
