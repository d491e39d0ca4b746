import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recipeOf } from "../../../src/records/map/map_flags.ts";
import { MapProblem } from "../../../src/records/map/map_problem.ts";
import { recordMapper } from "../../../src/records/map/map_record.ts";

const map = recordMapper(recipeOf({}));
const TIME = Date.UTC(2026, 10, 20, 12);
const row = { event: "Buy", time: "2026-11-20 12:00:00", distinct_id: "u1", insert_id: "x1", plan: "pro" };
const event = { event: "Buy", properties: { time: TIME, distinct_id: "u1", $insert_id: "x1", plan: "pro" } };

describe("records in envelopes", () => {
  it("of Airbyte's raw tables are read, as objects and as JSON text", () => {
    const raw = { _airbyte_raw_id: "r-1", _airbyte_extracted_at: 1795176000000, _airbyte_meta: { changes: [] } };
    assert.deepEqual(map({ ...raw, _airbyte_data: row }), event);
    assert.deepEqual(map({ ...raw, _airbyte_data: JSON.stringify(row) }), event);
    const own = { event: "Buy", properties: { time: 1795176000, distinct_id: "u1" } };
    assert.deepEqual(map({ _airbyte_ab_id: "r-1", _airbyte_emitted_at: 1, _airbyte_data: own }), own);
    // A table that has been taken apart has their columns beside those of the record.
    assert.deepEqual(map({ ...raw, _airbyte_generation_id: 0, ...row }), event);
  });

  it("of Singer's and Airbyte's messages are read, and the other messages skipped", () => {
    assert.deepEqual(map({ type: "RECORD", stream: "events", record: row, time_extracted: "2026-11-21" }), event);
    assert.deepEqual(map({ type: "RECORD", record: { stream: "events", data: row, emitted_at: 1 } }), event);
    for (
      const message of [
        { type: "SCHEMA", stream: "events", schema: {}, key_properties: [] },
        { type: "STATE", value: { bookmarks: {} } },
        { type: "STATE", state: { type: "STREAM" } },
        { type: "ACTIVATE_VERSION", stream: "events", version: 1 },
        { type: "LOG", log: { level: "INFO" } },
      ]
    ) {
      const mapped = map(message);
      assert.ok(mapped instanceof MapProblem && mapped.rule === "skipped", JSON.stringify(message));
    }
  });

  it("are only those that nothing else can be", () => {
    const mapped = map({ ...row, type: "RECORD", stream: 1, record: "x" }) as typeof event & { properties: object };
    assert.deepEqual(mapped.properties, { ...event.properties, type: "RECORD", stream: 1, record: "x" });
    const state = { ...row, type: "STATE", value: 7 };
    assert.deepEqual((map(state) as typeof event).properties, { ...event.properties, type: "STATE", value: 7 });
    assert.deepEqual((map({ ...row, type: "STATE" }) as typeof event).properties, {
      ...event.properties,
      type: "STATE",
    });
  });
});

describe("tables with a column of properties", () => {
  const table = { event: "Buy", time: "2026-11-20 12:00:00", distinct_id: "u1", insert_id: "x1" };

  it("are read whether it is an object or JSON text", () => {
    assert.deepEqual(map({ ...table, properties: { plan: "pro" } }), event);
    assert.deepEqual(map({ ...table, properties: '{"plan":"pro"}' }), event);
    assert.deepEqual(map({ ...table, properties: null, plan: "pro" }), event);
    assert.deepEqual(map({ ...table, properties: "{}", plan: "pro" }), event);
  });

  it("may be those of an export, which has in one column what has none of its own", () => {
    const exported = { event: "Buy", time: new Date(TIME), distinct_id: "u1", $insert_id: "x1" };
    assert.deepEqual(map({ ...exported, other_properties: { plan: "pro" } }), event);
    assert.deepEqual(map({ ...exported, plan: "pro", other_properties: null }), event);
    const named = map({ ...exported, "properties.properties": { a: 1 }, "properties.date": "x" }) as typeof event;
    assert.deepEqual(Object.entries(named.properties).slice(3), [["properties", { a: 1 }], ["date", "x"]]);
  });

  it("keep all digits, and properties of any name", () => {
    const { properties } = map({ ...table, properties: '{"__proto__":1,"n":12345678901234567890}' }) as typeof event;
    assert.deepEqual(Object.entries(properties).slice(3), [["__proto__", 1], ["n", 12345678901234567890n]]);
  });

  it("are not what Mixpanel's own layout is", () => {
    const own = { event: "Buy", properties: { time: 1795176000, distinct_id: "u1", $insert_id: "x1", plan: "pro" } };
    assert.equal(map(own), own);
    // What stands beside the properties of a whole event is none of them.
    const more = { ...own, time: 1, distinct_id: "other", insert_id: "y", note: "x" };
    assert.equal(map(more), more);
    const flat = map({ ...own, "properties.time": 1 });
    assert.equal((flat as typeof own).properties.time, 1795176000);
  });
});
