import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { PRELUDE_FILE, preludeModule } from "../../scripts/bundle_prelude.ts";

describe("the prelude of JQL scripts", () => {
  it("is bundled from its present sources", () => {
    assert.equal(readFileSync(PRELUDE_FILE, "utf8"), preludeModule(), "run: bun scripts/embed_wasm.ts");
  });

  it("names nothing of the machine that bundled it", () => {
    assert.doesNotMatch(preludeModule(), /\brequire\(|import\.meta|file:|node_modules/);
  });
});
