import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { cleanForTerminal, cleanLine, escapeJsonForTerminal } from "../../src/output/clean.ts";

/** Everything that a terminal may act upon: C0 but line feed and tab, delete, C1. */
// deno-lint-ignore no-control-regex -- control characters are the subject
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

describe("cleanForTerminal", () => {
  it("leaves ordinary text of any script alone", () => {
    const text = "Größe: 12 €, 日本語, עברית, 👩‍👩‍👧, e\u0301\n\tnext";
    assert.equal(cleanForTerminal(text), text);
  });

  it("shows escape sequences instead of passing them on", () => {
    assert.equal(cleanForTerminal("\x1b[2Jgone\x1b]0;title\x07"), "␛[2Jgone␛]0;title␇");
  });

  it("lets none of the 65 controls through but line feed and tab", () => {
    for (let code = 0; code < 0x100; code++) {
      const cleaned = cleanForTerminal(`a${String.fromCharCode(code)}b`);
      assert.ok(!OBEYED.test(cleaned), `code ${code} came through`);
    }
    assert.equal(cleanForTerminal("\x7f\x9b31m"), "␡�31m");
  });

  it("makes Windows line ends plain and shows lone carriage returns, which would overwrite a line", () => {
    assert.equal(cleanForTerminal("one\r\ntwo\rthree"), "one\ntwo␍three");
  });

  it("removes what reorders or hides text", () => {
    assert.equal(cleanForTerminal("user\u202egnp.exe\u2066\u200b\ufeff"), "usergnp.exe");
    assert.equal(cleanForTerminal("a\u061cb\u200ec\u200fd"), "abcd");
  });

  it("removes tags, which spell text that nobody sees", () => {
    const hidden = String.fromCodePoint(0xe0001, 0xe0041, 0xe0042, 0xe007f, 0xe0000);
    assert.equal(cleanForTerminal(`a${hidden}b`), "ab");
    assert.equal(cleanForTerminal(`👍${String.fromCodePoint(0xe0080)}`), `👍${String.fromCodePoint(0xe0080)}`);
  });

  it("replaces half characters, which can't be encoded", () => {
    assert.equal(cleanForTerminal("a\ud800b"), "a\ufffdb");
  });
});

describe("cleanLine", () => {
  it("puts text on one line", () => {
    assert.equal(cleanLine("one\r\n\ttwo\u2028three"), "one two three");
  });
});

describe("escapeJsonForTerminal", () => {
  it("escapes what JSON allows in strings and a terminal obeys, without changing the value", () => {
    const json = '{"a":"\x9b31m\x7f\u202e\ud800","b":"é👍"}';
    const escaped = escapeJsonForTerminal(json);
    assert.equal(escaped, '{"a":"\\u009b31m\\u007f\\u202e\\ud800","b":"é👍"}');
    assert.deepEqual(JSON.parse(escaped), JSON.parse(json));
    const marks = `{"a":"\u061c\u200e\u200f${String.fromCodePoint(0xe0041)}"}`;
    assert.equal(escapeJsonForTerminal(marks), '{"a":"\\u061c\\u200e\\u200f\\udb40\\udc41"}');
  });
});
