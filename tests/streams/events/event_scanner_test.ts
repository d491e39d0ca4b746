import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EventScanner } from "../../../src/streams/events/event_scanner.ts";

const encoder = new TextEncoder();
const scanner = new EventScanner();
const scan = (text: string) => scanner.scan(encoder.encode(text));
const found = (text: string, { start, end }: { start: number; end: number }) =>
  start < 0 ? undefined : new TextDecoder().decode(encoder.encode(text).subarray(start, end));
const event = (properties: string) => `{"event":"E","properties":{${properties}}}`;

describe("scanning an event", () => {
  it("finds what the rules are about, in whatever order and spacing", () => {
    for (
      const text of [
        '{"event":"Köln \\"1\\"","properties":{"time":1780000000,"distinct_id":"u-1","$insert_id":"i-1"}}',
        ' { "properties" : { "$insert_id" : "i-1" , "distinct_id":"u-1", "time" : 1780000000 } , "event":"Köln \\"1\\"" } \r',
      ]
    ) {
      assert.equal(scan(text), true, text);
      assert.equal(found(text, scanner.event), 'Köln \\"1\\"');
      assert.equal(scanner.time, 1780000000);
      assert.equal(found(text, scanner.distinctId), "u-1");
      assert.equal(found(text, scanner.insertId), "i-1");
      assert.equal(scanner.properties, 3);
      assert.equal(found(text, scanner), text.trim());
    }
  });

  it("forgets the line before", () => {
    scan(event('"time":1,"distinct_id":"u","$insert_id":"i","list":[1,2,{"a":{"b":1}}]'));
    assert.equal(scan(event("")), true);
    assert.deepEqual([scanner.time, scanner.distinctId.start, scanner.insertId.start], [NaN, -1, -1]);
    assert.deepEqual([scanner.properties, scanner.widest, scanner.deepest], [0, 0, 0]);
  });

  it("is not fooled by the same names inside of values, or outside of the properties", () => {
    const text =
      `{"time":7,"event":"E","properties":{"a":{"time":5,"distinct_id":"x"},"b":"\\"time\\":3","l":[{"$insert_id":"y"}]}}`;
    assert.equal(scan(text), true);
    assert.deepEqual([scanner.time, scanner.distinctId.start, scanner.insertId.start], [NaN, -1, -1]);
  });

  it("measures lists and objects, objects within lists as well", () => {
    assert.equal(scan(event('"a":[1,2,[3,4,5]],"b":{"c":[{"d":{}}]}')), true);
    assert.deepEqual([scanner.widest, scanner.deepest], [3, 3]);
  });

  it("takes times that are plain integers only, and ids that are plain texts only", () => {
    for (const time of ["-1", "1.5", "1e9", "1234567890123456", '"1"', "null", "[1]"]) {
      assert.equal(scan(event(`"time":${time}`)), true);
      assert.ok(Number.isNaN(scanner.time), time);
    }
    for (const id of ["1", "null", '"ä"', '"a\\u0062"', "{}"]) {
      assert.equal(scan(event(`"distinct_id":${id},"$insert_id":${id}`)), true);
      assert.deepEqual([scanner.distinctId.start, scanner.insertId.start], [-1, -1], id);
    }
  });

  it("takes the last of what is there twice, however its name is written", () => {
    const first = '"time":1,"distinct_id":"a","$insert_id":"b"';
    const text = event(`${first},"ti\\u006de":2,"distinct_id":"c","$insert\\u005fid":"d"`);
    assert.equal(scan(text), true);
    assert.equal(scanner.time, 2);
    assert.deepEqual([found(text, scanner.distinctId), found(text, scanner.insertId)], ["c", "d"]);
    assert.equal(scan(event(`${first},"time":"1","distinct_id":1,"$insert_id":null`)), true);
    assert.deepEqual([scanner.time, scanner.distinctId.start, scanner.insertId.start], [NaN, -1, -1]);
    const twice = `{"event":"E","properties":{${first}},"properties":{},"e\\u0076ent":"F"}`;
    assert.equal(scan(twice), true);
    assert.equal(found(twice, scanner.event), "F");
    assert.deepEqual([scanner.time, scanner.distinctId.start, scanner.properties], [NaN, -1, 0]);
    assert.equal(scan('{"event":"E","properties":{},"properties":1}'), false);
    assert.equal(scan('{"event":"E","properties":{},"e\\u0076ent":1}'), false);
  });

  it("refuses what is no JSON", () => {
    const good = event('"a":1,"b":[true,false,null],"c":{"d":"e"},"f":-0.5e+10');
    assert.equal(scan(good), true);
    for (let cut = 0; cut < good.length; cut++) assert.equal(scan(good.slice(0, cut)), false, good.slice(0, cut));
    for (
      const bad of [
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "tru",
        "nul",
        "NaN",
        "[1,]",
        "[,1]",
        "[1 2]",
        '{"a":1,}',
        "{a:1}",
        '{"a"}',
        '"\\x"',
        '"\\u12g4"',
        '"\t"',
        '"',
        "'a'",
        "[}",
        "{]",
        "",
      ]
    ) assert.equal(scan(event(`"a":${bad}`)), false, bad);
    assert.equal(scan(`${good}x`), false);
    assert.equal(scan(`[${good}]`), false);
  });

  it("takes all of Unicode, and no bytes that are none", () => {
    assert.equal(scan(event('"a":"é\u2028€😀\u{10ffff}","ключ":"\\ud83d"')), true);
    const bytes = (...middle: number[]) =>
      new Uint8Array([...encoder.encode('{"event":"E","properties":{"a":"'), ...middle, ...encoder.encode('"}}')]);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const isText = (sequence: number[]) => {
      try {
        decoder.decode(new Uint8Array(sequence));
        return true;
      } catch {
        return false;
      }
    };
    const edges = [0x00, 0x22, 0x5c, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (let first = 0x80; first <= 0xff; first++) {
      for (const second of edges) {
        for (const rest of [[], [0x80], [0xbf, 0x80], [0x80, 0x80, 0x80], [0xc0], [0x80, 0x7f]]) {
          const sequence = [first, second, ...rest];
          if (sequence.some((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c)) continue;
          assert.equal(
            scanner.scan(bytes(...sequence)),
            isText(sequence),
            sequence.map((byte) => byte.toString(16)).join(" "),
          );
        }
      }
    }
    assert.equal(scanner.scan(bytes(0xf0, 0x9f)), false);
  });

  it("reads nothing behind the end of its line, though there is more in memory", () => {
    const whole = encoder.encode(event('"a":"b"'));
    for (let end = 0; end < whole.length; end++) assert.equal(scanner.scan(whole.subarray(0, end)), false);
    const padded = encoder.encode(` \t${event("")}}}}}`);
    assert.equal(scanner.scan(padded.subarray(2, padded.length - 4)), true);
  });
});
