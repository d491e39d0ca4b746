/** Reads source files without parsing them: their lines without comments and strings, and what they import. */
import { posix } from "node:path";

/** The lines of a file with comments blanked. */
export function withoutComments(text: string): string[] {
  let inBlock = false;
  return text.split("\n").map((line) => {
    if (inBlock) {
      const end = line.indexOf("*/");
      if (end === -1) return "";
      inBlock = false;
      line = line.slice(end + 2);
    }
    line = line.replace(/^(\s*)\/\*.*?\*\//, "$1").replace(/(?<=\s)\/\*.*?\*\//g, "");
    if (/^\s*\/\//.test(line)) return "";
    if (/^\s*\/\*/.test(line)) {
      inBlock = true;
      return "";
    }
    return line;
  });
}

/** A line without what stands in quotes, and without a comment at its end. */
export function withoutStrings(code: string): string {
  return code
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.)*`/g, '""')
    .replace(/(?<=\s)\/\/.*$/, "");
}

/**
 * What a line imports. Statements that span lines end in `from "…"` on a line of their own, which is enough to see;
 * type imports count like any other.
 */
export function importsOf(code: string): string[] {
  const statement = /^\s*(?:import\b|export\b|\}).*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/.exec(code);
  const calls = [...code.matchAll(/\bimport\(\s*["']([^"']+)["']/g)].map((call) => call[1]!);
  return statement ? [statement[1] ?? statement[2]!, ...calls] : calls;
}

/** The file that an import of another file of the repository names, by its path from the root; undefined for packages. */
export function importedFile(path: string, target: string): string | undefined {
  return target.startsWith(".") ? posix.join(posix.dirname(path), target) : undefined;
}
