/** Requests that change something, and what there is to do when nobody knows whether they did. */
import { shellWord } from "../runtime/shell_word.ts";
import type { Family, WireRequest } from "./types.ts";

/** Families whose endpoints are asked questions, by POST where these are long; what they change is not repeatable. */
const ASKED: ReadonlySet<Family> = new Set(["query", "query_old", "export", "flags", "oauth"]);

type Kind = Pick<WireRequest, "method" | "family" | "repeatable" | "isProbe">;

/** Whether a request changes something, so that its answer may be shown once only. */
export function isChange({ method, family, repeatable, isProbe = false }: Kind): boolean {
  return method !== "GET" && !isProbe && !(repeatable && ASKED.has(family));
}

/** What to do about a change that may have been made: never just to make it again. Undefined for what changes nothing. */
export function doubtHint(request: Kind & Pick<WireRequest, "ifInDoubt">): string | undefined {
  if (!isChange(request)) return undefined;
  if (request.ifInDoubt !== undefined) return request.ifInDoubt;
  return request.repeatable
    ? "it may have been done; to do it twice changes nothing more"
    : "look whether it was done before you run it again";
}

/** Advice to look with a command, in which `{name}` and `{name.0.key}` stand for values as they are typed in a shell. */
export function lookHint(command: string, values: Readonly<Record<string, unknown>>): string {
  const filled = command.replace(/\{([\w.$]+)\}/g, (_match, path: string) => {
    const at = (one: unknown, name: string) => (one as Record<string, unknown> | undefined)?.[name];
    return shellWord(String(path.split(".").reduce<unknown>(at, values)));
  });
  return `look whether it was done: ${filled}`;
}
