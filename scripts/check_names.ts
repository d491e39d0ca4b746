/**
 * Checks that a name that is exported has one meaning, and that what is exported is used.
 *
 *     bun scripts/check_names.ts
 */
import process from "node:process";
import { printViolations, readHouse, type Violation } from "./check_arrows.ts";
import { argumentsAt, endOfBracket, importedFile, importsOf, lineAt, readSource, type Source } from "./source_text.ts";

/**
 * The names of one thing seen from two sides: what the API asks for, the emulator answers and the analytics compute. They
 * share no code on purpose, and would lose by being called differently.
 */
const TWINS: ReadonlySet<string> = new Set([
  "createPipeline",
  "eventNames",
  "eventProperties",
  "frequency",
  "funnel",
  "numericSegmentation",
  "propertyValues",
  "retention",
  "segmentation",
  "segmentationAverage",
  "segmentationSum",
  "topEvents",
  "topProperties",
]);
const SIDES: ReadonlySet<string> = new Set(["api", "sandbox", "analytics"]);

/** Modules of one form, each found by its path: the verbs of a group of commands. */
const FORMS = [{ name: "group", path: /^src\/commands\/\w+\/group\.ts$/ }];

/** What is used without an import: it begins a bundle. */
const ENTRIES = [{ name: "start", path: "src/sandbox/jql/prelude/main.ts" }];

