/** A picture as PNG, for slides, chats and mail that show no SVG: drawn by resvg with a font of its own. */
import { readAsset, readPlainAsset } from "../../runtime/asset.ts";

/** Sharp on displays of twice the density, and on paper. */
const PIXELS_PER_PIXEL = 2;
const FONTS = ["Inter-Regular.woff2", "Inter-SemiBold.woff2"] as const;

/** What the font has no glyphs for: other scripts than these three, and emoji. */
const UNDRAWN = /(?![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Common}\p{sc=Inherited}]).|\p{Emoji_Presentation}/gsu;

let ready: Promise<typeof import("@resvg/resvg-wasm")> | undefined;

/** The bytes of the file, from a picture in which no colour is a variable. */
export async function pngOf(picture: string): Promise<Uint8Array> {
  const { Resvg } = await (ready ??= load());
  // The fonts lie beside the WebAssembly, which is there when this is reached.
  const fontBuffers = FONTS.map((name) => readPlainAsset(name)!);
  const drawing = new Resvg(picture, {
    fitTo: { mode: "zoom", value: PIXELS_PER_PIXEL },
    font: { fontBuffers, defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
  });
  try {
    const image = drawing.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}

/** The characters of a picture's texts that come out as empty boxes, each once. */
export function undrawnCharacters(picture: string): string {
  const texts = picture.replace(/<(title|desc|style)\b.*?<\/\1>/gs, "").replace(/<[^>]*>/g, "");
  return [...new Set(texts.match(UNDRAWN))].join("");
}

async function load(): Promise<typeof import("@resvg/resvg-wasm")> {
  const resvg = await import("@resvg/resvg-wasm");
  await resvg.initWasm(readAsset("resvg.wasm.gz"));
  return resvg;
}
