import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/project.ts";

const readText = (name: string) => readFileSync(join(ROOT, name), "utf8");
const contributing = readText("CONTRIBUTING.md");

/** The paths in a text, between backquotes; what has a placeholder in it is none. */
function pathsIn(markdown: string): string[] {
  const roots = /^(src|tests|scripts|docs|\.ci|\.github)\/[\w./-]*$|^\.?[\w-]+\.(ts|md|json)$/;
  return [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, path]) => path!).filter((path) => roots.test(path));
}

/** The part of a text between a heading and the next of its level. */
function section(markdown: string, heading: string): string {
  const start = markdown.indexOf(`\n## ${heading}\n`);
  assert.ok(start >= 0, heading);
  const end = markdown.indexOf("\n## ", start + 1);
  return markdown.slice(start, end < 0 ? undefined : end);
}

describe("the documents at the root", () => {
  for (const name of ["CONTRIBUTING.md", "SECURITY.md", "README.md"]) {
    it(`name files that exist: ${name}`, () => {
      const text = readText(name);
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g)].map(([, path]) => path!);
      const named = name === "README.md" ? links : [...links, ...pathsIn(text)];
      assert.deepEqual(named.filter((path) => !existsSync(join(ROOT, path))), []);
    });
  }

  it("have no place that is still to be filled in", () => {
    for (const name of ["CONTRIBUTING.md", "SECURITY.md"]) assert.doesNotMatch(readText(name), /@[A-Z]+@|TODO/);
  });
});

describe("the ten changes", () => {
  const rows = section(contributing, "Ten changes, and the files they touch").split("\n")
    .flatMap((line) => /^\| ([a-z ]+?) +\| (.*) \|$/.exec(line) ?? [])
    .filter((_, index) => index % 3 !== 0);
  const files = new Map<string, string[]>();
  for (let index = 0; index < rows.length; index += 2) {
    if (rows[index] !== "change") files.set(rows[index]!, pathsIn(rows[index + 1]!));
  }

  it("are these", () => {
    assert.deepEqual([...files.keys()], [
      "new endpoint",
      "global flag",
      "output format",
      "preset",
      "storage backend",
      "sandbox fault",
      "retry rule",
      "chart",
      "expression function",
      "quota",
    ]);
    for (const [change, paths] of files) assert.ok(paths.length > 0, change);
  });

  it("touch one file for a retry rule, and at most three for an output format", () => {
    assert.equal(files.get("retry rule")?.length, 1);
    assert.ok(files.get("output format")!.length <= 3);
  });
});

describe("the map of the house", () => {
  it("has every folder of src", () => {
    const map = section(contributing, "How the house is built");
    const folders = readdirSync(join(ROOT, "src")).filter((name) => statSync(join(ROOT, "src", name)).isDirectory());
    const named = [...map.matchAll(/^ {2}([a-z]+)\/ /gm)].map(([, name]) => name!);
    assert.deepEqual(named.toSorted(), folders.toSorted());
  });
});

describe("the table of dependencies", () => {
  it("has a row for every package of package.json, and no other", () => {
    const { dependencies, devDependencies } = JSON.parse(readText("package.json")) as Record<string, object>;
    const table = section(contributing, "Dependencies").split("\n").filter((line) => line.startsWith("| `"));
    const named = table.flatMap((line) => [...line.split("|")[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
    const declared = [...Object.keys(dependencies!), ...Object.keys(devDependencies!)];
    assert.deepEqual(named.toSorted(), declared.toSorted());
  });
});
