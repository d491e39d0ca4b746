/**
 * Checks that a name that is exported has one meaning, and that what is exported is used.
 *
 *     bun scripts/check_names.ts
 */
import process from "node:process";
import { printViolations, readHouse, type Violation } from "./check_arrows.ts";

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

const DECLARATION =
  /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|class|const|let|interface|type|enum) ([\w$]+)/gm;

interface Declared {
  path: string;
  line: number;
  isType: boolean;
}

/** Checks all files of the repository, given as path → text. */
export function checkNames(files: ReadonlyMap<string, string>): Violation[] {
  const declared = declarations(files);
  const stale = [...TWINS].filter((name) => (declared.get(name)?.length ?? 0) < 2);
  return [
    ...[...declared].flatMap(([name, places]) => severalMeanings(name, places)),
    ...unusedNames(files, declared),
    ...stale.map((name) => ({ path: "scripts/check_names.ts", line: 1, message: `'${name}' is no twin any more` })),
  ];
}

/** What is exported by the product, by name. */
function declarations(files: ReadonlyMap<string, string>): Map<string, Declared[]> {
  const found = new Map<string, Declared[]>();
  for (const [path, text] of files) {
    if (!path.startsWith("src/")) continue;
    for (const match of text.matchAll(DECLARATION)) {
      const line = text.slice(0, match.index).split("\n").length;
      const place = { path, line, isType: match[1] === "interface" || match[1] === "type" };
      found.set(match[2]!, [...found.get(match[2]!) ?? [], place]);
    }
  }
  return found;
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

/** Types may be exported for who reads a signature; anything else is exported because another file uses it. */
function unusedNames(files: ReadonlyMap<string, string>, declared: ReadonlyMap<string, Declared[]>): Violation[] {
  const users = new Map<string, number>();
  for (const text of files.values()) {
    for (const word of new Set(text.match(/[A-Za-z_$][\w$]*/g))) users.set(word, (users.get(word) ?? 0) + 1);
  }
  return [...declared].flatMap(([name, places]) => {
    const declaring = new Set(places.map(({ path }) => path)).size;
    return places.flatMap(({ path, line, isType }) => {
      if ((users.get(name) ?? 0) > declaring) return [];
      const isNamedInside =
        files.get(path)!.split(new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`)).length > 2;
      if (isType && isNamedInside) return [];
      return [{ path, line, message: `'${name}' is exported, and no other file uses it` }];
    });
  });
}

if (import.meta.main) {
  const violations = checkNames(readHouse());
  if (violations.length > 0) console.error(printViolations(violations));
  process.exitCode = violations.length > 0 ? 1 : 0;
}
