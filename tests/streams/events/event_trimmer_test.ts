import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventTrimmer, mostBytes, type TrimOptions } from "../../../src/streams/events/event_trimmer.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function trim(text: string, options: TrimOptions): string {
  const bytes = encoder.encode(text);
  const room = new Uint8Array(mostBytes(bytes.length));
  return decoder.decode(room.subarray(0, new EventTrimmer(options).trim(bytes, 0, bytes.length, room, 0)));
}

describe("trimming events", () => {
  it("takes properties out wherever they stand, and leaves every other byte", () => {
    const drop = ["a", "b"];
    for (
      const [before, after] of [
        ['{"event":"E","properties":{"a":1,"x":1.0,"b":{"a":2}}}', '{"event":"E","properties":{"x":1.0}}'],
        ['{"event":"E","properties":{"a":1,"b":2}}', '{"event":"E","properties":{}}'],
        [
          '{"event":"E","properties":{"x":"\\u00e9","a":"}","b":",","y":[1,2]},"z":1}',
          '{"event":"E","properties":{"x":"\\u00e9","y":[1,2]},"z":1}',
        ],
        ['{"a":1,"properties":{"a":1,"x":{"a":1}},"event":"a"}', '{"a":1,"properties":{"x":{"a":1}},"event":"a"}'],
        ['{ "event" : "E" , "properties" : { "x" : 1 , "a" : 2 } }', '{ "event" : "E" , "properties" : { "x" : 1} }'],
        ['{"event":"E","properties":{"\\u0061":1,"x":2}}', '{"event":"E","properties":{"x":2}}'],
        [
          '{"event":"E","properties":{"org":1234567890123456789}}',
          '{"event":"E","properties":{"org":1234567890123456789}}',
        ],
        ['{"event":"E"}', '{"event":"E"}'],
        ["not an event", "not an event"],
      ] as const
    ) assert.equal(trim(before, { drop }), after);
  });

  it("is what taking them out of the parsed event would be", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e", "time", "é");
    const event = fc.record({
      event: fc.string(),
      properties: fc.dictionary(name, fc.jsonValue({ maxDepth: 2 })),
      z: fc.jsonValue(),
    });
    fc.assert(
      fc.property(event, fc.subarray(["a", "c", "time", "é"]), fc.constantFrom(undefined, 1), (one, drop, indent) => {
        const expected = { ...one, properties: { ...one.properties } };
        for (const key of drop) delete expected.properties[key];
        assert.equal(
          JSON.stringify(JSON.parse(trim(JSON.stringify(one, null, indent), { drop }))),
          JSON.stringify(expected),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves whole events out by their names", () => {
    const options = { drop: [], dropEvents: ["$identify", "$merge"] };
    assert.equal(trim('{"event":"$identify","properties":{}}', options), "");
    assert.equal(
      trim('{"properties":{"event":"$identify"},"event":"E"}', options),
      '{"properties":{"event":"$identify"},"event":"E"}',
    );
    assert.equal(trim('{"event":1,"properties":{}}', options), '{"event":1,"properties":{}}');
  });

  it("puts another time in place of an integer, longer or shorter, among what is taken out", () => {
    const options = { drop: ["a"], changeTime: (time: number) => time * 1000 };
    assert.equal(
      trim('{"event":"E","properties":{"a":0,"time":12,"a":1,"b":2}}', options),
      '{"event":"E","properties":{"time":12000,"b":2}}',
    );
    assert.equal(
      trim('{"event":"E","properties":{"x":0,"time":-5}}', options),
      '{"event":"E","properties":{"x":0,"time":-5000}}',
    );
    assert.equal(
      trim('{"event":"E","time":1,"properties":{"time":"12"}}', options),
      '{"event":"E","time":1,"properties":{"time":"12"}}',
    );
    const shorter = { drop: [], changeTime: () => 7 };
    assert.equal(
      trim('{"event":"E","properties":{"time":1234567890123,"b":2}}', shorter),
      '{"event":"E","properties":{"time":7,"b":2}}',
    );
  });

  it("writes one event behind another", () => {
    const trimmer = new EventTrimmer({ drop: ["a"] });
    const bytes = encoder.encode('xx{"event":"E","properties":{"a":1,"b":2}}yy');
    const room = new Uint8Array(200);
    room.set(encoder.encode("before "));
    const end = trimmer.trim(bytes, 2, bytes.length - 2, room, 7);
    assert.equal(decoder.decode(room.subarray(0, end)), 'before {"event":"E","properties":{"b":2}}');
  });
});
