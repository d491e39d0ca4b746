/** Reads source files without parsing them: their code apart from comments and literals, brackets, and what they import. */
import { posix } from "node:path";

/** A file's text and what is left of it when something is blanked: texts of one length, with the same line ends. */
export interface Source {
  text: string;
  /** Without comments. */
  code: string;
  /** Without comments and without what stands in strings, templates and regular expressions: each is a pair of `"`. */
  bare: string;
  /** The comments, and nothing else. */
  comments: string;
}

/** What begins something other than code, or tells where a template's code ends. */
const MARK = /\/\/.*|\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|[`{}/]/g;
const TEMPLATE_TEXT = /[`}](?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** What a value ends in: a slash after it divides. */
const ENDS_VALUE = /(?:[\w$)\]"]|\+\+|--)\s*$/;
const ENDS_KEYWORD = /(?<![.\w$])(?:return|typeof|case|in|of|do|else|void|delete|await|yield|throw)\s*$/;

export function readSource(text: string): Source {
  let code = "";
  let bare = "";
  let comments = "";
  const take = (end: number, kind: "code" | "comment" | "literal") => {
    const part = text.slice(bare.length, end);
    const blank = part.replace(/[^\n]/g, " ");
    code += kind === "comment" ? blank : part;
    comments += kind === "comment" ? part : blank;
    bare += kind === "code" ? part : kind === "comment" ? blank : `"${blank.slice(1, -1)}"`.slice(0, part.length);
  };
  /** For each template whose code is being read: how many of that code's braces are open. */
  const braces: number[] = [];
  for (MARK.lastIndex = 0;;) {
    const mark = MARK.exec(text);
    take(mark?.index ?? text.length, "code");
    if (mark === null) break;
    let literal: string | undefined;
    if (/^["']/.test(mark[0])) literal = mark[0];
    else if (mark[0] === "`" || mark[0] === "}" && braces.at(-1) === 0) {
      literal = matchAt(TEMPLATE_TEXT, text, mark.index)!;
      if (mark[0] === "}") braces.pop();
      if (literal.endsWith("${")) braces.push(0);
    } else if (mark[0] === "/" && (!ENDS_VALUE.test(lastLine(bare)) || ENDS_KEYWORD.test(lastLine(bare)))) {
      literal = matchAt(REGEX, text, mark.index);
    } else if (braces.length > 0 && /[{}]/.test(mark[0])) braces[braces.length - 1]! += mark[0] === "{" ? 1 : -1;
    if (literal !== undefined) take(mark.index + literal.length, "literal");
    else take(MARK.lastIndex, /^\/[/*]/.test(mark[0]) ? "comment" : "code");
    MARK.lastIndex = bare.length;
  }
  return { text, code, bare, comments };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n", text.trimEnd().length) + 1);
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** Where the bracket at `open` closes in a bare text. */
export function endOfBracket(bare: string, open: number): number {
  let depth = 0;
  for (let at = open; at < bare.length; at++) {
    if ("([{".includes(bare[at]!)) depth++;
    else if (")]}".includes(bare[at]!) && --depth === 0) return at;
  }
  return bare.length;
}

/** A stretch of a text. */
export interface Span {
  from: number;
  to: number;
}

/** What stands between the commas of the bracket at `open`; nothing after the last one. */
export function argumentsAt(bare: string, open: number): Span[] {
  const end = endOfBracket(bare, open);
  const spans: Span[] = [];
  let from = open + 1;
  for (let at = from; at <= end; at++) {
    if ("([{".includes(bare[at]!)) at = endOfBracket(bare, at);
    else if (at === end || bare[at] === ",") {
      if (bare.slice(from, at).trim() !== "") spans.push({ from, to: at });
      from = at + 1;
    }
  }
  return spans;
}

/** An import, and where it stands. */
export interface Import {
  from: number;
  /** Undefined where the code computes it. */
  target: string | undefined;
}

/** What a file imports, whatever the form. Type imports count like any other. */
export function importsOf({ text, bare }: Source): Import[] {
  return [...bare.matchAll(/(?<![.\w$])(?:(?:from|import)\s*(?=")|import\s*\(\s*)/g)].flatMap((match): Import[] => {
    const from = match.index;
    const quote = from + match[0].length;
    const to = bare.indexOf('"', quote + 1);
    const isCall = match[0].includes("(");
    const isString = /["']/.test(text[quote] ?? "");
    if (isString && (!isCall || /^\s*[,)]/.test(bare.slice(to + 1)))) {
      return [{ from, target: text.slice(quote + 1, to) }];
    }
    // Without brackets it is a variable in a template: `${from}…`.
    return isCall ? [{ from, target: undefined }] : [];
  });
}

/** The file that an import of another file of the repository names, by its path from the root; undefined for packages. */
export function importedFile(path: string, target: string): string | undefined {
  return target.startsWith(".") ? posix.join(posix.dirname(path), target) : undefined;
}
