/** Makes the pages of help from the declarations of all commands: for the build, the documentation, and runs from source. */
import type { HelpBook } from "../../cli/help_book.ts";
import { storedHelpBook } from "../../cli/help_book.ts";
import type { HelpPage } from "../../cli/help_text.ts";

let made: Promise<HelpBook> | undefined;

/** The book of the binary, or one made now. */
export async function helpBook(): Promise<HelpBook> {
  return storedHelpBook() ?? await (made ??= makeHelpBook());
}

export async function makeHelpBook(): Promise<HelpBook> {
  const [{ tree }, { topics }, { helpPage }] = await Promise.all([
    import("../tree.ts"),
    import("./topics/index.ts"),
    import("../../cli/help.ts"),
  ]);
  const pages: Record<string, HelpPage> = {};
  const groups: Record<string, { summary: string; verbs: [string, string][] }> = {};
  for (const entry of tree) {
    if ("command" in entry) {
      const { default: command } = await entry.command();
      pages[entry.name] = helpPage(entry.name, command.summary ?? entry.summary, command);
      continue;
    }
    const { group } = await entry.group();
    groups[entry.name] = { summary: entry.summary, verbs: [] };
    for (const [verb, load] of Object.entries(group)) {
      const { default: command } = await load();
      const summary = command.summary ?? command.operations?.[0]?.summary ?? "";
      pages[`${entry.name} ${verb}`] = helpPage(`${entry.name} ${verb}`, summary, command);
      groups[entry.name]!.verbs.push([verb, summary]);
    }
  }
  const loaded = await Promise.all(
    topics.map(async ({ name, summary, load }) => [name, { summary, topic: (await load()).default }] as const),
  );
  return { pages, groups, topics: Object.fromEntries(loaded) };
}
