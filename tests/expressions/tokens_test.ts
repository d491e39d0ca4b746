import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { tokenize } from "../../src/expressions/tokens.ts";

const wordsIn = (text: string) =>
  tokenize(text, ({ message }) => assert.fail(message)).filter(({ kind }) => kind === "word").map(({ text }) => text);

describe("words of expressions", () => {
  it("are whole, whichever letters they have", () => {
    const words = ["plain", "$city", "_x1", "preisÄ", "Ärger", "größe2", "日本", "x日本y", "ßa", "a\u0661"];
    assert.deepEqual(wordsIn(words.join(" ")), words);
    for (const word of words) assert.deepEqual(wordsIn(`(${word}>1)`), [word]);
  });

  it("are neither numbers nor texts", () => {
    assert.deepEqual(wordsIn(`1 + 2.5 "größe" ( ) [ ]`), []);
  });
});
