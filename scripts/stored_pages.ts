/** Makes the pages of help that a compiled program prints as they are: what the program from source prints for them. */
import type { HelpBook } from "../src/cli/help_book.ts";
import type { World } from "../src/cli/context.ts";
import { packPages, PAGE_PLACES, pagesAsset } from "../src/cli/stored_pages.ts";
import { run } from "../src/program.ts";
import { systemClock } from "../src/runtime/clock.ts";

/** Files by their names, with all pages that do not depend on the user's own settings. */
export async function makeStoredPages(book: HelpBook): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const place of PAGE_PLACES) {
    const pages = new Map<string, string>();
    for (const words of lines(book)) pages.set(words, await shown(words, place));
    // On a terminal it is a table, as wide as that.
    if (place === "pipe") pages.set("api --list", await shown("api --list", place));
    files[pagesAsset(place)] = packPages(pages);
  }
  return files;
}

/** What may be typed for a page of help. */
function lines({ pages, groups, topics }: HelpBook): string[] {
  const commands = [...Object.keys(pages), ...Object.keys(groups)];
  return [
    ...["", "-h", "--help", "help", "help topics", "help guides"],
    ...commands.flatMap((name) => [`${name} -h`, `${name} --help`, `help ${name}`]),
    ...Object.keys(groups).filter((name) => !Object.hasOwn(pages, name)),
    ...Object.keys(topics).map((name) => `help ${name}`),
  ];
}

/** What the program prints, on a terminal in colour. Throws when it says anything else, or fails. */
async function shown(words: string, place: string): Promise<string> {
  const isTerminal = place !== "pipe";
  const output = (write: (text: string) => void) => ({
    isTerminal,
    columns: () => Number(place),
    write: async (content: string | Uint8Array) =>
      await write(typeof content === "string" ? content : new TextDecoder().decode(content)),
  });
  let printed = "";
  let said = "";
  const world: World = {
    stdin: { isTerminal: false, stream: () => new Blob([]).stream() },
    stdout: output((text) => void (printed += text)),
    stderr: output((text) => void (said += text)),
    env: { FORCE_COLOR: "1" },
    clock: systemClock,
    signal: new AbortController().signal,
  };
  const code = await run(words.split(" ").filter((word) => word !== ""), world);
  if (code !== 0 || said !== "") {
    throw new Error(`Cannot make the page of 'mp ${words}': it ends with ${code}: ${said}`);
  }
  return printed;
}
