/** What is sent unparsed is what would be sent after parsing: the same bytes, never a record that a rule refuses. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { completeRecord } from "../../../src/records/map/complete_record.ts";
import { eventCheck } from "../../../src/records/check/event_check.ts";
import { eventProblems } from "../../../src/records/check/event_rules.ts";
import { isReadyEvent } from "../../../src/records/check/ready_event.ts";
import { type ReadyRecords, recordCheck, RefusedRecord } from "../../../src/records/check/record_check.ts";
import { EventScanner } from "../../../src/streams/events/event_scanner.ts";

const nowMs = Date.UTC(2026, 10, 1);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const scanner = new EventScanner();

/** The same check without the scanner. */
const parsed = recordCheck({
  problemsOf: (record, now, most) => eventProblems(record, { nowMs: now }, most),
  // deno-lint-ignore no-explicit-any -- records that have no problem are events
  print: (record, text, now) => completeRecord(record as any, text, now),
});
const check = eventCheck(false);
const ready = check.ready as ReadyRecords;

const outcome = (result: Uint8Array | RefusedRecord | undefined) =>
  result instanceof Uint8Array ? decoder.decode(result) : result;
const isReady = (line: Uint8Array) => scanner.scan(line) && isReadyEvent(line, scanner, nowMs);

/** What comes of a line among others in one buffer. */
function sent(line: Uint8Array): Uint8Array | RefusedRecord | undefined {
  for (const [before, after] of [["", ""], ['{"event":"\n', '\n"}}'], ["}\n", "\n \n"]] as const) {
    const bytes = encoder.encode(`${before}${" ".repeat(line.length)}${after}`);
    bytes.set(line, before.length);
    const isFound = ready.find(bytes, before.length, before.length + line.length, nowMs);
    assert.equal(isFound, isReady(line), decoder.decode(line));
    if (isFound && before !== "") return bytes.subarray(ready.start, ready.end);
  }
  return check.line(line, nowMs);
}

function assertSame(line: Uint8Array): void {
  assert.deepEqual(outcome(sent(line)), outcome(parsed.line(line, nowMs)), decoder.decode(line));
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("Köln", "\u2028", "a\\b", '"', "\ud800"),
);
const id = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/) },
  text,
  fc.constantFrom("u-1", "", "ANON", "un\u212anown", "undefined", "0", "-1", "[]", "{}", "<NIL>", "x".repeat(37)),
  fc.constantFrom("00000000-0000-0000-0000-000000000000", "0f8fad5b-d9cb-469f-a165-70867728950e"),
  fc.integer(),
  fc.constant(null),
);
const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_262_304_000, max: nowMs / 1000 }) },
  fc.constantFrom(
    1780000000,
    1780000000000,
    1_262_304_000,
    1_262_303_999,
    31_536_000,
    31_535_999,
    31_536_000_000,
    31_535_999_999,
    0,
    -1,
    1.5,
  ),
  fc.constantFrom(nowMs / 1000 + 3600, nowMs / 1000 + 3601, nowMs + 3_600_000, nowMs + 3_600_001, "1780000000", null),
  fc.integer(),
);
const nested = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, text, fc.double(), fc.boolean(), fc.constant(null), tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.dictionary(text, tie("value"), { maxKeys: 4 }),
})).value;
const record = fc.record({
  event: fc.oneof(
    { weight: 6, arbitrary: fc.constant("E") },
    text,
    fc.constantFrom("E", "", " ", "\u3000", "$identify", "$merge", "\u00a0x"),
  ),
  properties: fc.oneof(
    { weight: 4, arbitrary: fc.record({ time, distinct_id: id, $insert_id: id, more: nested }) },
    fc.record({ time, distinct_id: id, $insert_id: id, more: nested }, { requiredKeys: [] }),
    fc.dictionary(text, nested, { maxKeys: 5 }),
  ),
  other: nested,
}, { requiredKeys: ["event", "properties"] });

describe("an event that is not parsed", () => {
  it("comes out as it would if it were, whatever its values", () => {
    let ready = 0;
    fc.assert(
      fc.property(record, fc.integer({ min: 0, max: 2 }), (value, indent) => {
        const line = encoder.encode(JSON.stringify(value, null, indent).replaceAll("\n", " "));
        if (isReady(line)) ready++;
        assertSame(line);
      }),
      { numRuns: 3000 },
    );
    assert.ok(ready > 60, `only ${ready} of the lines were ready`);
  });

  it("comes out as it would if it were, wherever a byte is changed, lost or doubled", () => {
    const good = encoder.encode(
      '{"event":"Köln","properties":{"time":1780000000,"distinct_id":"user-1","$insert_id":"a-1","n":[1,-2.5e3,{"k":"\\u00e9"}],"t":true}}',
    );
    assert.equal(isReady(good), true);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(2), (at, byte, kind) => {
        const changed = kind === 0 ? [byte] : kind === 1 ? [] : [good[at] as number, good[at] as number];
        assertSame(new Uint8Array([...good.subarray(0, at), ...changed, ...good.subarray(at + 1)]));
      }),
      { numRuns: 3000 },
    );
  });

  it("has no placeholder, and no list, object or number of properties beyond the limits", () => {
    const event = (properties: string) =>
      encoder.encode(`{"event":"E","properties":{"time":1780000000,"distinct_id":"u","$insert_id":"i"${properties}}}`);
    const members = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":0`).join(",");
    const list = (count: number) => `[${Array(count).fill(0).join(",")}]`;
    for (
      const [properties, ready] of [
        [`,${members(252)}`, true],
        [`,${members(253)}`, false],
        [`,"l":${list(255)}`, true],
        [`,"l":${list(256)}`, false],
        [`,"o":{${members(255)}}`, true],
        [`,"o":{${members(256)}}`, false],
        [',"o":{"a":{"b":{"c":1}}}', true],
        [',"o":{"a":{"b":{"c":{}}}}', false],
        [',"o":[[[[[{"a":{"b":{"c":1}}}]]]]]', true],
        [',"o":[{"a":[{"b":[{"c":[{}]}]}]}]', false],
      ] as const
    ) {
      const line = event(properties);
      assert.equal(isReady(line), ready, properties.slice(0, 40));
      assert.equal(outcome(parsed.line(line, nowMs)) instanceof RefusedRecord, !ready, properties.slice(0, 40));
    }
  });

  it("is sent without the white space around it", () => {
    const line = encoder.encode(
      ' \t{"event":"E","properties":{"time":1780000000,"distinct_id":"u","$insert_id":"i"}} \r',
    );
    assert.equal(isReady(line), true);
    assert.equal(outcome(sent(line)), decoder.decode(line).trim());
    assertSame(line);
  });
});
