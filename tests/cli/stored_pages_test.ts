import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { packPages, pageIn, showStoredPage } from "../../src/cli/stored_pages.ts";
import { testWorld } from "../helpers/world.ts";

describe("the file of the stored pages", () => {
  const file = packPages(
    new Map([["", "The root …\n"], ["query -h", "→ one\n"], ["help query", "→ one\n"], ["query", "ü\n"]]),
  );

  it("gives each page by its words, whatever characters are before it", () => {
    assert.equal(pageIn(file, ""), "The root …\n");
    assert.equal(pageIn(file, "query -h"), "→ one\n");
    assert.equal(pageIn(file, "help query"), "→ one\n");
    assert.equal(pageIn(file, "query"), "ü\n");
  });

  it("has a text that two pages share once", () => {
    assert.equal(new TextDecoder().decode(file).split("→ one").length, 2);
  });

  it("has no page for other words, or for those that look like a line of its index", () => {
    for (const words of ["quer", "query ", "y", "0", "query\t18", "\nquery", "query -h\t13\t21\nhelp query"]) {
      assert.equal(pageIn(file, words), undefined, JSON.stringify(words));
    }
  });
});

describe("from source, where nothing is stored", () => {
  it("shows nothing, so that help is made", async () => {
    const world = testWorld();
    assert.equal(await showStoredPage(["--help"], world), false);
    assert.equal(world.stdout.text(), "");
  });
});
