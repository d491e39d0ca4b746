import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventProblem } from "../../../src/records/check/event_rules.ts";

const nowMs = Date.UTC(2026, 10, 1);
const now = nowMs / 1000;

function problem(properties: unknown, options: { event?: unknown; live?: boolean } = {}): string | undefined {
  const { event = "Sign Up", live } = options;
  return eventProblem({ event, properties }, { nowMs, live })?.reason;
}
const valid = { time: now - 100, distinct_id: "u-1", $insert_id: "a-1" };
const withId = (distinct_id: unknown) => problem({ ...valid, distinct_id });
const withTime = (time: unknown, live = false) => problem({ ...valid, time }, { live });
const withInsertId = (id: unknown) => problem({ ...valid, $insert_id: id });

describe("the rules for an event", () => {
  it("let a plain event pass", () => {
    assert.equal(problem(valid), undefined);
    assert.equal(problem({ ...valid, list: [1, "a", { b: [] }], nothing: null, nested: { a: { b: 1 } } }), undefined);
  });

  it("want an object with an event name and properties", () => {
    for (const record of [null, 1, "x", [], [valid]]) {
      assert.equal(eventProblem(record, { nowMs })?.reason, "must be a JSON object");
    }
    for (const event of [null, "", "  ", 5, {}]) assert.match(problem(valid, { event }) ?? "", /^'event' must not/);
    for (const properties of [undefined, null, [], "x"]) assert.match(problem(properties) ?? "", /must be an object$/);
  });

  it("take seconds and milliseconds from 1971 to one hour from now", () => {
    for (
      const time of [
        now,
        now + 3599,
        (now + 3599) * 1000,
        31_536_000,
        31_536_000_000,
        now - 0.5,
        now - 20 * 365 * 86_400,
      ]
    ) {
      assert.equal(withTime(time), undefined, String(time));
    }
    for (const time of [now + 3601, (now + 3601) * 1000, 9_999_999_999]) {
      assert.match(withTime(time) ?? "", /must not be in the future: [+2]/, String(time));
    }
    for (const time of [0, -1, 31_535_999]) assert.match(withTime(time) ?? "", /before 1971$/, String(time));
    for (const time of ["2026-01-31", "1780000000", true, {}]) {
      assert.match(withTime(time) ?? "", /must be specified as seconds since epoch$/);
    }
    for (const time of [undefined, null, ""]) assert.match(withTime(time) ?? "", /must not be missing$/);
  });

  it("take live events without a time, but none that are older than five days", () => {
    assert.equal(withTime(undefined, true), undefined);
    assert.equal(withTime(now - 5 * 86_400, true), undefined);
    assert.match(withTime(now - 5 * 86_400 - 1, true) ?? "", /five days ago; 'mp import'/);
  });

  it("want to know the user by one of three names", () => {
    for (const id of ["", "u", 17, "Anonymous Coward", "00000000-0000-0000-0000-000000000001"]) {
      assert.equal(withId(id), undefined, String(id));
    }
    for (const id of [undefined, null]) {
      assert.match(withId(id) ?? "", /must not be missing$/);
      assert.equal(problem({ ...valid, distinct_id: id, $user_id: "u" }), undefined);
      assert.equal(problem({ ...valid, distinct_id: id, $device_id: "d" }), undefined);
    }
    for (const id of [[], {}, ["u"]]) assert.match(withId(id) ?? "", /must be a string$/);
  });

  it("refuse ids that stand for nobody, whatever their case", () => {
    for (
      const id of ["00000000-0000-0000-0000-000000000000", "anon", "ANONYMOUS", "nil", "None", "null", "n/a", "NA"]
        .concat("undefined", "unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}")
    ) {
      assert.match(withId(id) ?? "", /'properties.distinct_id' is invalid: must not be "/, id);
    }
    for (const id of [0, -1, true, false]) assert.match(withId(id) ?? "", /must not be/, String(id));
    assert.match(withInsertId("undefined") ?? "", /must not be "undefined"/);
    assert.match(withInsertId("UNDEFINED") ?? "", /must not be "UNDEFINED"/);
  });

  it("leave events about identity to name users in their own way", () => {
    assert.equal(problem({ time: now, $distinct_ids: ["a", "b"] }, { event: "$merge" }), undefined);
    assert.equal(problem({ time: now, $anon_id: "a", $identified_id: "b" }, { event: "$identify" }), undefined);
  });

  it("want an $insert_id of at most 36 letters, digits and hyphens, or none", () => {
    for (const id of ["a", "A-1", "x".repeat(36), undefined, null, "", 12345]) {
      assert.equal(withInsertId(id), undefined, String(id));
    }
    for (const id of ["a b", "a_b", "é", "a.b"]) assert.match(withInsertId(id) ?? "", /alphanumeric or hyphen/, id);
    assert.match(withInsertId("x".repeat(37)) ?? "", /longer than 36$/);
    for (const id of [true, {}, []]) assert.match(withInsertId(id) ?? "", /must be a string$/);
  });

  it("limit properties, keys, elements and depth", () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 1]));
    assert.equal(problem({ ...many(252), ...valid }), undefined);
    assert.match(problem({ ...many(253), ...valid }) ?? "", /'properties' must not have more than 255 members/);
    assert.equal(problem({ ...valid, a: many(255), b: Array(255).fill(1) }), undefined);
    assert.match(problem({ ...valid, a: many(256) }) ?? "", /^'properties.a' must not have more than 255 keys$/);
    assert.match(problem({ ...valid, a: [Array(256).fill(1)] }) ?? "", /more than 255 elements$/);
    assert.equal(problem({ ...valid, a: { b: { c: { d: [[1]] } } } }), undefined);
    assert.match(problem({ ...valid, a: { b: { c: { d: { e: 1 } } } } }) ?? "", /nested deeper than 3$/);
    assert.match(problem({ ...valid, a: [{ b: { c: [{ d: {} }] } }] }) ?? "", /nested deeper than 3$/);
  });

  it("name the field", () => {
    assert.equal(eventProblem({ event: "a", properties: {} }, { nowMs })?.field, "properties.time");
    assert.equal(eventProblem({ properties: {} }, { nowMs })?.field, "event");
  });
});