const DEFAULT_EXPORT = /(?<![.\w$])export\s+default\b/g;
const LIST = /(?<![.\w$])export\s+(type\s*)?\{/g;
const KIND =
  /(\*\s*as(?=\s)|function(?![\w$])\s*\*?|(?:class|(?:const\s+)?enum|const|let|var|interface|type|namespace|import)(?![\w$]))/;
const DECLARATION = new RegExp(
  `(?<![.\\w$])export\\s+(?:(?:declare|abstract|async)\\s+)*${KIND.source}\\s*([\\w$]+|[{[])`,
  "g",
);

interface Declared {
  path: string;
  line: number;
  name: string;
  isType: boolean;
}

/** Checks all files of the repository, given as path → text. */
export function checkNames(files: ReadonlyMap<string, string>): Violation[] {
  const sources = new Map([...files].map(([path, text]) => [path, readSource(text)]));
  const product = [...sources].filter(([path]) => path.startsWith("src/"));
  const declared = product.flatMap(([path, { bare }]) => declarations(path, bare));
  const places = Map.groupBy(declared, ({ name }) => name);
  const stale = [...TWINS].filter((name) => (places.get(name)?.length ?? 0) < 2);
  return [
    ...product.flatMap(([path, { bare }]) => refusedExports(path, bare)),
    ...[...places].flatMap(([name, where]) => severalMeanings(name, where)),
    ...unusedNames(sources, declared),
    ...stale.map((name) => ({ path: "scripts/check_names.ts", line: 1, message: `'${name}' is no twin any more` })),
  ];
}

/** What a file exports of its own, where it is declared or by a list. What it only hands on has no second meaning. */
function declarations(path: string, bare: string): Declared[] {
  const listed = listedExports(bare).filter(({ name, own, isHandedOn }) => name === own && !isHandedOn);
  const own = [...bare.matchAll(DECLARATION)].filter(([, , name]) => !/[{[]/.test(name!)).map((match) => ({
    at: match.index,
    name: match[2]!,
    isType: /^(interface|type)$/.test(match[1]!),
  }));
  return [...own, ...listed].map(({ at, name, isType }) => ({ path, line: lineAt(bare, at), name, isType }));
}

/** What stands in lists of exports: `own as name`, or one name that is both. */
function listedExports(
  bare: string,
): { at: number; own: string; name: string; isType: boolean; isHandedOn: boolean }[] {
  return [...bare.matchAll(LIST)].flatMap((match) => {
    const open = match.index + match[0].length - 1;
    const isHandedOn = /^\}?\s*from(?![\w$])/.test(bare.slice(endOfBracket(bare, open)));
    return argumentsAt(bare, open).map(({ from, to }) => {
      const [, type, own = "", name = own] = /^\s*(type\s+(?!as\b))?(\S+)(?:\s+as\s+(\S+))?/.exec(
        bare.slice(from, to),
      )!;
      return { at: match.index, own, name, isType: (type ?? match[1]) !== undefined, isHandedOn };
    });
  });
}

/** Forms of export that hide a name from who searches for its declaration. */
function refusedExports(path: string, bare: string): Violation[] {
  const found: Violation[] = [];
  const report = (at: number, message: string) => found.push({ path, line: lineAt(bare, at), message });
  for (const { at, own, name } of listedExports(bare)) {
    if (name !== own) report(at, `exports '${own}' as '${name}'; a thing has one name`);
  }
  for (const match of bare.matchAll(DECLARATION)) {
    const [whole, kind, name] = match;
    if (!/^(const|let|var)$/.test(kind!)) continue;
    if (/[{[]/.test(name!)) report(match.index, "destructures what it exports; give each name a statement of its own");
    else if (hasSecondName(bare, match.index + whole.length)) {
      report(match.index, `exports a second name after '${name}'; give it a statement of its own`);
    }
  }
  if (path.startsWith("src/commands/")) return found;
  for (const { index } of bare.matchAll(DEFAULT_EXPORT)) {
    report(index, "has a default export, which only commands have");
  }
  return found;
}

/** Whether a comma follows in the same statement. A formatter has put blanks around `<` and `>` that compare. */
function hasSecondName(bare: string, start: number): boolean {
  let angles = 0;
  for (let at = start; at < bare.length; at++) {
    const [one, around] = [bare[at]!, bare.slice(at - 1, at + 2)];
    if ("([{".includes(one)) at = endOfBracket(bare, at);
    else if (one === "<" && !/^\s<\s$|<<|<=/.test(around)) angles++;
    else if (one === ">" && angles > 0 && !/^(=>|\s>\s)/.test(around)) angles--;
    else if (";)]}".includes(one)) return false;
    else if (one === "," && angles === 0) return true;
  }
  return false;
}

function severalMeanings(name: string, places: Declared[]): Violation[] {
  const files = new Set(places.map(({ path }) => path));
  if (files.size < 2 || FORMS.some((form) => form.name === name && [...files].every((path) => form.path.test(path)))) {
    return [];
  }
  const sides = [...files].map((path) => path.split("/")[1]!);
  if (TWINS.has(name) && new Set(sides).size === sides.length && sides.every((side) => SIDES.has(side))) return [];
  const [first, ...others] = places;
  const where = others.map(({ path, line }) => `${path}:${line}`).join(", ");
  return [{ path: first!.path, line: first!.line, message: `'${name}' is also exported by ${where}` }];
}

/**
 * Types may be exported for who reads a signature; anything else is exported because another file uses it: one that
 * imports its file, and has its name in its code.
 */
function unusedNames(sources: ReadonlyMap<string, Source>, declared: readonly Declared[]): Violation[] {
  const words = new Map([...sources].map(([path, { bare }]) => [path, new Set(bare.match(/[\w$]+/g))]));
  const importers = new Map<string, Set<string>>();
  for (const [path, source] of sources) {
    for (const { target = "" } of importsOf(source)) {
      const file = importedFile(path, target);
      if (file !== undefined) importers.set(file, (importers.get(file) ?? new Set()).add(path));
    }
  }
  return declared.flatMap(({ path, line, name, isType }) => {
    if ([...importers.get(path) ?? []].some((importer) => words.get(importer)!.has(name))) return [];
    const inside = sources.get(path)!.bare.match(/[\w$]+/g)!.filter((word) => word === name);
    if (isType && inside.length > 1) return [];
    if (ENTRIES.some((entry) => entry.name === name && entry.path === path)) return [];
    return [{ path, line, message: `'${name}' is exported, and no other file uses it` }];
  });
}

if (import.meta.main) {
  const violations = checkNames(readHouse());
  if (violations.length > 0) console.error(printViolations(violations));
  process.exitCode = violations.length > 0 ? 1 : 0;
}
