/** Finds the files of folders and of patterns that the shell has not expanded. */
import { inputError } from "../../errors.ts";
import { folderEntries, type FolderEntry } from "../../runtime/files/file_ranges.ts";
import { type FileInfo, fileInfo, join, realPath } from "../../runtime/files/files.ts";
import { formatOfName, nameEnding } from "./formats.ts";
import { readFault } from "../../runtime/files/file_faults.ts";

/** Called with a file in a folder that is skipped, and why. */
export type OnSkip = (path: string, reason: string) => void;

const WILDCARD = /[*?[{]/;

/** Whether a path holds characters that stand for others. */
export const isPattern = (path: string): boolean => WILDCARD.test(path);

/** A file that was found, or what was found and cannot be read. */
export interface FoundPath {
  path: string;
  /** Why it cannot be read. */
  fault?: string;
}

/**
 * The files below a folder, sorted by their paths. Hidden files, those that begin with `_` or end in `.part`, and those
 * whose ending names no format, are skipped; folders such as `_day=1` are not. What cannot be read, the folder itself among it, comes with a `fault`.
 */
export async function* filesBelow(folder: string, onSkip: OnSkip): AsyncGenerator<FoundPath, void> {
  yield* walk(folder, onSkip, new Set());
}

async function* walk(folder: string, onSkip: OnSkip, above: ReadonlySet<string>): AsyncGenerator<FoundPath, void> {
  const real = await realPath(folder);
  if (above.has(real)) return onSkip(folder, CIRCULAR_LINK);
  const entries = await entriesOf(folder);
  if (typeof entries === "string") return yield { path: folder, fault: entries };
  for (const entry of entries) {
    const reason = reasonToSkip(entry.name, entry.isFolder);
    if (reason !== undefined) onSkip(entry.path, reason);
    else if (entry.isFolder) yield* walk(entry.path, onSkip, new Set([...above, real]));
    else if (entry.isFile) yield { path: entry.path };
    else if (entry.linkFault !== undefined) yield { path: entry.path, fault: linkFault(entry.linkFault) };
    else onSkip(entry.path, "not a file");
  }
}

const CIRCULAR_LINK = "a link to a folder that it is in";

/** What a folder holds, or why it cannot be read. */
async function entriesOf(folder: string): Promise<FolderEntry[] | string> {
  try {
    return await folderEntries(folder);
  } catch (error) {
    const fault = readFault(error);
    if (fault === undefined) throw error;
    return fault;
  }
}

function linkFault(error: unknown): string {
  const fault = readFault(error);
  if (fault === undefined) throw error;
  return fault === readFault({ code: "ENOENT" }) ? "a link to a file that is not there" : fault;
}

/** Why a file or folder inside a folder is not read; undefined when it is. */
export function reasonToSkip(name: string, isFolder: boolean): string | undefined {
  if (name.startsWith(".")) return "hidden";
  // Spark's folders of a partition are no exception because of their column's name.
  if (name.startsWith("_") && !(isFolder && name.includes("="))) return "its name begins with _";
  if (name.endsWith(".part")) return "not finished";
  if (isFolder) return name.endsWith(".mp-export") ? "an export that is not finished" : undefined;
  const ending = nameEnding(name);
  const isData = formatOfName(name) !== undefined || ["", "json", "txt"].includes(ending) || /^\d+$/.test(ending);
  return isData ? undefined : `.${ending} is no format that is read`;
}

/** A file or folder that a pattern stands for. */
export interface PatternMatch extends FoundPath {
  isFolder: boolean;
}

/**
 * The files and folders that a pattern stands for, sorted by their paths: `*` and `?` inside a name, `[abc]`, `{a,b}`, and
 * `**` for any number of folders. Hidden ones only where the pattern itself has the dot. Folders that had to be looked into
 * and cannot be read are among them, with a `fault`.
 *
 * @throws MpError (input) when there are none.
 */
export async function* matches(pattern: string, onSkip: OnSkip): AsyncGenerator<PatternMatch, void> {
  const parts = pattern.split(/[/]+/);
  const root = parts[0] === "" ? "/" : ".";
  if (root === "/") parts.shift();
  const search = new PatternSearch(onSkip);
  await search.descend(root, parts.filter((part) => part !== "." && part !== ""), new Set());
  if (search.found.size === 0) {
    throw inputError(`Cannot read ${JSON.stringify(pattern)}: no file matches it`, undefined, "no_match");
  }
  yield* [...search.found.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}

class PatternSearch {
  /** By their paths: `**` comes to a file by several ways. */
  readonly found = new Map<string, PatternMatch>();
  readonly #onSkip: OnSkip;

  constructor(onSkip: OnSkip) {
    this.#onSkip = onSkip;
  }

  /** @param above the folders that `**` has come through, with links resolved */
  async descend(folder: string, parts: readonly string[], above: ReadonlySet<string>): Promise<void> {
    const [part, ...rest] = parts;
    if (part === undefined) return;
    if (part === "..") return await this.descend(folder === "." ? ".." : `${folder}/..`, rest, above);
    if (part === "**") return await this.#descendDeep(folder, parts, rest, above);
    if (!isPattern(part)) return await this.#step(folder === "." ? part : join(folder, part), rest, above);
    const name = patternOf(part);
    for (const entry of await this.#entries(folder)) {
      if (!name.test(entry.name)) continue;
      if (rest.length === 0) this.#add(entry);
      else if (entry.isFolder) await this.descend(entry.path, rest, above);
      else if (entry.linkFault !== undefined) this.#fail(entry.path, linkFault(entry.linkFault));
    }
  }

  /** Any number of folders, and then the rest of the pattern; without a rest, all files in them. */
  async #descendDeep(
    folder: string,
    parts: readonly string[],
    rest: readonly string[],
    above: ReadonlySet<string>,
  ): Promise<void> {
    const real = await realPath(folder);
    if (above.has(real)) return this.#onSkip(folder, CIRCULAR_LINK);
    if (rest.length > 0) await this.descend(folder, rest, above);
    for (const entry of await this.#entries(folder)) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isFolder) await this.descend(entry.path, parts, new Set([...above, real]));
      else if (rest.length === 0 && (entry.isFile || entry.linkFault !== undefined)) this.#add(entry);
    }
  }

  /** A name without wildcards is gone to, not looked for: a folder may be open for passing through and not for reading. */
  async #step(path: string, rest: readonly string[], above: ReadonlySet<string>): Promise<void> {
    let info: FileInfo | undefined;
    try {
      info = await fileInfo(path);
    } catch (error) {
      const fault = readFault(error);
      if (fault === undefined) throw error;
      return this.#fail(path, fault);
    }
    if (info === undefined) {
      if (await realPath(path) !== path) this.#fail(path, linkFault({ code: "ENOENT" }));
    } else if (rest.length === 0) this.found.set(path, { path, isFolder: info.isFolder });
    else if (info.isFolder) await this.descend(path, rest, above);
  }

  async #entries(folder: string): Promise<FolderEntry[]> {
    const entries = await entriesOf(folder);
    if (typeof entries !== "string") return entries;
    this.#fail(folder, entries);
    return [];
  }

  #add({ path, isFolder, linkFault: error }: FolderEntry): void {
    this.found.set(path, { path, isFolder, fault: error === undefined ? undefined : linkFault(error) });
  }

  #fail(path: string, fault: string): void {
    this.found.set(path, { path, isFolder: false, fault });
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
