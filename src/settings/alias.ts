/** The user's own names for command lines: the table `[alias]` of the config file. */
import { inputError } from "../errors.ts";
import type { Table } from "./account.ts";

/** A name that can be typed as one word, and is no flag. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/**
 * The words that an alias stands for: `top = "events top --last 30d"`.
 *
 * @throws MpError (input) that names the file and the key, when it cannot be used.
 */
export function readAlias(path: string, aliases: Table, name: string): string[] {
  const value = aliases[name];
  const words = typeof value === "string" ? splitWords(value) : undefined;
  const state = !NAME.test(name)
    ? "a name is one word of letters, digits and -"
    : typeof value !== "string"
    ? "it is not a text"
    : words === undefined
    ? "a quote is not closed"
    : words.length === 0
    ? "it is empty"
    : words[0] === "mp"
    ? "leave 'mp' out"
    : undefined;
  if (state === undefined) return words!;
  const hint = `write it like this: ${NAME.test(name) ? name : "top"} = "events top --last 30d"`;
  throw inputError(`Cannot use alias.${name} in ${path}: ${state}`, hint, "bad_alias");
}

/** Splits as a shell does, without expansions: spaces, both kinds of quotes, backslashes. Undefined for an open quote. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const [whole] = /^(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/s.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    const after = rest.slice(whole.length);
    if (after !== "" && !/^\s/.test(after)) return undefined;
    words.push(whole.replace(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs,
      (_, single, double, escaped) => single ?? escaped ?? double.replace(/\\(["\\$`])/g, "$1"),
    ));
    rest = after.trimStart();
  }
  return words;
}
