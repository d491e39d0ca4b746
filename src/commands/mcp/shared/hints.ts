/** What messages advise to type, in terms of tools: an agent has no shell. */
import { TOOLS } from "./tools.ts";
import { KIND } from "./tool_schema.ts";

const TOOL_OF_COMMAND: ReadonlyMap<string, string> = new Map(
  TOOLS.flatMap(({ name, commands }) =>
    Object.entries(commands).map(([kind, command], _index, all) =>
      [command.name, all.length > 1 ? `${name} with ${KIND} ${JSON.stringify(kind)}` : name] as const
    )
  ),
);

/** The text with `'mp events list'` as `list_names with kind "events"`, where a tool does what the command does. */
export function inTools(text: string): string {
  return text.replace(/'mp ([a-z][a-z -]*?)((?: (?:-|[^a-z' ])[^']*)?)'/g, (typed, words: string) => {
    const parts = words.trim().split(" ");
    for (let length = parts.length; length > 0; length--) {
      const tool = TOOL_OF_COMMAND.get(parts.slice(0, length).join(" "));
      if (tool !== undefined) return tool;
    }
    return typed;
  });
}
