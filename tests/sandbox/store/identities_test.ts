import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { join, makeTemporaryFolder, removeFile } from "../../../src/runtime/files/files.ts";
import { openStore } from "../../../src/sandbox/store/store.ts";

describe("stored identities", () => {
  it("stay apart from project to project, and outlive the program", async () => {
    const folder = await makeTemporaryFolder("mp-identities-");
    try {
      const path = join(folder, "sandbox.db");
      const store = openStore(path);
      assert.equal(store.identities.canonicalIds(1), undefined);
      store.identities.join(1, "b", "a");
      store.identities.join(1, "a", "z");
      store.identities.join(2, "b", "c");
      store.close();
      const again = openStore(path);
      assert.deepEqual([...again.identities.canonicalIds(1) ?? []], [["a", "z"], ["b", "z"]]);
      assert.deepEqual(["a", "b", "z", "q"].map((id) => again.identities.countIds(1, id)), [3, 3, 3, 1]);
      assert.equal(again.identities.resolve(2, "b"), "c");
      again.close();
    } finally {
      await removeFile(folder);
    }
  });
});
