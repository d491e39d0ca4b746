import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { PAGE_FILE, pageModule } from "../../scripts/bundle_page.ts";

describe("the page of the sandbox", () => {
  it("is bundled from its present sources", () => {
    assert.equal(readFileSync(PAGE_FILE, "utf8"), pageModule(), "run: bun scripts/embed_wasm.ts");
  });

  it("never makes elements of text", () => {
    assert.doesNotMatch(pageModule(), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  });
});
