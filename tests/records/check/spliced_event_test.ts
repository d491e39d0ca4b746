/** What is cut and put together says the same as what the mapper makes of the values. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { eventCheck } from "../../../src/records/check/event_check.ts";
import { type RecordCheck, RefusedRecord } from "../../../src/records/check/record_check.ts";
import type { Recipe } from "../../../src/records/map/map_recipe.ts";
import { splicePlan } from "../../../src/records/map/splice_plan.ts";
import { parseExactJson, stringifyJson } from "../../../src/streams/json/json.ts";

const nowMs = Date.UTC(2026, 10, 1);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const FIXED = '"time":1780000000,"distinct_id":"u-1","$insert_id":"i-1"';

/** What is sent for a line, cut and put together; undefined when that is left to the mapper. */
function spliced(check: RecordCheck, line: string): string | undefined {
  const bytes = encoder.encode(`\n${line}\n`);
  const { ready } = check;
  assert.ok(ready);
  if (!ready.find(bytes, 1, bytes.length - 1, nowMs)) return undefined;
  return decoder.decode(ready.bytes.subarray(ready.start, ready.end));
}

function mapped(check: RecordCheck, line: string): string | RefusedRecord | undefined {
  const result = check.line(encoder.encode(line), nowMs);
  return result instanceof Uint8Array ? decoder.decode(result) : result;
}

/** The same text for the same event, in whatever order its properties are. */
function canonical(text: string): string {
  const { event, properties } = parseExactJson(text) as { event: unknown; properties: object };
  return stringifyJson([event, Object.entries(properties).sort(([a], [b]) => a < b ? -1 : 1)]);
}

