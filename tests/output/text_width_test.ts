import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { pad, textWidth, truncate } from "../../src/output/text_width.ts";

describe("textWidth", () => {
  it("counts cells, not characters", () => {
    assert.equal(textWidth("plain"), 5);
    assert.equal(textWidth("日本"), 4);
    assert.equal(textWidth("e\u0301"), 1);
    assert.equal(textWidth("👩‍👩‍👧"), 2);
    assert.equal(textWidth("🇫🇷"), 2);
    assert.equal(textWidth(""), 0);
  });
});

describe("truncate", () => {
  it("leaves what fits", () => {
    assert.equal(truncate("exact", 5), "exact");
    assert.equal(truncate("日本", 4), "日本");
  });

  it("marks what it cut, within the width", () => {
    assert.equal(truncate("Purchase", 5), "Purc…");
    assert.equal(truncate("日本語", 5), "日本…");
    assert.equal(truncate("日本語", 4), "日…");
    assert.equal(truncate("abc", 1), "…");
    assert.equal(truncate("abc", 0), "");
  });

  it("never splits a character that is made of several", () => {
    assert.equal(truncate("👩‍👩‍👧👩‍👩‍👧", 3), "👩‍👩‍👧…");
    assert.equal(truncate("ae\u0301bc", 3), "ae\u0301…");
  });
});

describe("pad", () => {
  it("adds spaces by cells, on either side", () => {
    assert.equal(pad("日本", 6), "日本  ");
    assert.equal(pad("7", 3, "right"), "  7");
    assert.equal(pad("long", 2), "long");
  });
});
