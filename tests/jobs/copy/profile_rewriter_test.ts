import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { profileRewriter } from "../../../src/jobs/copy/profile_rewriter.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function rewritten(text: string, groupKey?: string): string {
  const { rewrite, growth } = profileRewriter(groupKey);
  const bytes = encoder.encode(text);
  const room = new Uint8Array(bytes.length + growth);
  return decoder.decode(room.subarray(0, rewrite(bytes, 0, bytes.length, room, 0)));
}

describe("a profile that is copied", () => {
  it("becomes an update that sets its properties as they are written, and does not touch $last_seen", () => {
    assert.equal(
      rewritten('{"$distinct_id":"u\\u002d1","$properties":{"org":1234567890123456789,"n":1.0}}'),
      '{"$distinct_id":"u\\u002d1","$ignore_time":true,"$set":{"org":1234567890123456789,"n":1.0}}',
    );
  });

  it("may have its properties first, none, or an id that is a number", () => {
    assert.equal(
      rewritten('{"$properties":{"$distinct_id":"other"},"$distinct_id":9007199254740993}'),
      '{"$distinct_id":9007199254740993,"$ignore_time":true,"$set":{"$distinct_id":"other"}}',
    );
    assert.equal(rewritten('{"$distinct_id":"a"}'), '{"$distinct_id":"a","$ignore_time":true,"$set":{}}');
  });

  it("is called by the key of its type when it is a group", () => {
    assert.equal(
      rewritten('{"$distinct_id":"Acme","$properties":{"plan":"pro"}}', 'comp"any'),
      '{"$group_key":"comp\\"any","$group_id":"Acme","$set":{"plan":"pro"}}',
    );
  });

  it("passes as it is when it cannot be read", () => {
    for (const text of ["", "{", '{"id":1}', "[]"]) assert.equal(rewritten(text), text);
  });
});
