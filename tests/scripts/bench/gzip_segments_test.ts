import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32, gunzipSync } from "node:zlib";
import { combineCrc, gzipMember, segmentOf } from "../../../scripts/bench/gzip_segments.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("gzip from compressed pieces", () => {
  it("is what any reader takes for one member, whatever pieces are repeated", () => {
    const one = segmentOf(bytes("one\n".repeat(1000)), 1000);
    const other = segmentOf(bytes("Zoë\n".repeat(77)), 77);
    const whole = gunzipSync(Buffer.concat(gzipMember([one, other, one, one])));
    const expected = "one\n".repeat(1000) + "Zoë\n".repeat(77) + "one\n".repeat(2000);
    assert.equal(whole.toString(), expected);
  });

  it("without pieces is empty", () => {
    assert.equal(gunzipSync(Buffer.concat(gzipMember([]))).length, 0);
  });

  it("has the check sum of the texts one after the other", () => {
    for (
      const [first, second] of [["", ""], ["a", ""], ["", "b"], ["abc", "x".repeat(65_537)], ["é".repeat(999), "y"]]
    ) {
      const combined = combineCrc(crc32(bytes(first!)), crc32(bytes(second!)), bytes(second!).length);
      assert.equal(combined, crc32(bytes(first! + second!)));
    }
  });
});
