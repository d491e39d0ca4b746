import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { HEAT, PICTURE_STYLE, SERIES, SURFACES, THEME } from "../../../src/output/svg/theme.ts";

type Rgb = [number, number, number];

/** Linear light, from `#rrggbb`. */
function linear(hex: string): Rgb {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red!, green!, blue!];
}

/** WCAG 2: the contrast of two colours. */
function contrast(one: string, other: string): number {
  const [low, high] = [one, other].map(linear).map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b).sort((a, b) =>
    a - b
  );
  return (high! + 0.05) / (low! + 0.05);
}

/** What a colour looks like, by Machado, Oliveira and Fernandes (2009) at full severity. */
const SIGHTS: Record<string, Rgb[]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** Björn Ottosson's Oklab, in which equal distances look about equally different. */
function oklab([r, g, b]: Rgb): Rgb {
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt) as Rgb;
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const seen = (hex: string, sight: string): Rgb => {
  const colour = linear(hex);
  return oklab(
    SIGHTS[sight]!.map((row) =>
      Math.min(1, Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]))
    ) as Rgb,
  );
};

describe("the colours of pictures", () => {
  for (const [side, scheme] of ["light", "dark"].entries()) {
    const page = SURFACES.page[side]!;

    it(`are told apart with every kind of sight (${scheme})`, () => {
      for (const sight of Object.keys(SIGHTS)) {
        for (const [index, one] of SERIES.entries()) {
          for (const other of SERIES.slice(index + 1)) {
            const distance = Math.hypot(
              ...seen(one[side]!, sight).map((value, at) => value - seen(other[side]!, sight)[at]!),
            );
            // The well-known palette of Okabe and Ito has 0.076.
            assert.ok(distance >= 0.09, `${one[side]} and ${other[side]}: ${distance.toFixed(3)} (${sight})`);
          }
        }
      }
    });

    it(`stand out from the page (${scheme})`, () => {
      for (const pair of SERIES) {
        assert.ok(contrast(pair[side]!, page) >= 3, `${pair[side]}: ${contrast(pair[side]!, page)}`);
      }
      assert.ok(contrast(SURFACES.axis[side]!, page) >= 3);
      for (const ground of [page, SURFACES.tint[side]!]) {
        for (const text of ["ink", "muted"] as const) assert.ok(contrast(SURFACES[text][side]!, ground) >= 4.5, text);
      }
    });

    it(`have texts on them that can be read (${scheme})`, () => {
      for (const { fill, text } of HEAT) {
        assert.ok(contrast(fill[side]!, text[side]!) >= 4.5, `${fill[side]}: ${contrast(fill[side]!, text[side]!)}`);
      }
    });
  }

  it("are there for programs that know no variables too, and all variables are declared", () => {
    for (const [, name] of (THEME + PICTURE_STYLE).matchAll(/var\(--(\w+)\)/g)) {
      assert.match(THEME, new RegExp(`--${name}:#`));
    }
    for (const [, before, property] of PICTURE_STYLE.matchAll(/([\w-]+:[^;{}]*);(fill|stroke):var\(/g)) {
      assert.match(before!, new RegExp(`^${property}:#`));
    }
  });
});
