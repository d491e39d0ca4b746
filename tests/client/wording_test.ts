import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { clockTime, formatSize, formatWait, oneLine } from "../../src/client/wording.ts";
import { shownUrl } from "../../src/client/trace.ts";

describe("formatWait", () => {
  for (
    const [milliseconds, words] of [
      [0, "1 s"],
      [1, "1 s"],
      [12_000, "12 s"],
      [12_001, "13 s"],
      [99_000, "99 s"],
      [100_000, "2 min"],
      [1_800_000, "30 min"],
      [7_200_000, "2 h"],
    ] as const
  ) {
    it(`says ${milliseconds} ms as ${words}`, () => assert.equal(formatWait(milliseconds), words));
  }
});

describe("formatSize", () => {
  for (
    const [bytes, words] of [
      [0, "0 B"],
      [999, "999 B"],
      [1000, "1.0 kB"],
      [4512, "4.5 kB"],
      [34_962_716, "35 MB"],
      [999_600, "1.0 MB"],
      [5e12, "5000 GB"],
    ] as const
  ) {
    it(`says ${bytes} as ${words}`, () => assert.equal(formatSize(bytes), words));
  }
});

describe("clockTime", () => {
  const now = new Date(2026, 0, 15, 12, 0, 0).getTime();
  it("is a time of day when it is near", () => assert.equal(clockTime(now + 65_000, now), "12:01:05"));
  it("has its day when it is far", () => assert.equal(clockTime(now + 86_400_000, now), "2026-01-16 12:00:00"));
});

describe("oneLine", () => {
  it("takes line ends, escape sequences and direction marks away", () => {
    assert.equal(oneLine("a\r\nb\tc\x1b[1;31md\x1b]0;title\x07e\x9bf\u202eg\u0000"), "a b cde fg");
    assert.equal(oneLine(`a\x1b]52;c;ZXZpbA==\x07b\u061c\u200e\u2066c\u2069${String.fromCodePoint(0xe0041)}d`), "abcd");
  });
  it("says where it cuts", () => assert.equal(oneLine("abcdef", 3), "abc…"));
});

describe("shownUrl", () => {
  it("hides the values of secret parameters, however they are written, and no others", () => {
    const url = new URL("https://u:p@h/x?token=a&tok%65n=b&API_KEY=c&where=d%20token&x");
    assert.equal(shownUrl(url), "https://h/x?token=…&tok%65n=…&API_KEY=…&where=d%20token&x");
  });
  it("copes with broken encoding", () => assert.equal(shownUrl(new URL("https://h/?%E0%A4=1")), "https://h/?%E0%A4=1"));
});
