import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { eventProblem } from "../../../src/records/check/event_rules.ts";
import { foreignInsertId } from "../../../src/records/map/fix_insert_id.ts";
import { recordFixer } from "../../../src/records/map/fix_record.ts";

const NOW = Date.UTC(2026, 5, 1);
const AT = Date.UTC(2026, 0, 31, 12);
const fix = recordFixer();
const event = (properties: Record<string, unknown>) => ({
  event: "a",
  properties: { time: 1_780_000_000, distinct_id: "u", $insert_id: "i", ...properties },
});
const fixed = (properties: Record<string, unknown>) => {
  const { record, fixes } = fix(event(properties));
  return [(record.properties as Record<string, unknown>)[Object.keys(properties)[0] as string], ...fixes];
};

describe("repairing events", () => {
  it("returns the event itself when nothing is to be repaired, or nothing can be", () => {
    for (const properties of [{}, { time: "soon" }, { time: null }, { $insert_id: "" }, { $insert_id: { a: 1 } }]) {
      const record = event(properties);
      const result = fix(record);
      assert.equal(result.record, record);
      assert.deepEqual(result.fixes, []);
    }
    for (const record of [null, 1, "x", [], { event: "a" }]) assert.equal(fix(record).record, record);
  });

  it("reads times that are texts, and those in too fine a unit", () => {
    assert.deepEqual(fixed({ time: "2026-01-31T12:00:00Z" }), [AT, "time_text"]);
    assert.deepEqual(fixed({ time: "1769860800" }), [AT / 1000, "time_text"]);
    assert.deepEqual(fixed({ time: AT * 1000 }), [AT, "time_unit"]);
    assert.deepEqual(fixed({ time: BigInt(AT) * 1_000_000n }), [AT, "time_unit"]);
    const berlin = recordFixer({ timeZone: "Europe/Berlin" });
    assert.equal(berlin(event({ time: "2026-01-31 13:00" })).record.properties.time, AT);
  });

  it("gives ids the form that Mixpanel takes, the same for the same id and another for another", () => {
    const ids = ["a_b", "a.b", "a b", "ä", "{0e6f}", "x".repeat(37), `${"x".repeat(36)}_`, `${"x".repeat(36)}.`];
    const made = ids.map((id) => fixed({ $insert_id: id })[0] as string);
    for (const id of made) assert.match(id, /^[A-Za-z0-9-]{1,36}$/);
    assert.equal(new Set(made).size, ids.length);
    assert.deepEqual(ids.map(foreignInsertId), made);
    assert.deepEqual(fixed({ $insert_id: "a_b" }).slice(1), ["insert_id_characters"]);
    assert.deepEqual(fixed({ $insert_id: "x".repeat(37) }).slice(1), ["insert_id_length"]);
    assert.equal(foreignInsertId("already-fine"), "already-fine");
  });

  it("takes ids away that stand for nothing, so that the event gets one of its own", () => {
    for (const id of ["null", "N/A", "undefined", "0", "<nil>", "[]", "---"]) {
      assert.deepEqual(fixed({ $insert_id: id }), [undefined, "insert_id_placeholder"], id);
    }
  });

  it("leaves an event that keeps the rules, and does not change the one that was given", () => {
    const broken = event({ time: "2026-01-31", $insert_id: "a b".repeat(20) });
    const before = structuredClone(broken);
    const { record, fixes } = fix(broken);
    assert.deepEqual(fixes, ["time_text", "insert_id_characters"]);
    assert.equal(eventProblem(record, { nowMs: NOW }), undefined);
    assert.deepEqual(broken, before);
  });
});
