import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { broken, StaleMutationError, tryMutations } from "../../scripts/mutate.ts";
import { MUTATIONS } from "../../scripts/mutations.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const mutation = { file: "sum.ts", text: "a + b", becomes: "a - b", tests: ["sum_test.ts"] };

describe("a line that is broken on purpose", () => {
  it("is replaced where it is, and nothing else", () => {
    assert.equal(broken("x\n  return a + b;\ny\n", mutation), "x\n  return a - b;\ny\n");
    assert.equal(broken("a + b", { ...mutation, becomes: "$& $1" }), "$& $1");
  });

  it("has to be there exactly once", () => {
    assert.throws(
      () => broken("a * b", mutation),
      new StaleMutationError('Cannot break "a + b" in sum.ts: it is not there'),
    );
    assert.throws(() => broken("a + b; a + b", mutation), /it is there 2 times/);
  });
});

describe("a run over broken lines", () => {
  const source = "return a + b; // b + c\n";
  folder.write("sum.ts", source);
  const parses = () => Promise.resolve(true);
  const now = () => readFileSync(folder.path("sum.ts"), "utf8");
  const other = { ...mutation, text: "b + c", becomes: "b", tests: ["other_test.ts"] };

  it("tells what the tests notice from what they do not, and leaves the file as it was", async () => {
    const runs: string[] = [];
    const passes = (tests: readonly string[]) => {
      runs.push(`${tests}: ${now().trim()}`);
      return Promise.resolve(!now().includes("a - b"));
    };
    const { noticed, unnoticed } = await tryMutations([mutation, other], folder.path(""), { parses, passes });
    assert.deepEqual([noticed, unnoticed], [[mutation], [other]]);
    assert.deepEqual(runs, [
      "other_test.ts,sum_test.ts: return a + b; // b + c",
      "sum_test.ts: return a - b; // b + c",
      "other_test.ts: return a + b; // b",
    ]);
    assert.equal(now(), source);
  });

  it("names all lines that are no longer there before it runs anything", async () => {
    const stale = [{ ...mutation, text: "a * b" }, { ...mutation, file: "gone.ts" }, other];
    await assert.rejects(
      tryMutations(stale, folder.path(""), { parses, passes: () => assert.fail("it ran") }),
      new StaleMutationError('Cannot break "a * b" in sum.ts: it is not there\nCannot break gone.ts: it is not there'),
    );
  });

  it("takes nothing for noticed that is no program any more", async () => {
    const runner = { parses: () => Promise.resolve(false), passes: () => Promise.resolve(true) };
    await assert.rejects(tryMutations([mutation], folder.path(""), runner), /no program is left/);
    assert.equal(now(), source);
  });

  it("does not begin when the tests fail anyway", async () => {
    await assert.rejects(
      tryMutations([mutation], folder.path(""), { parses, passes: () => Promise.resolve(false) }),
      /fail without that/,
    );
  });
});

describe("the list of lines to break", () => {
  it("changes something each time, and each line once", () => {
    assert.ok(MUTATIONS.length >= 40);
    for (const { text, becomes, tests } of MUTATIONS) {
      assert.notEqual(text, becomes);
      assert.ok(tests.length > 0, text);
    }
    const lines = MUTATIONS.map(({ file, text }) => `${file}: ${text}`);
    assert.equal(new Set(lines).size, lines.length);
  });
});