describe("events that are cut and put together", () => {
  const recipe: Recipe = {
    set: { source: "bench", n: 12345678901234567890n },
    drop: ["plan"],
    rename: { price: "amount" },
  };
  const check = eventCheck(false, { recipe });

  it("keep the text of what stays", () => {
    const line = ` {"properties": {${FIXED}, "a" : 1.10,"plan":"x","b":[1, 2],"c":"\\u00e9é"} , "event":"Sign\\nUp"} `;
    assert.equal(
      spliced(check, line),
      `{"event":"Sign\\nUp","properties":{${FIXED}, "a" : 1.10,"b":[1, 2],"c":"\\u00e9é",` +
        `"source":"bench","n":12345678901234567890}}`,
    );
  });

  it("have other names and constants in place of others", () => {
    const line = `{"event":"E","properties":{"source":"old","amount":1.10,${FIXED},"n":1}}`;
    assert.equal(
      spliced(check, line),
      `{"event":"E","properties":{"price":1.10,${FIXED},"source":"bench","n":12345678901234567890}}`,
    );
    for (const empty of ["null", '""']) {
      assert.equal(
        spliced(check, `{"event":"E","properties":{${FIXED},"amount":${empty}}}`),
        `{"event":"E","properties":{${FIXED},"source":"bench","n":12345678901234567890}}`,
      );
    }
  });

  it("have properties that are called like a field elsewhere, or like what JavaScript knows", () => {
    const odd = '"event":"other","insert_id":"z","$distinct_id":"q","constructor":1,"toString":2,"properties":{"a":1}';
    const line = `{"event":"E","properties":{${FIXED},${odd}}}`;
    assert.equal(spliced(eventCheck(false, { recipe: { drop: ["none"] } }), line), line);
    assert.equal(canonical(mapped(eventCheck(false, { recipe: { drop: ["none"] } }), line) as string), canonical(line));
  });

  it("are left to the mapper where values have to be looked at", () => {
    for (
      const line of [
        `{"event":"E","properties":{${FIXED},"a":1,"a":2}}`,
        `{"event":"E","properties":{${FIXED},"price":1}}`,
        `{"event":"E","properties":{${FIXED}},"x":1}`,
        '{"event":"E","properties":{"time":1780000000,"distinct_id":"u-1"}}',
        '{"event":"E","properties":{"time":"2026-05-01","distinct_id":"u-1","$insert_id":"i"}}',
        '{"event":"E","properties":{"time":1780000000,"distinct_id":"","$insert_id":"i"}}',
        `{"event":"E","properties":{${FIXED},"a":}}`,
        `{"event":"E","properties":{${FIXED},${Array.from({ length: 252 }, (_, at) => `"p${at}":1`).join()}}}`,
        `{"event":"E","properties":{${FIXED},"a":"${"x".repeat(1_048_480)}"}}`,
      ]
    ) assert.ok(spliced(check, line) === undefined, line.slice(0, 200));
  });

  it("warn of numbers that say more than a double as the mapper does, under the names that are sent", () => {
    const numbers = [
      '"a":9007199254740993,"b":1',
      '"a":[1e400],"b":12345678901234567890.5',
      '"a":{"in":9007199254740993}',
      '"a":9007199254740993,"b":-9007199254740993,"c":1e400',
      '"a":9007199254740992,"b":0.1',
    ];
    const recipes: Recipe[] = [{ drop: ["none"] }, { drop: ["a"] }, { rename: { z: "a" } }, { only: ["b"] }, {}];
    for (const recipe of recipes) {
      for (const one of numbers) {
        const line = encoder.encode(`{"event":"E","properties":{${FIXED},${one}}}`);
        const check = eventCheck(false, { recipe });
        assert.ok(check.line(line, nowMs) instanceof Uint8Array);
        const expected = check.warnings.map(({ rule, field, reason }) => [rule, field, reason].join()).sort();
        assert.ok(check.ready?.find(line, 0, line.length, nowMs), one);
        const found = check.ready!.warnings().map(({ rule, field, reason }) => [rule, field, reason].join()).sort();
        assert.deepEqual(found, expected, `${JSON.stringify(recipe)} ${one}`);
      }
    }
  });

  it("lie after each other, and stay until another array has been filled", () => {
    const { ready } = check;
    assert.ok(ready);
    let waiting: { bytes: Uint8Array; start: number; end: number; text: string }[] = [];
    let arrays = 0, following = 0;
    for (let number = 0; arrays < 5; number++) {
      // One in a hundred is for the mapper, which is known after its beginning was copied.
      const more = number % 100 === 99 ? ',"price":1' : "";
      const members = `${FIXED},"number":${number},"text":"${"x".repeat(number % 7 * 100)}"`;
      const line = encoder.encode(`{"event":"E","properties":{${members}${more}}}`);
      assert.equal(ready.find(line, 0, line.length, nowMs), more === "");
      if (more !== "") continue;
      const last = waiting.at(-1);
      if (last !== undefined && last.bytes !== ready.bytes) {
        for (const { bytes, start, end, text } of waiting) {
          assert.equal(decoder.decode(bytes.subarray(start, end)), text);
        }
        waiting = [];
        arrays++;
      } else if (last !== undefined && last.end + 1 === ready.start && last.bytes[last.end] === 10) following++;
      const text = `{"event":"E","properties":{${members},"source":"bench","n":12345678901234567890}}`;
      waiting.push({ bytes: ready.bytes, start: ready.start, end: ready.end, text });
    }
    assert.ok(following > 1000, `${following} follow another one`);
    const large = encoder.encode(`{"event":"E","properties":{${FIXED},"text":"${"x".repeat(900_000)}"}}`);
    assert.ok(ready.find(large, 0, large.length, nowMs));
    assert.equal(ready.end - ready.start, large.length + ',"source":"bench","n":12345678901234567890'.length);
  });

  it("come from plans that touch no field and no value", () => {
    assert.ok(splicePlan({ set: { a: 1 }, drop: ["b"], only: ["c"], rename: { d: "e" }, timeZone: "Europe/Berlin" }));
    const others: Recipe[] = [
      { kind: "profiles", set: { a: 1 } },
      { layout: "flat" },
      { rest: false },
      { set: { time: 1 } },
      { set: { a: [1] } },
      { drop: ["distinct_id"] },
      { rename: { a: "b.c" } },
      { rename: { a: ["b", "c"] } },
      { rename: { a: "b", c: "b" } },
      { rename: { a: "b" }, drop: ["b"] },
      { rename: { a: "b" }, set: { a: 1 } },
      { types: { a: "number" } },
      { fields: { event: { from: ["action"] } } },
    ];
    for (const other of others) assert.equal(splicePlan(other), undefined, JSON.stringify(other));
  });

  it("are the mapper's events, whatever the record and the plan", () => {
    const name = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.constantFrom("a", "b", "c", "d", "price", "event", "insert_id", "a.b", "é", "\u2028", ""),
      },
      fc.string({ unit: "binary", maxLength: 8 }).filter((text) => text.isWellFormed()),
      fc.constantFrom("__proto__", "constructor", "properties", "other_properties", "_airbyte_data", "type"),
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, "", 1e300, "é\ud83d\ude00"));
    const plan = fc.record({
      set: fc.dictionary(name, fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean(), fc.constant(null))),
      drop: fc.uniqueArray(name, { maxLength: 3 }),
      only: fc.uniqueArray(name, { maxLength: 6 }),
      rename: fc.dictionary(name, name, { maxKeys: 3 }),
    }, { requiredKeys: [] });
    const members = fc.array(fc.tuple(name, value), { maxLength: 10 });
    let compared = 0;
    fc.assert(
      fc.property(plan, members, members, (recipe, before, after) => {
        if (splicePlan(recipe) === undefined) return;
        const print = (list: [string, unknown][]) =>
          list.map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`);
        const line = `{"event":"E","properties":{${[...print(before), FIXED, ...print(after)].join(", ")}}}`;
        const one = eventCheck(false, { recipe });
        const text = spliced(one, line);
        if (text === undefined) return;
        compared++;
        assert.equal(canonical(text), canonical(mapped(one, line) as string), line);
      }),
      { numRuns: 3000 },
    );
    assert.ok(compared > 100, `${compared} of 3000 were compared`);
  });
});
