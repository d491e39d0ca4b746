import { strict as assert } from "node:assert";
import { existsSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import {
  backendOf,
  BACKENDS,
  isRemoteAddress,
  SCHEMES,
  splitAddress,
  STORAGE_VARIABLES,
} from "../../src/storage/registry.ts";

const root = (address: string) => backendOf(address).root(address);

describe("the registry of storages", () => {
  it("has each scheme and each variable once", () => {
    for (const { scheme } of BACKENDS) assert.match(scheme ?? "", /^[a-z][a-z0-9]*$/);
    assert.equal(new Set(BACKENDS.map(({ scheme }) => scheme)).size, BACKENDS.length);
    assert.equal(new Set(STORAGE_VARIABLES.map(({ name }) => name)).size, STORAGE_VARIABLES.length);
  });

  it("tells storages beyond this machine from folders", () => {
    for (const address of ["s3://bucket", "s3://bucket/a/b", "gs://bucket", "az://container/a"]) {
      assert.equal(isRemoteAddress(address), true, address);
    }
    for (const address of ["s3:/x", "./s3://x", "out", "/s3", "C:\\x", "gs", "az:x"]) {
      assert.equal(isRemoteAddress(address), false, address);
    }
  });

  it("has a storage for each folder of src/storage with a backend", () => {
    const folder = new URL("../../src/storage/", import.meta.url);
    const found = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/backend.ts`, folder)));
    assert.equal(BACKENDS.length, found.filter((name) => name !== "files").length, found.join(", "));
  });

  it("names every scheme in words for help", () => {
    assert.deepEqual(SCHEMES.split(/, | or /), BACKENDS.map(({ scheme }) => `${scheme}://`));
  });

  it("refuses schemes that no storage has, and names those that are there", () => {
    const known = BACKENDS.map(({ scheme }) => `${scheme}://`).join(", ");
    for (const address of ["https://x/y.jsonl", "gcs://bucket", "S3://bucket"]) {
      assert.throws(() => backendOf(address), {
        message: `Cannot use "${address}": no storage has the scheme ${address.split("://")[0]}://`,
        hint: `name a path of this machine, or an address with one of ${known}`,
      });
    }
  });

  it("knows the outermost storage, and the rest without slashes at its ends", () => {
    assert.deepEqual(root("s3://bucket"), { storage: "s3://bucket", path: "" });
    assert.deepEqual(root("gs://bucket/"), { storage: "gs://bucket", path: "" });
    assert.deepEqual(root("s3://my.bucket-1//a/b//"), { storage: "s3://my.bucket-1", path: "a/b" });
    assert.deepEqual(root("s3://Old_Bucket/a?b#c"), { storage: "s3://Old_Bucket", path: "a?b#c" });
    assert.deepEqual(root("az://$web/a/b"), { storage: "az://$web", path: "a/b" });
  });

  it("splits an address into a storage and a file in it", () => {
    assert.deepEqual(splitAddress("s3://bucket/b.jsonl"), { storage: "s3://bucket", path: "b.jsonl" });
    assert.deepEqual(splitAddress("gs://bucket/a/b.jsonl"), { storage: "gs://bucket/a", path: "b.jsonl" });
    assert.deepEqual(splitAddress("az://container/a/b"), { storage: "az://container/a", path: "b" });
    assert.deepEqual(splitAddress("out/b.jsonl"), { storage: "out", path: "b.jsonl" });
    assert.deepEqual(splitAddress("b.jsonl"), { storage: ".", path: "b.jsonl" });
    assert.deepEqual(splitAddress("/b.jsonl"), { storage: "/", path: "b.jsonl" });
  });

  it("tells a whole bucket from what is in one", () => {
    for (const whole of ["s3://bucket", "gs://bucket/", "az://container"]) {
      assert.equal(backendOf(whole).isWhole(whole), true);
    }
    for (const part of ["s3://bucket/a", "gs://bucket/a/", "out"]) assert.equal(backendOf(part).isWhole(part), false);
  });

  it("refuses addresses that can be none, with one that could", () => {
    const refused = {
      "s3://": ["it names no bucket", "s3://bucket/folder"],
      "s3:///a": ["it names no bucket", "s3://bucket/folder"],
      "s3://a b/c": ["no bucket has such a name", "s3://bucket/folder"],
      "s3://user:secret@host/c": ["no bucket has such a name", "s3://bucket/folder"],
      "s3://bucket/a/../b": ["'.' and '..' mean nothing in a bucket", "s3://bucket/folder"],
      "gs://Bucket/c": ["no bucket has such a name", "gs://bucket/folder"],
      "az://": ["it names no container", "az://container/folder"],
      "az://a--b/c": ["no container has such a name", "az://container/folder"],
      "az://container/./b": ["'.' and '..' mean nothing in a container", "az://container/folder"],
    };
    for (const [address, [state, example]] of Object.entries(refused)) {
      const expected = { message: `Cannot use "${address}": ${state}`, hint: `write it as ${example}` };
      assert.throws(() => root(address), expected);
    }
    for (const address of ["s3://bucket", "s3://bucket/a/"]) {
      assert.throws(() => splitAddress(address), {
        message: `Cannot use "${address}": it names no file`,
        hint: "write it as s3://bucket/folder/file",
      });
    }
  });
});
