import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CheckedEvent, completeRecord as complete, insertIdOf } from "../../../src/records/map/complete_record.ts";
import { parseJson } from "../../../src/streams/json/json.ts";

const completeRecord = (text: string, nowMs: number) => complete(parseJson(text) as CheckedEvent, text, nowMs);
const nowMs = 1_790_000_000_123;
const idOf = (text: string): string => JSON.parse(text).properties.$insert_id;

describe("a record without an $insert_id", () => {
  it("gets one of 36 characters that Mixpanel takes, and is otherwise unchanged", () => {
    const text = '{"event":"Köln \\"1\\"","properties":{"time":1,"big":9223372036854775807,"price":1.10}}';
    const whole = completeRecord(text, nowMs);
    const id = idOf(whole);
    assert.match(id, /^[0-9a-f]{36}$/);
    assert.equal(whole, text.replace('{"time"', `{"$insert_id":"${id}","time"`));
  });

  it("keeps white space, and every digit when it has to be printed again", () => {
    const spaced = ' { "event" : "a" , "properties" : { "time" : 1 } } ';
    assert.equal(completeRecord(spaced, nowMs).replace(/"\$insert_id":"[0-9a-f]{36}",/, ""), spaced);
    const reordered = '{"properties":{"time":1,"big":9223372036854775807},"event":"a"}';
    const whole = completeRecord(reordered, nowMs);
    assert.match(whole, /"big":9223372036854775807/);
    assert.match(idOf(whole), /^[0-9a-f]{36}$/);
  });

  it("gets it in the properties that count, when there are two", () => {
    const doubled = '{"event":"a","properties":{"old":1},"properties":{"time":1,"distinct_id":"u"}}';
    assert.match(idOf(completeRecord(doubled, nowMs)), /^[0-9a-f]{36}$/);
    const spelled = doubled.replace('"properties":{"time"', '"propert\\u0069es":{"time"');
    assert.notEqual(spelled, doubled);
    assert.equal(idOf(completeRecord(spelled, nowMs)), idOf(completeRecord(doubled, nowMs)));
  });

  it("gets the same one for the same content, in whatever order and spacing", () => {
    const id = idOf(completeRecord('{"event":"a","properties":{"time":1,"x":{"b":[1,2],"a":2}}}', nowMs));
    for (
      const same of [
        '{"event":"a", "properties":{ "x":{"a":2,"b":[1,2]}, "time":1}}',
        '{"properties":{"time":1,"x":{"b":[1,2],"a":2}},"event":"a"}',
        '{"event":"a","properties":{"$insert_id":"","time":1,"x":{"b":[1,2],"a":2}}}',
        '{"event":"a","properties":{"$insert_id":null,"time":1,"x":{"b":[1,2],"a":2}}}',
      ]
    ) {
      assert.equal(idOf(completeRecord(same, nowMs + 5000)), id, same);
    }
  });

  it("gets another one when anything differs", () => {
    const texts = [
      '{"event":"a","properties":{"time":1,"distinct_id":"u"}}',
      '{"event":"b","properties":{"time":1,"distinct_id":"u"}}',
      '{"event":"a","properties":{"time":2,"distinct_id":"u"}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"v"}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":1}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":"1"}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":{"a":1}}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":[["a",1]]}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":9223372036854775807}}',
      '{"event":"a","properties":{"time":1,"distinct_id":"u","x":9223372036854775806}}',
    ];
    const ids = texts.map((text) => idOf(completeRecord(text, nowMs)));
    assert.equal(new Set(ids).size, texts.length);
  });

  it("has an id that later versions must keep, because repeating an import relies on it", () => {
    const id = insertIdOf("Sign Up", { time: 1780000000, distinct_id: "u-1", plan: "pro" });
    assert.equal(id, "fc224c43cb96bc5f47d613145c4a5ef4c347");
  });
});

describe("a record without a time", () => {
  it("gets the moment in milliseconds and a random id", () => {
    const text = '{"event":"a","properties":{"distinct_id":"u"}}';
    const [first, second] = [completeRecord(text, nowMs), completeRecord(text, nowMs)];
    assert.equal(JSON.parse(first).properties.time, nowMs);
    assert.match(idOf(first), /^[0-9a-f-]{36}$/);
    assert.notEqual(idOf(first), idOf(second));
  });

  it("keeps the id that it has, and needs no other property", () => {
    assert.deepEqual(JSON.parse(completeRecord('{"event":"a","properties":{"$insert_id":"k","time":null}}', nowMs)), {
      event: "a",
      properties: { $insert_id: "k", time: nowMs },
    });
    assert.equal(JSON.parse(completeRecord('{"event":"a","properties":{}}', nowMs)).properties.time, nowMs);
  });
});

describe("a whole record", () => {
  it("stays as it is", () => {
    const text = '{"properties":{"$insert_id":"k","time":1.0},"event":"a"}';
    assert.equal(completeRecord(text, nowMs), text);
  });
});
