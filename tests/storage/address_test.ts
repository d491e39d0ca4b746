import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { bucketAddress, isBucketAddress, splitAddress } from "../../src/storage/address.ts";

describe("addresses of storages", () => {
  it("tell buckets from folders", () => {
    for (const address of ["s3://bucket", "s3://bucket/a/b"]) assert.equal(isBucketAddress(address), true);
    for (const address of ["s3:/x", "./s3://x", "out", "/s3", "https://x"]) {
      assert.equal(isBucketAddress(address), false);
    }
  });

  it("name a bucket and a prefix without slashes at its ends", () => {
    assert.deepEqual(bucketAddress("s3://bucket"), { bucket: "bucket", prefix: "" });
    assert.deepEqual(bucketAddress("s3://bucket/"), { bucket: "bucket", prefix: "" });
    assert.deepEqual(bucketAddress("s3://my.bucket-1//a/b//"), { bucket: "my.bucket-1", prefix: "a/b" });
    assert.deepEqual(bucketAddress("s3://Old_Bucket/a?b#c"), { bucket: "Old_Bucket", prefix: "a?b#c" });
  });

  it("are split into a storage and a file in it", () => {
    assert.deepEqual(splitAddress("s3://bucket/b.jsonl"), { storage: "s3://bucket", path: "b.jsonl" });
    assert.deepEqual(splitAddress("s3://bucket/a/b.jsonl"), { storage: "s3://bucket/a", path: "b.jsonl" });
    assert.deepEqual(splitAddress("out/b.jsonl"), { storage: "out", path: "b.jsonl" });
    assert.deepEqual(splitAddress("b.jsonl"), { storage: ".", path: "b.jsonl" });
    assert.deepEqual(splitAddress("/b.jsonl"), { storage: "/", path: "b.jsonl" });
  });

  it("are refused when they can be none", () => {
    const refused = {
      "s3://": 'Cannot use "s3://": it names no bucket',
      "s3:///a": 'Cannot use "s3:///a": it names no bucket',
      "s3://a b/c": 'Cannot use "s3://a b/c": no bucket has such a name',
      "s3://user:secret@host/c": 'Cannot use "s3://user:secret@host/c": no bucket has such a name',
      "s3://bucket/a/../b": `Cannot use "s3://bucket/a/../b": '.' and '..' mean nothing in a bucket`,
    };
    for (const [address, message] of Object.entries(refused)) assert.throws(() => bucketAddress(address), { message });
    for (const address of ["s3://bucket", "s3://bucket/a/"]) {
      assert.throws(() => splitAddress(address), { message: `Cannot use "${address}": it names no file` });
    }
  });
});
