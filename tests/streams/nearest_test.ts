import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "../../src/streams/nearest.ts";

const COMMANDS = ["track", "import", "profiles", "query", "events", "export"];

describe("the nearest word", () => {
  it("is found over a letter too many, too few, wrong or swapped", () => {
    for (const typed of ["exportt", "exprt", "ezport", "epxort", "EXPORT"]) {
      assert.equal(nearest(typed, COMMANDS), "export", typed);
    }
  });

  it("is the closest of several", () => {
    assert.equal(nearest("inport", ["export", "import"]), "import");
    assert.equal(nearest("import", ["imports", "import"]), "import");
  });

  it("is none when nothing is near", () => {
    for (const typed of ["", "xyz", "segmentation", "q"]) assert.equal(nearest(typed, COMMANDS), undefined, typed);
    assert.equal(nearest("track", []), undefined);
  });

  it("may be two letters off in a long word, and only one in a short one", () => {
    assert.equal(nearest("segmntatoin", ["segmentation"]), "segmentation");
    assert.equal(nearest("st", ["set"]), "set");
    assert.equal(nearest("sx", ["set"]), undefined);
  });
});
