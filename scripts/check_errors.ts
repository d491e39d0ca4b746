/**
 * Finds errors that are swallowed: handlers that neither look at what they have caught nor throw anything, `finally`
 * that returns, and `Promise.allSettled` whose result nobody takes. That is only right where one error is expected, which
 * a comment names together with the reason why it may be skipped, on the line of the handler or next to it:
 *
 *     // expected: ENOENT, since the file need not be there
 *
 *     bun scripts/check_errors.ts
 */
import process from "node:process";
import { printViolations, readHouse, type Violation } from "./check_arrows.ts";
import { argumentsAt, endOfBracket, lineAt, readSource, type Source } from "./source_text.ts";

/** Calls that are given a handler, and which of their arguments it is. */
const CALLS = [
  { pattern: /\.\s*catch\s*(?:<[^()]*>\s*)?\(/g, handler: 0 },
  { pattern: /(?<![.\w$])pipeline\s*\(/g, handler: -1 },
  { pattern: /\.\s*then\s*(?:<[^()]*>\s*)?\(/g, handler: 1 },
  { pattern: /\.\s*(?:on|once|addListener|addEventListener)\s*\((?=\s*")/g, handler: 1, event: "error" },
] as const;
/** A function written on the spot, up to its body: what is in its brackets, or the one name without any. */
const FUNCTION =
  /^\s*(?:async\b\s*)?(?:(?:function\b\s*\*?\s*[\w$]*\s*)?(?:<[^()]*>\s*)?\(([^)]*)\)[^={]*(?:=>)?|([\w$]+)\s*=>)/;
/** An error, and after a comma or a colon why it may be skipped. */
const EXPECTED = /(?:\/\/|\/\*)\s*expected: [^,:;]*\w[^,:;]*[,:;] \S+ \S+/;

/** Checks source files, given as path → text. */
export function checkErrors(files: ReadonlyMap<string, string>): Violation[] {
  return [...files].filter(([path]) => path === "main.ts" || path.startsWith("src/"))
    .flatMap(([path, text]) => swallowing(text).map((line) => ({ path, line, message: "swallows errors" })))
    .sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}

/** The lines, from 1, where errors are swallowed and no comment says which one is expected. */
function swallowing(text: string): number[] {
  const source = readSource(text);
  const places = [...clauses(source.bare), ...handlers(source), ...unusedResults(source.bare)];
  const [code, comments] = [source.code.split("\n"), source.comments.split("\n")];
  return places.map((at) => lineAt(text, at)).filter((line) => !EXPECTED.test(commentsAt(line - 1, code, comments)));
}

/** The comments on a line, and those on lines of their own directly before and after it. */
function commentsAt(line: number, code: readonly string[], comments: readonly string[]): string {
  const isComment = (at: number) => code[at]?.trim() === "" && comments[at]!.trim() !== "";
  let [from, to] = [line, line];
  while (isComment(from - 1)) from--;
  while (isComment(to + 1)) to++;
  return comments.slice(from, to + 1).join("\n").replace(/\s+(?:\/\/ (?!expected:))?/g, " ");
}

/** Where `catch` does not look at its error, and where `finally` ends in a return, which drops it. */
function* clauses(bare: string): Generator<number> {
  for (const { index, 0: start, 1: keyword } of bare.matchAll(/(?<![.\w$])(catch|finally)\b\s*(?=[({])/g)) {
    let open = index + start.length;
    let parameter = "";
    if (bare[open] === "(") {
      const end = endOfBracket(bare, open);
      parameter = bare.slice(open + 1, end);
      open = bare.indexOf("{", end);
    }
    const body = bare.slice(open + 1, endOfBracket(bare, open));
    if (keyword === "catch" ? !looks(parameter, body) : /(?<![.\w$])return\b/.test(withoutFunctions(body))) yield index;
  }
}

/** Where a function that a call is given for its error does not look at it. */
function* handlers({ text, bare }: Source): Generator<number> {
  for (const { pattern, handler, ...call } of CALLS) {
    for (const { index, 0: start } of bare.matchAll(pattern)) {
      const given = argumentsAt(bare, index + start.length - 1);
      const span = given.at(handler);
      if (span === undefined) continue;
      if ("event" in call && text.slice(given[0]!.from, given[0]!.to).trim().slice(1, -1) !== call.event) continue;
      const written = bare.slice(span.from, span.to);
      const head = FUNCTION.exec(written);
      if (head === null || looks(head[1] ?? head[2] ?? "", written.slice(head[0].length))) continue;
      yield span.from + written.search(/\S/);
    }
  }
}

/** Where all that failed is waited for and skipped. */
function* unusedResults(bare: string): Generator<number> {
  for (const { index, 0: start } of bare.matchAll(/(?<![.\w$])Promise\s*\.\s*allSettled\s*(?:<[^()]*>\s*)?\(/g)) {
    const isStatement = /(?:^|[;{})]|\belse)\s*(?:(?:await|void)\s+)*$/.test(bare.slice(0, index));
    const end = endOfBracket(bare, index + start.length - 1);
    if (isStatement && /^\s*(?:;|\}|$)/.test(bare.slice(end + 1))) yield index;
  }
}

/** Whether code throws something, or uses what it has caught. */
function looks(parameter: string, body: string): boolean {
  if (/(?<![.\w$])throw\b/.test(withoutFunctions(body))) return true;
  return namesIn(parameter).some((name) => {
    const word = `(?<![\\w$])(?<!(?<!\\.\\.)\\.)${name.replaceAll("$", "\\$")}(?![\\w$])`;
    const idle = new RegExp(`(?<=^|[;{}])\\s*(?:void\\s+)?${word}\\s*(?=;)`, "g");
    return new RegExp(word).test(body.replace(idle, ""));
  });
}

/** The names that a parameter brings: its own, or those that it is taken apart into. */
function namesIn(parameter: string): string[] {
  if (!/^\s*[{[]/.test(parameter)) return parameter.match(/^\s*[\w$]+/)?.map((name) => name.trim()) ?? [];
  const pattern = parameter.slice(0, endOfBracket(parameter, parameter.search(/[{[]/)));
  return pattern.match(/(?<![\w$])[\w$]+(?=\s*(?:[,=}\]]|$))/g) ?? [];
}

/** Code without the bodies of the functions in it, whose statements run at another time. */
function withoutFunctions(body: string): string {
  const open = /(?:=>\s*|(?<![.\w$])function\b[^{]*)\{/.exec(body);
  if (open === null) return body;
  const start = open.index + open[0].length - 1;
  return body.slice(0, start) + ";" + withoutFunctions(body.slice(endOfBracket(body, start) + 1));
}

if (import.meta.main) {
  const violations = checkErrors(readHouse());
  if (violations.length > 0) console.error(printViolations(violations));
  process.exitCode = violations.length > 0 ? 1 : 0;
}
