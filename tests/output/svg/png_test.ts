import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Chart } from "../../../src/output/chart.ts";
import { printResult } from "../../../src/output/print.ts";
import { pictureFile } from "../../../src/output/svg/picture.ts";
import { pngOf, undrawnCharacters } from "../../../src/output/svg/png.ts";
import { type Pixels, readPng } from "../../helpers/png_reader.ts";
import { recordingOutput } from "../../helpers/recording_output.ts";
import { CHARTS, HEADING, NASTY } from "../sample_reports.ts";

/** How many pixels of a part of the picture are dark, as the ink of texts is. */
function inkIn({ at }: Pixels, [left, top, right, bottom]: readonly [number, number, number, number]): number {
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (parseInt(at(x, y).slice(1, 3), 16) < 0x60) count++;
    }
  }
  return count;
}

/** A bar chart with one row of this name, as pixels. */
async function barOf(label: string, title = "x"): Promise<Pixels> {
  const chart: Chart = { kind: "bar", rows: [{ label, value: 1 }] };
  return readPng(await pngOf(pictureFile(chart, { ...HEADING, title }, { isLight: true })));
}

describe("a picture as PNG", () => {
  for (const [kind, chart] of Object.entries(CHARTS)) {
    it(`of the kind ${kind} is twice as large as its SVG, on white, with its heading in ink`, async () => {
      const svg = pictureFile(chart, HEADING, { isLight: true });
      const pixels = readPng(await pngOf(svg));
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
      assert.deepEqual([pixels.width, pixels.height], [2 * Number(width), 2 * Number(height)]);
      for (const [x, y] of [[0, 0], [pixels.width - 1, pixels.height - 1]] as const) {
        assert.equal(pixels.at(x, y), "#ffffff");
      }
      assert.ok(inkIn(pixels, [48, 40, 700, 90]) > 1000);
    });
  }

  it("has the bars in the colour of the light theme, as long as their shares", async () => {
    const pixels = readPng(await pngOf(pictureFile(CHARTS.bar!, HEADING, { isLight: true })));
    const lengths: number[] = [];
    let before = 0;
    for (let y = 0; y < pixels.height; y++) {
      let length = 0;
      for (let x = 0; x < pixels.width; x++) if (pixels.at(x, y) === "#3364db") length++;
      if (length > before && before === 0) lengths.push(0);
      if (length > 0) lengths[lengths.length - 1] = Math.max(lengths.at(-1)!, length);
      before = length;
    }
    const [first = 0, second = 0, third = 0] = lengths;
    assert.equal(lengths.length, 3);
    assert.ok(first > 800);
    assert.ok(Math.abs(second / first - 0.5) < 0.01 && Math.abs(third / first - 0.2) < 0.01, String(lengths));
  });

  it("has glyphs for Latin, Greek and Cyrillic, each of its own", async () => {
    // A box for what has no glyph would be the same each time.
    const inks = await Promise.all(
      ["łőę", "αλω", "жщю", "→≥−"].map(async (text) => inkIn(await barOf(text), [0, 130, 200, 220])),
    );
    assert.ok(inks.every((ink) => ink > 100), String(inks));
    assert.equal(new Set(inks).size, inks.length, String(inks));
  });

  it("obeys nothing that a server sent", async () => {
    assert.ok((await barOf(NASTY, NASTY)).width >= 1600);
  });

  it("knows which characters have no glyphs, in texts alone and each once", () => {
    const picture = (text: string) =>
      `<svg><style>.日{}</style><title>月</title><desc>火</desc><text>${text}</text></svg>`;
    assert.equal(undrawnCharacters(picture("日本 日 café → Ω ж − “x” ✓ 1.0%* …")), "日本");
    assert.equal(undrawnCharacters(picture("😀 a é")), "😀");
    assert.equal(undrawnCharacters(picture("a#1 © ™ ↑")), "");
  });

  it("is printed as bytes, and whoever prints it is told what it lacks", async () => {
    const written: (string | Uint8Array)[] = [];
    const output = {
      ...recordingOutput(),
      write: (one: string | Uint8Array) => Promise.resolve(void written.push(one)),
    };
    const told: string[] = [];
    const chart: Chart = { kind: "bar", rows: [{ label: "購入", value: 1 }] };
    await printResult(output, { text: "", data: undefined, chart }, {
      format: "png",
      colour: false,
      onUndrawn: (characters) => Promise.resolve(void told.push(characters)),
    });
    assert.deepEqual(told, ["購入"]);
    assert.deepEqual(written.map((one) => one instanceof Uint8Array && readPng(one).width), [1600]);
  });
});
