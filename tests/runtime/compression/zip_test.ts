import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { unzipSync } from "fflate";
import { zipArchive } from "../../../src/runtime/compression/zip.ts";

describe("zipArchive", () => {
  it("is read by another implementation", async () => {
    const large = new Uint8Array(300_000).map((_, index) => index * 7919 >> 5);
    const archive = await zipArchive([
      { name: "empty", content: "" },
      { name: "folder/ärger.txt", content: "Grüße" },
      { name: "large", content: large },
    ]);
    const read = unzipSync(archive);
    assert.deepEqual(Object.keys(read), ["empty", "folder/ärger.txt", "large"]);
    assert.equal(new TextDecoder().decode(read["folder/ärger.txt"]), "Grüße");
    assert.deepEqual(new Uint8Array(read.large!), large);
    assert.equal(read.empty!.length, 0);
  });
});
