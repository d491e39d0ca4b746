/** Finds the files of folders and of patterns that the shell has not expanded. */
import { inputError } from "../../errors.ts";
import { folderEntries } from "../../runtime/files/file_ranges.ts";
import { realPath } from "../../runtime/files/files.ts";
import { formatOfName, nameEnding } from "./formats.ts";

/** Told of a file in a folder that is passed over, and why. */
export type OnSkip = (path: string, reason: string) => void;

const WILDCARD = /[*?[{]/;

/** Whether a path holds characters that stand for others. */
export const isPattern = (path: string): boolean => WILDCARD.test(path);

/**
 * The files below a folder, sorted by their paths. Hidden files, those that begin with `_` or end in `.part`, and those
 * whose ending names no format, are passed over.
 */
export async function* filesBelow(folder: string, onSkip: OnSkip): AsyncGenerator<string, void> {
  yield* walk(folder, onSkip, new Set());
}

async function* walk(folder: string, onSkip: OnSkip, above: ReadonlySet<string>): AsyncGenerator<string, void> {
  const real = await realPath(folder);
  if (above.has(real)) return onSkip(folder, "a link to a folder that it is in");
  for (const entry of await folderEntries(folder)) {
    const reason = reasonToSkip(entry.name, entry.isFolder);
    if (reason !== undefined) onSkip(entry.path, reason);
    else if (entry.isFolder) yield* walk(entry.path, onSkip, new Set([...above, real]));
    else if (entry.isFile) yield entry.path;
    else onSkip(entry.path, "not a file");
  }
}

/** Why a file or folder inside a folder is not read; undefined when it is. */
export function reasonToSkip(name: string, isFolder: boolean): string | undefined {
  if (name.startsWith(".")) return "hidden";
  if (name.startsWith("_")) return "its name begins with _";
  if (name.endsWith(".part")) return "not finished";
  if (isFolder) return name.endsWith(".mp-export") ? "an export that is not finished" : undefined;
  const ending = nameEnding(name);
  const isData = formatOfName(name) !== undefined || ["", "json", "txt"].includes(ending) || /^\d+$/.test(ending);
  return isData ? undefined : `.${ending} is no format that is read`;
}

/**
 * The files and folders that a pattern stands for, sorted by their paths: `*` and `?` inside a name, `[abc]`, `{a,b}`, and
 * `**` for any number of folders. Hidden ones only where the pattern itself has the dot.
 *
 * @throws MpError (input) when there are none.
 */
export async function matches(pattern: string): Promise<{ path: string; isFolder: boolean }[]> {
  const parts = pattern.split(/[/]+/);
  const root = parts[0] === "" ? "/" : ".";
  if (root === "/") parts.shift();
  const found = new Map<string, boolean>();
  await descend(root, parts.filter((part) => part !== "." && part !== ""), found);
  if (found.size === 0) {
    throw inputError(`Cannot read ${JSON.stringify(pattern)}: no file matches it`, undefined, "no_match");
  }
  return [...found].map(([path, isFolder]) => ({ path, isFolder })).sort((a, b) => a.path < b.path ? -1 : 1);
}

async function descend(folder: string, parts: readonly string[], found: Map<string, boolean>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === "..") return await descend(folder === "." ? ".." : `${folder}/..`, rest, found);
  const isDeep = part === "**";
  if (isDeep && rest.length > 0) await descend(folder, rest, found);
  const entries = await folderEntries(folder).catch(() => []);
  const name = isDeep ? /^[^.]/ : patternOf(part);
  for (const entry of entries) {
    if (!name.test(entry.name)) continue;
    if (isDeep && entry.isFolder) await descend(entry.path, rest.length > 0 ? parts : ["**"], found);
    else if (isDeep ? rest.length === 0 && entry.isFile : rest.length === 0) found.set(entry.path, entry.isFolder);
    else if (!isDeep && entry.isFolder) await descend(entry.path, rest, found);
  }
}

/** A pattern of one name, or of a whole path when it is given `/`, as a regular expression. */
export function patternOf(pattern: string): RegExp {
  let source = pattern.startsWith(".") ? "" : "(?!\\.)";
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    const set = character === "[" ? /^\[(!?)([^\]]+)\]/.exec(pattern.slice(at)) : null;
    if (set !== null) {
      source += `[${set[1] === "!" ? "^" : ""}${(set[2] as string).replace(/[\\\]^]/g, "\\$&")}]`;
      at += set[0].length - 1;
    } else if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at++;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{" && pattern.indexOf("}", at) > at) {
      source += "(?:";
      depth++;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth--;
    } else if (character === "," && depth > 0) source += "|";
    else source += character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return new RegExp(`^${source}$`, "s");
}
