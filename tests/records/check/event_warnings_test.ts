import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventCheck } from "../../../src/records/check/event_check.ts";
import { type RecordCheck, RefusedRecord } from "../../../src/records/check/record_check.ts";
import { LongNumber } from "../../../src/streams/json/json.ts";

describe("what may not be meant in an event that is sent", () => {
  const nowMs = Date.UTC(2026, 10, 1);
  const sent = (check: RecordCheck, record: unknown) => {
    assert.ok(check.value(record, nowMs) instanceof Uint8Array);
    return check.warnings.map(({ rule, reason }) => `${rule}: ${reason}`);
  };
  const event = (properties: object) => ({ event: "E", properties: { distinct_id: "u", ...properties } });

  it("is a time before 2010, in seconds or milliseconds", () => {
    const check = eventCheck(false);
    assert.deepEqual(sent(check, event({ time: 1_262_303_999, $insert_id: "a" })), [
      "time_early: 'time' is 2009-12-31, before 2010",
    ]);
    assert.deepEqual(sent(check, event({ time: 46_346_500_000, $insert_id: "a" })), [
      "time_early: 'time' is 1971-06-21, before 2010",
    ]);
    assert.deepEqual(sent(check, event({ time: 1_262_304_000, $insert_id: "a" })), []);
  });

  it("is a time whose digits a program has left out", () => {
    const check = eventCheck(false, { recipe: {} });
    const row = { event: "E", time: "1.78000E+12", distinct_id: "u", insert_id: "a" };
    assert.deepEqual(sent(check, row), [
      "time_shortened: 'time' is 1.78000E+12: a program that writes so has left digits out",
    ]);
    assert.deepEqual(sent(check, { ...row, time: "1780000000000" }), []);
  });

  it("is an id of which a spreadsheet has left digits out, read in either way", () => {
    const reason = "is 1.23457E+15: a program that writes so has left digits out, and several ids may be one now";
    const check = eventCheck(false, { recipe: {} });
    const row = { event: "E", time: 1_780_000_000, distinct_id: "1.23457E+15", insert_id: "a" };
    assert.deepEqual(sent(check, row), [`id_shortened: 'distinct_id' ${reason}`]);
    for (const id of ["1234570000000000", "5e12", "a+15", "E+15"]) {
      assert.deepEqual(sent(check, { ...row, distinct_id: id }), [], id);
    }
    const lines = eventCheck(false);
    const line = (id: string) =>
      new TextEncoder().encode(`{"event":"E","properties":{"time":1780000000,"distinct_id":${id},"$insert_id":"a"}}`);
    for (const id of ['"1.23457E+15"', "1.23457E+15"]) {
      const bytes = line(id);
      assert.equal(lines.ready?.find(bytes, 0, bytes.length, nowMs), false);
      assert.ok(lines.line(bytes, nowMs) instanceof Uint8Array);
      assert.deepEqual(lines.warnings.map((warning) => warning.reason), [`'distinct_id' ${reason}`]);
    }
    const usual = line('"u+1"');
    assert.equal(lines.ready?.find(usual, 0, usual.length, nowMs), true);
  });

  it("is a record that equals an earlier one, when both get the id of their content", () => {
    const check = eventCheck(false);
    const equal = event({ time: 1_780_000_000, plan: "pro" });
    assert.deepEqual(sent(check, equal), []);
    assert.deepEqual(sent(check, event({ plan: "pro", time: 1_780_000_000 })), [
      "repeated_record: equal to an earlier record, and without an $insert_id: both count once",
    ]);
    assert.deepEqual(sent(check, event({ time: 1_780_000_000, plan: "free" })), []);
    // With ids of their own, they are not taken for a mistake.
    assert.deepEqual(sent(check, { ...equal, properties: { ...equal.properties, $insert_id: "a" } }), []);
    assert.deepEqual(sent(check, { ...equal, properties: { ...equal.properties, $insert_id: "a" } }), []);
  });

  it("is, once, that equal records are no longer looked for among all", () => {
    const check = eventCheck(false, undefined, 64);
    const at = (time: number) => sent(check, event({ time: 1_780_000_000 + time }));
    assert.deepEqual([at(1), at(2), at(3)], [[], [], []]);
    assert.deepEqual(at(4), []);
    assert.deepEqual(at(5), [
      "repeats_unchecked: equal records are looked for among the first 4 without an $insert_id; " +
      "from here on only those are noticed",
    ]);
    assert.deepEqual([at(6), at(6)], [[], []]);
    assert.equal(at(2).length, 1);
  });

  it("is among what is examined, too", () => {
    const examined = eventCheck(false).examineValue(event({ time: 1_000_000_000, n: new LongNumber("1e400") }), nowMs);
    assert.deepEqual(examined.problems.map(({ rule, severity }) => [rule, severity]), [
      ["time_early", "warning"],
      ["number_rounded", "warning"],
    ]);
  });

  it("is no reason to refuse day numbers of a spreadsheet silently", () => {
    const refused = eventCheck(false).value(event({ time: 46346.5 }), nowMs);
    assert.ok(refused instanceof RefusedRecord);
    assert.equal(
      refused.reason,
      "'properties.time' is invalid: must not be before 1971; --time-format excel reads 46346.5 as 2026-11-20 12:00:00",
    );
  });
});
