import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createStyle, wantsColour } from "../../src/output/colour.ts";

const onTerminal = (environment: Record<string, string>) => wantsColour({ isTerminal: true, environment });
const inPipe = (environment: Record<string, string>) => wantsColour({ isTerminal: false, environment });

describe("wantsColour", () => {
  it("is yes on a terminal and no in a pipe", () => {
    assert.equal(onTerminal({}), true);
    assert.equal(inPipe({}), false);
  });

  it("obeys NO_COLOR unless it is empty, even against FORCE_COLOR", () => {
    assert.equal(onTerminal({ NO_COLOR: "1" }), false);
    assert.equal(onTerminal({ NO_COLOR: "" }), true);
    assert.equal(onTerminal({ NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  });

  it("obeys FORCE_COLOR and CLICOLOR_FORCE in pipes", () => {
    assert.equal(inPipe({ FORCE_COLOR: "1" }), true);
    assert.equal(inPipe({ CLICOLOR_FORCE: "1" }), true);
    assert.equal(inPipe({ FORCE_COLOR: "" }), false);
    assert.equal(inPipe({ CLICOLOR_FORCE: "0" }), false);
  });

  it("takes FORCE_COLOR=0 as a no, and CLICOLOR_FORCE=0 as nothing said", () => {
    assert.equal(onTerminal({ FORCE_COLOR: "0" }), false);
    assert.equal(onTerminal({ FORCE_COLOR: "false" }), false);
    assert.equal(onTerminal({ CLICOLOR_FORCE: "0" }), true);
    assert.equal(onTerminal({ CLICOLOR: "0" }), false);
  });

  it("is no on a dumb terminal, unless forced", () => {
    assert.equal(onTerminal({ TERM: "dumb" }), false);
    assert.equal(onTerminal({ TERM: "dumb", FORCE_COLOR: "1" }), true);
  });

  it("is no with --no-color, whatever the environment says", () => {
    assert.equal(wantsColour({ isTerminal: true, environment: { FORCE_COLOR: "1" }, refused: true }), false);
  });
});

describe("createStyle", () => {
  it("dresses text with colour and leaves it alone without", () => {
    assert.equal(createStyle(true).bold("x"), "\x1b[1mx\x1b[0m");
    assert.equal(createStyle(true).bold(""), "");
    assert.equal(createStyle(false).bold("x"), "x");
    assert.equal(createStyle(false).series(3, "x"), "x");
  });

  it("gives eight series eight colours", () => {
    const style = createStyle(true);
    const dressed = Array.from({ length: 8 }, (_, index) => style.series(index, "x"));
    assert.equal(new Set(dressed).size, 8);
  });
});
