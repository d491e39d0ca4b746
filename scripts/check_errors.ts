/**
 * Finds errors that are swallowed: handlers that neither look at what they have caught nor throw anything. Such a handler is only right where
 * one error is expected, which a comment names together with the reason why it may be passed over, on the line of the
 * handler or next to it:
 *
 *     // expected: ENOENT, since the file need not be there
 *
 *     bun scripts/check_errors.ts
 */
import process from "node:process";
import { printViolations, readHouse, type Violation } from "./check_arrows.ts";
import { withoutComments } from "./source_text.ts";

/** Opens a handler: the error's name if it has one, and the bracket that its code stands in. */
const HANDLERS = [
  { pattern: /(?<![.\w$])catch\s*(?:\(\s*([\w$]+)[^)]*\)\s*)?(\{)/g, opens: "{", closes: "}" },
  { pattern: /\.catch(\()\s*(?:async\s*)?(?:\(\s*([\w$]*)[^)]*\)|([\w$]+))\s*=>/g, opens: "(", closes: ")" },
] as const;
const EXPECTED = /(?:\/\/|\/\*)\s*expected: \S/;

/** Checks source files, given as path → text. */
export function checkErrors(files: ReadonlyMap<string, string>): Violation[] {
  return [...files].filter(([path]) => path === "main.ts" || path.startsWith("src/"))
    .flatMap(([path, text]) => swallowing(text).map((line) => ({ path, line, message: "swallows errors" })))
    .sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}

/** The lines, from 1, of handlers that do not look at their error, throw none, and do not say which one they expect. */
function swallowing(text: string): number[] {
  const lines = text.split("\n");
  const code = withoutComments(text).map((line) => line.replace(/(?<=^|\s)\/\/.*$/, "")).join("\n");
  const found: number[] = [];
  for (const { pattern, opens, closes } of HANDLERS) {
    for (const match of code.matchAll(pattern)) {
      const open = code.indexOf(opens, match.index + (opens === "{" ? match[0].length - 1 : 0));
      const body = code.slice(match.index + match[0].length, endOf(code, open, opens, closes));
      const name = opens === "{" ? match[1] : match[2] || match[3];
      const line = code.slice(0, match.index).split("\n").length;
      const looks = /(?<![.\w$])throw\b/.test(body) ||
        name !== undefined && new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(body);
      if (!looks && !lines.slice(Math.max(0, line - 2), line + 1).some((one) => EXPECTED.test(one))) found.push(line);
    }
  }
  return found;
}

/** Where the bracket at `open` closes. Brackets in strings are taken for brackets: rare, and they end a body late at most. */
function endOf(code: string, open: number, opens: string, closes: string): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === opens) depth++;
    else if (code[at] === closes && --depth === 0) return at;
  }
  return code.length;
}

if (import.meta.main) {
  const violations = checkErrors(readHouse());
  if (violations.length > 0) console.error(printViolations(violations));
  process.exitCode = violations.length > 0 ? 1 : 0;
}
