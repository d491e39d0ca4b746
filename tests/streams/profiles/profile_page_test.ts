import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { splitProfilePage } from "../../../src/streams/profiles/profile_page.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function split(text: string) {
  const ids: string[] = [];
  const page = splitProfilePage(
    encoder.encode(text),
    (bytes, start, end) => ids.push(decoder.decode(bytes.subarray(start, end))),
  );
  return page && { lines: decoder.decode(page.lines), profiles: page.profiles, info: page.info, ids };
}

describe("a page of profiles", () => {
  it("is cut into lines without a byte of a profile changed", () => {
    const first = '{"$distinct_id":"u-1","$properties":{"org":1234567890123456789,"n":1.0,"e":"\\u00e9\\/"}}';
    const second = '{"$distinct_id":9007199254740993,"$properties":{}}';
    const page = split(`{"page":0,"results":[${first},${second}],"total":2,"session_id":"s"}`);
    assert.deepEqual(page, {
      lines: `${first}\n${second}\n`,
      profiles: 2,
      info: { page: 0, total: 2, session_id: "s" },
      ids: ['"u-1"', "9007199254740993"],
    });
  });

  it("may have white space anywhere, and line feeds between tokens do not end lines", () => {
    const page = split(
      '\n{ "results" : [\n  { "$distinct_id" : "a",\n "$properties" : {} }\n ,\r\n {"$distinct_id":"b"} ] }\n',
    );
    assert.equal(page?.lines, '{ "$distinct_id" : "a",  "$properties" : {} }\n{"$distinct_id":"b"}\n');
  });

  it("may be empty", () => {
    assert.deepEqual(split('{"results":[],"page":3}'), { lines: "", profiles: 0, info: { page: 3 }, ids: [] });
  });

  it("is told from nested lists and ids that look the same", () => {
    const profile = '{"$properties":{"results":[{"$distinct_id":1}],"$distinct_id":2},"$distinct_id":"real"}';
    assert.deepEqual(split(`{"a":{"results":[{"$distinct_id":0}]},"results":[${profile}]}`)?.ids, ['"real"']);
  });

  it("may write its keys with escapes", () => {
    assert.equal(split('{"\\u0072esults":[{"\\u0024distinct_id":"a"}]}')?.profiles, 1);
  });

  it("is refused when it is none", () => {
    for (
      const text of [
        "",
        "[]",
        '{"error":"x"}',
        '{"results":{}}',
        '{"results":[{"$distinct_id":"a"},5]}',
        '{"results":[{"id":"a"}]}',
        '{"results":[{"$distinct_id":"a"}]',
        '{"results":[{"$distinct_id":"a"}]} x',
        '{"results":[{"$distinct_id":"a"}],}',
      ]
    ) assert.equal(split(text), undefined, text);
  });

  it("that ends early is refused wherever it does", () => {
    const text = '{"page":0,"results":[{"$distinct_id":"a","$properties":{"x":"y"}},{"$distinct_id":"b"}],"total":2}';
    for (let end = 0; end < text.length; end++) assert.equal(split(text.slice(0, end)), undefined, text.slice(0, end));
  });

  it("gives what JSON.parse would", () => {
    const profile = fc.record({ $distinct_id: fc.string(), $properties: fc.dictionary(fc.string(), fc.jsonValue()) });
    fc.assert(fc.property(fc.array(profile), fc.constantFrom(undefined, 2), (results, indent) => {
      const page = split(JSON.stringify({ page: 1, results, session_id: "s" }, null, indent));
      const lines = page?.lines.split("\n").slice(0, -1) ?? [];
      assert.deepEqual(
        lines.map((line) => JSON.stringify(JSON.parse(line))),
        results.map((one) => JSON.stringify(one)),
      );
      assert.deepEqual(page?.ids.map((id) => JSON.parse(id)), results.map((one) => one.$distinct_id));
    }));
  });
});
