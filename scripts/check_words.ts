/**
 * Plain words: refuses words that nobody would search for, in messages, help, comments and documents. The list is the
 * table "Plain words" of CONTRIBUTING.md: what not to write, and what to write in its place.
 *
 *     bun scripts/check_words.ts
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { filesUnder, ROOT } from "./project.ts";

const LIST = "CONTRIBUTING.md";
const HEADING = "## Plain words";

/** A word that is not written, and what is. */
export interface WordRule {
  words: string;
  instead: string;
}

/** The rows of the table below the heading. */
export function wordRules(text: string): WordRule[] {
  const [, after = ""] = text.split(`${HEADING}\n`);
  const [table = ""] = after.split("\n## ");
  return [...table.matchAll(/^\| (?!not |-)(.+?) +\| (.+?) +\|$/gm)].map(([, words, instead]) => ({
    words: words!.replaceAll("`", ""),
    instead: instead!,
  }));
}

/** The lines with a word of the list: `path:line 'word': write …`. Names and ids in quotes are left alone. */
export function quaintWords(path: string, text: string, rules: readonly WordRule[]): string[] {
  return text.split("\n").flatMap((line, index) =>
    rules.flatMap(({ words, instead }) => {
      const pattern = new RegExp(`(?<![\\w"'\`.#-])(${words.split(", ").join("|")})(?![\\w"'\`:(-])`, "i");
      const found = pattern.exec(line)?.[1];
      // A constant's name is no prose.
      return found === undefined || found === found.toUpperCase()
        ? []
        : [`${path}:${index + 1} '${found}': write ${instead}`];
    })
  );
}

/** All lines of the repository with a word of the list; that there is no list is one, too. */
export function allQuaintWords(): string[] {
  const rules = wordRules(readFileSync(join(ROOT, LIST), "utf8"));
  if (rules.length === 0) return [`${LIST} has no table below '${HEADING}'`];
  const paths = [
    ...["src", "scripts"].flatMap((folder) => filesUnder(folder)).filter((path) => /\.(ts|mjs)$/.test(path)),
    ...filesUnder("docs").filter((path) => path.endsWith(".md")),
    ...["README.md", "CHANGELOG.md", "SECURITY.md"],
  ];
  return paths.flatMap((path) => quaintWords(path, readFileSync(join(ROOT, path), "utf8"), rules));
}

if (import.meta.main) {
  const found = allQuaintWords();
  for (const line of found) console.log(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
