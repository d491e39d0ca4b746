/** The guides of `docs/guides`: from the binary, or from beside the sources. `mp help guides` shows them. */
import { hasAsset, readAsset, readSourceTexts } from "../runtime/asset.ts";

/** The text of each guide, in Markdown, by its name. */
export type Guides = Readonly<Record<string, string>>;

export const GUIDES_ASSET = "guides.json.gz";

export function readGuides(): Guides {
  if (hasAsset(GUIDES_ASSET)) return JSON.parse(new TextDecoder().decode(readAsset(GUIDES_ASSET))) as Guides;
  return sourceGuides();
}

/** The guides as they lie beside the sources; none where the sources have come without them. */
export function sourceGuides(): Guides {
  const files = Object.entries(readSourceTexts("docs/guides")).filter(([name]) => name.endsWith(".md"));
  return Object.fromEntries(files.map(([name, text]) => [name.replace(/\.md$/, ""), text]));
}

/** What a guide is called: its heading. */
export function guideTitle(markdown: string): string {
  return /^# (.*)$/m.exec(markdown)?.[1] ?? "";
}
