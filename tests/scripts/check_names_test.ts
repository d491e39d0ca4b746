import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkNames } from "../../scripts/check_names.ts";

/** What is said about files of the product, given as path → text; every twin that the check knows is there. */
function check(files: Record<string, string>): string[] {
  return checkNames(new Map(Object.entries(files)))
    .filter(({ message }) => !message.endsWith("is no twin any more"))
    .map(({ path, line, message }) => `${path}:${line} ${message}`);
}

describe("the check of names", () => {
  it("refuses a name that two files export", () => {
    assert.deepEqual(
      check({
        "src/jobs/a.ts": "\nexport interface Target {}\nuse(b, Target);",
        "src/api/b.ts": "export async function Target() {}",
        "src/cli/user.ts": "Target;",
      }),
      ["src/jobs/a.ts:2 'Target' is also exported by src/api/b.ts:1"],
    );
  });

  it("lets a function have several signatures, and groups of commands their form", () => {
    assert.deepEqual(
      check({
        "src/jobs/a.ts": "export function run(a: 1): 1;\nexport function run(a: 2): 2;",
        "src/commands/flags/group.ts": "export const group = {};",
        "src/commands/gdpr/group.ts": "export const group = {};",
        "src/commands/tree.ts": "run(group);",
      }),
      [],
    );
  });

  it("lets the sides of one thing have one name: what is asked, answered and computed", () => {
    const user = "export {}; funnel;";
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
    assert.deepEqual(check({ "src/jobs/a.ts": "export const LIMIT = 1;", "tests/a_test.ts": "LIMIT" }), []);
  });
});
