/** The user's own commands: the table `[alias]` of the config file, as the router and the help see it. */
import type { World } from "../../cli/context.ts";
import { inputError } from "../../errors.ts";
import { cleanLine } from "../../output/clean.ts";
import { type Config, readConfig } from "../../settings/file.ts";
import { configPath } from "../../settings/paths.ts";
import { expandAliases } from "../../cli/aliases.ts";
import { skipFlags } from "../../cli/global_words.ts";
import { tree } from "../tree.ts";

export function configOfAliases(world: World): Promise<Config> {
  return readConfig(configPath(world.env));
}

/**
 * What an alias stands for, which must be a command of this program: aliases are not expanded twice.
 *
 * @throws MpError (input) that names the file and the key.
 */
export function wordsOfAlias(config: Config, name: string): string[] | undefined {
  const words = config.alias(name);
  if (words === undefined) return undefined;
  const expanded = expandAliases(words).words;
  const first = expanded[skipFlags(expanded, 0)] ?? "";
  if (isBuiltIn(first)) return words;
  throw inputError(
    `Cannot use alias.${name} in ${config.path}: ${JSON.stringify(first)} is no command of mp`,
    "an alias begins with a command, not with another alias; see 'mp help commands'",
    "bad_alias",
  );
}

/** The aliases as rows of help. One that can never be reached says so. */
export function aliasRows(config: Config): [string, string][] {
  return config.aliases.map((name) => {
    if (!isReachable(name)) return [name, `not used: 'mp ${name}' is a command of its own`];
    return [name, cleanLine((config.alias(name) ?? []).join(" "))];
  });
}

/** Whether an alias of this name is used: a command of the program takes precedence. */
export const isReachable = (alias: string): boolean => !isBuiltIn(expandAliases([alias]).words[0]!);

/** Whether a word at the place of the command is the program's own. */
function isBuiltIn(word: string): boolean {
  return word === "help" || word === "version" || tree.some((one) => one.name === word);
}
