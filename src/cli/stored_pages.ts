/**
 * Help as it is printed, made when the program is compiled (`scripts/stored_pages.ts`), so that nothing is laid out when
 * it is shown. What is not here, such as help for a terminal of another width, is made from the help book.
 */
import { readPlainAsset } from "../runtime/asset.ts";
import type { World } from "./context.ts";

/** Where a page is read: off a terminal, or on one of this many columns; wider ones have the same as the widest. */
export const PAGE_PLACES = ["pipe", "80", "100"] as const;

/** The file of the pages for one place. */
export const pagesAsset = (place: string): string => `help-${place}.pages`;

/** Shows the page that these words ask for (`query funnel -h`); false when there is none, and from source. */
export async function showStoredPage(argv: readonly string[], world: World): Promise<boolean> {
  const { stdout, env } = world;
  const { isTerminal } = stdout;
  const text = findPage(argv.join(" "), isTerminal ? `${Math.min(100, stdout.columns())}` : "pipe");
  if (text === undefined) return false;
  if (!isTerminal) {
    await stdout.write(text);
    return true;
  }
  const [{ pagedOutput }, { wantsColour }] = await Promise.all([import("./paged.ts"), import("../output/colour.ts")]);
  const output = pagedOutput(world);
  // deno-lint-ignore no-control-regex
  await output.write(wantsColour({ isTerminal, environment: env }) ? text : text.replace(/\x1b\[[\d;]*m/g, ""));
  await output.end();
  return true;
}

/** The page as it is stored: with styles for a terminal, without them for a pipe. */
export function findPage(words: string, place: string): string | undefined {
  const file = readPlainAsset(pagesAsset(place));
  return file && pageIn(file, words);
}

/** One page of a file that `packPages` has made; undefined when it is not there. */
export function pageIn(file: Uint8Array, words: string): string | undefined {
  if (/[\n\t]/.test(words)) return undefined;
  const body = file.indexOf(0) + 1;
  const decoder = new TextDecoder();
  const index = decoder.decode(file.subarray(0, body));
  const line = `\n${words}\t`;
  const at = index.indexOf(line);
  if (at < 0) return undefined;
  const from = at + line.length;
  const [start, end] = index.slice(from, index.indexOf("\n", from)).split("\t").map(Number);
  return decoder.decode(file.subarray(body + start!, body + end!));
}

/**
 * One file of pages by the words that ask for them: a line for each with the bytes where its text begins and ends, a zero,
 * and the texts, each once.
 */
export function packPages(pages: ReadonlyMap<string, string>): Uint8Array {
  const encoder = new TextEncoder();
  const places = new Map<string, string>();
  let end = 0;
  for (const text of pages.values()) {
    if (!places.has(text)) places.set(text, `${end}\t${end += encoder.encode(text).length}`);
  }
  const index = [...pages].map(([words, text]) => `\n${words}\t${places.get(text)}`).join("");
  return encoder.encode(`${index}\n\0${[...places.keys()].join("")}`);
}
