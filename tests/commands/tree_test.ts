import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { tree } from "../../src/commands/tree.ts";

const COMMANDS = new URL("../../src/commands/", import.meta.url).pathname;
/** `mp __complete`, which the shells call: it is in no list of commands. */
const HIDDEN = ["complete.ts"];

const source = (path: string): string => readFileSync(join(COMMANDS, path), "utf8");
const files = readdirSync(COMMANDS, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith(".ts"));
const underscored = (words: string): string => words.replaceAll("-", "_");

/** What a file of commands imports for each of the names in it, by name. */
function importsByName(path: string, pattern: RegExp): [name: string, file: string][] {
  const folder = posix.dirname(path);
  return [...source(path).matchAll(pattern)].map(([, name, file]) => [name!, posix.join(folder, file!)]);
}

const firstLevel = importsByName("tree.ts", /name: "([\w-]+)"[^}]*?import\("(\.\/[\w/]+\.ts)"\)/g);

describe("the tree of commands", () => {
  it("has each command in the file that its path names", async () => {
    assert.deepEqual(firstLevel.map(([name]) => name), tree.map(({ name }) => name));
    for (const entry of tree) {
      const isGroup = "group" in entry;
      const [, file] = firstLevel.find(([name]) => name === entry.name)!;
      assert.equal(file, `${underscored(entry.name)}${isGroup ? "/group" : ""}.ts`);
      if (!isGroup) continue;
      const verbs = importsByName(file, /^ {2}"?([\w -]+)"?: \(\) => import\("(\.\/[\w/]+\.ts)"\),$/gm);
      assert.deepEqual(verbs.map(([verb]) => verb), Object.keys((await entry.group()).group));
      for (const [verb, verbFile] of verbs) {
        assert.equal(verbFile, `${underscored(`${entry.name}/${verb.replaceAll(" ", "/")}`)}.ts`);
      }
    }
  });

  it("has what is no command in the folder 'shared' of a command or group, or is the help", async () => {
    const roots = tree.map(({ name }) => underscored(name));
    const own = await commandFiles();
    const others = files.filter((path) => !own.has(path) && !path.startsWith("help/"));
    const strays = others.filter((path) => {
      const [root, folder, name, ...deeper] = path.split("/");
      return !roots.includes(root!) || folder !== "shared" || name === undefined || deeper.length > 0;
    });
    assert.deepEqual(strays, []);
  });

  it("has nothing in a folder 'shared' that its own command or group does not use", async () => {
    const commands = [...await commandFiles()];
    const used = (root: string): Set<string> => {
      const found = new Set<string>();
      const follow = (path: string) => {
        for (const file of importedBy(path)) {
          if (!file.startsWith(`${root}/shared/`) || found.has(file)) continue;
          found.add(file);
          follow(file);
        }
      };
      for (const path of commands) if (path === `${root}.ts` || path.startsWith(`${root}/`)) follow(path);
      return found;
    };
    const strays = files.filter((path) => path.includes("/shared/") && !used(path.split("/")[0]!).has(path));
    assert.deepEqual(strays, []);
  });
});

async function commandFiles(): Promise<Set<string>> {
  const found = ["tree.ts", ...HIDDEN, ...firstLevel.map(([, file]) => file)];
  for (const entry of tree) {
    if (!("group" in entry)) continue;
    const verbs = Object.keys((await entry.group()).group);
    found.push(...verbs.map((verb) => `${underscored(`${entry.name}/${verb.replaceAll(" ", "/")}`)}.ts`));
  }
  return new Set(found);
}

function importedBy(path: string): string[] {
  const folder = posix.dirname(path);
  return [...source(path).matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map(([, file]) => posix.join(folder, file!));
}
