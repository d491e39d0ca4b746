/** The list of operations, with the commands that use them. */
import { loadOperations } from "../../../api/catalog.ts";
import type { Command, Entry } from "../../../cli/command.ts";
import { pathOf } from "../../../client/hosts.ts";
import type { ListedOperation } from "./listed_operation.ts";

/** Every declared operation, in the order of its family, with the command of `entries` that calls it. */
export async function listOperations(entries: readonly Entry[]): Promise<ListedOperation[]> {
  const commands = await commandsByOperation(entries);
  const operations = await loadOperations();
  return [...operations.values()].map((operation) => {
    const [route, ...others] = operation.routes;
    return {
      id: operation.id,
      method: route.method,
      path: pathOf(route.family, route.path),
      alternatives: others.map((one) => ({ method: one.method, path: pathOf(one.family, one.path) })),
      credentials: [...new Set([...operation.auth, ...operation.token === undefined ? [] : ["project_token"]])],
      quota: operation.quota ?? null,
      command: commands.get(operation.id) ?? null,
      unpublished: operation.unpublished ?? null,
      summary: operation.summary,
    };
  });
}

/** The command that is there for each operation, among those that call it; loads all commands. */
async function commandsByOperation(entries: readonly Entry[]): Promise<Map<string, string>> {
  const found = new Map<string, { name: string; closeness: number }>();
  for (const { name, command } of await allCommands(entries)) {
    for (const { id } of command.operations ?? []) {
      const closeness = closenessOf(name, id);
      if (closeness > (found.get(id)?.closeness ?? -1)) found.set(id, { name, closeness });
    }
  }
  return new Map([...found].map(([id, { name }]) => [id, `mp ${name}`]));
}

/** `lexicon.list` is what `mp lexicon list` is for; `mp lexicon get` is nearer to it than `mp export lexicon`. */
export function closenessOf(command: string, operationId: string): number {
  const words = operationId.replaceAll("_", "-").split(".");
  const typed = command.split(" ");
  if (words.join(" ") === command) return words.length + 1;
  const first = words.findIndex((word, index) => word !== typed[index]);
  return first < 0 ? words.length : first;
}

/** Every command of a tree with its full name. */
export async function allCommands(entries: readonly Entry[]): Promise<{ name: string; command: Command }[]> {
  const found: { name: string; command: Command }[] = [];
  for (const entry of entries) {
    if ("command" in entry) found.push({ name: entry.name, command: (await entry.command()).default });
    else {
      const { group } = await entry.group();
      for (const [verb, load] of Object.entries(group)) {
        found.push({ name: `${entry.name} ${verb}`, command: (await load()).default });
      }
    }
  }
  return found;
}
