import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkNames } from "../../scripts/check_names.ts";

/** What is said about files of the product, given as path → text; every twin that the check knows is there. */
function check(files: Record<string, string>): string[] {
  return checkNames(new Map(Object.entries(files)))
    .filter(({ message }) => !message.endsWith("is no twin any more"))
    .map(({ path, line, message }) => `${path}:${line} ${message}`);
}

/** A file that uses names of others, given as path → names; paths are those of an importer two folders deep. */
function uses(imported: Record<string, string>): string {
  return Object.entries(imported).map(([path, names]) => `import { ${names} } from "../../${path}";\n`).join("");
}

describe("the check of names", () => {
  it("refuses a name that two files export", () => {
    assert.deepEqual(
      check({
        "src/jobs/a.ts": "\nexport interface Target {}\nuse(b, Target);",
        "src/api/b.ts": "export async function Target() {}",
        "src/cli/user.ts": uses({ "src/jobs/a.ts": "Target", "src/api/b.ts": "Target" }),
      }),
      ["src/jobs/a.ts:2 'Target' is also exported by src/api/b.ts:1"],
    );
  });

  it("takes a name that is only handed on for the same", () => {
    const files = {
      "src/jobs/a.ts": "export const LIMIT = 1;",
      "src/jobs/all.ts": 'export { LIMIT } from "./a.ts";',
      "src/cli/user.ts": 'import * as all from "../jobs/all.ts";\nuse(Object.values(all));',
    };
    assert.deepEqual(check(files), []);
  });

  it("lets a function have several signatures, and groups of commands their form", () => {
    assert.deepEqual(
      check({
        "src/jobs/a.ts": "export function run(a: 1): 1;\nexport function run(a: 2): 2;",
        "src/commands/flags/group.ts": "export const group = {};",
        "src/commands/gdpr/group.ts": "export const group = {};",
        "src/commands/tree.ts": uses({
          "src/jobs/a.ts": "run",
          "src/commands/flags/group.ts": "group",
          "src/commands/gdpr/group.ts": "group",
        }),
      }),
      [],
    );
  });

  it("lets the sides of one thing have one name: what is asked, answered and computed", () => {
    const paths = ["src/api/f.ts", "src/analytics/f.ts", "src/jobs/f.ts", "src/api/g.ts"];
    const user = uses(Object.fromEntries(paths.map((path) => [path, "funnel"])));
    const sides = { "src/api/f.ts": "export const funnel = 1;", "src/analytics/f.ts": "export function funnel() {}" };
    assert.deepEqual(check({ ...sides, "src/commands/a.ts": user }), []);
    const outside = check({ ...sides, "src/jobs/f.ts": "export const funnel = 2;", "src/commands/a.ts": user });
    assert.equal(outside.length, 1);
    const twice = check({ ...sides, "src/api/g.ts": "export const funnel = 2;", "src/commands/a.ts": user });
    assert.equal(twice.length, 1);
  });

  it("tells of twins that are gone", () => {
    const stale = checkNames(new Map([["src/api/f.ts", "export const funnel = 1;"], ["src/cli/a.ts", "funnel"]]));
    assert.ok(stale.some(({ message }) => message === "'funnel' is no twin any more"));
  });

  it("finds what nobody uses", () => {
    assert.deepEqual(
      check({
        "src/jobs/a.ts":
          "export const LIMIT = 1;\nexport type Gone = 1;\nexport type Shown = 2;\nlet x: Shown = LIMIT;",
      }),
      [
        "src/jobs/a.ts:1 'LIMIT' is exported, and no other file uses it",
        "src/jobs/a.ts:2 'Gone' is exported, and no other file uses it",
      ],
    );
    assert.deepEqual(
      check({ "src/jobs/a.ts": "export const LIMIT = 1;", "tests/jobs/a_test.ts": uses({ "src/jobs/a.ts": "LIMIT" }) }),
      [],
    );
  });

  it("does not take another thing of the same name for a use", () => {
    const files = { "src/jobs/a.ts": "export const LIMIT = 1;", "src/jobs/b.ts": "const LIMIT = 2; a.LIMIT = LIMIT;" };
    assert.equal(check(files).length, 1);
    assert.deepEqual(check({ ...files, "src/cli/c.ts": 'const { LIMIT } = await import("../jobs/a.ts");' }), []);
    assert.deepEqual(check({ ...files, "src/cli/c.ts": 'import * as a from "../jobs/a.ts";\na.LIMIT;' }), []);
  });

  it("takes words in comments and strings for no use", () => {
    const user = "import './a.ts'; // LIMIT\n/* LIMIT */ const a = 'LIMIT' + `LIMIT`;";
    assert.equal(check({ "src/jobs/a.ts": "export const LIMIT = 1; // LIMIT", "src/jobs/b.ts": user }).length, 1);
    const template = "import * as a from './a.ts'; const b = `${a.LIMIT}`;";
    assert.deepEqual(check({ "src/jobs/a.ts": "export const LIMIT = 1;", "src/jobs/b.ts": template }), []);
  });

  it("sees every form of export", () => {
    const forms = [
      "function run() {}\nexport { run };",
      "export * as run from './run.ts';",
      "  export function run() {}",
      "export async function * run() {}",
      "export const enum run {}",
      "export namespace run {}",
      "export declare abstract class run {}",
    ];
    for (const form of forms) {
      const user = uses({ "src/api/run.ts": "run", "src/jobs/a.ts": "run" });
      const found = check({ "src/api/run.ts": "export const run = 1;", "src/jobs/a.ts": form, "src/cli/b.ts": user });
      assert.equal(found.length, 1, form);
      assert.match(found[0]!, /'run' is also exported by/, form);
    }
  });

  it("refuses exports that hide the name or give another", () => {
    const refused: [string, RegExp][] = [
      ["function a() {}\nexport { a as run };", /^src\/jobs\/a\.ts:2 exports 'a' as 'run'/],
      ["export type { A as run } from './run.ts';", /exports 'A' as 'run'/],
      ["export const { run } = x;", /destructures/],
      ["export const [run] = x;", /destructures/],
      ["export const a: Map<string, number> = f({ b: 1, c: 2 }), run = 2;", /second name/],
      ["export default function run() {}", /default export/],
    ];
    for (const [form, message] of refused) {
      const found = check({ "src/jobs/a.ts": form, "src/cli/b.ts": uses({ "src/jobs/a.ts": "a, run" }) });
      assert.equal(found.length, 1, form);
      assert.match(found[0]!, message);
    }
  });

  it("is content with lists of values, and with the default exports of commands", () => {
    const files = {
      "src/jobs/a.ts": "export const a: Record<string, number> = { b: 1, c: d < 2 ? 3 : 4 };\nlet e = 1, f = 2;",
      "src/jobs/b.ts": "export const g = <T, U = 1>(h: T, i = 2, j: U): U => [h, i, j];",
      "src/commands/c.ts": "export default command({});",
      "src/cli/d.ts": uses({ "src/jobs/a.ts": "a", "src/jobs/b.ts": "g" }),
    };
    assert.deepEqual(check(files), []);
  });
});
