import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { quaintWords, wordRules } from "../../scripts/check_words.ts";

const LIST = "# X\n\n## Plain words\n\n| not this | but this |\n| --- | --- |\n| mend, mended | fix |\n" +
  "| misfit | wrong type |\n\n## Next\n\n| not | a rule |\n";

describe("plain words", () => {
  const rules = wordRules(LIST);

  it("are those of the table", () => {
    assert.deepEqual(rules, [{ words: "mend, mended", instead: "fix" }, { words: "misfit", instead: "wrong type" }]);
    assert.deepEqual(wordRules("# X\n"), []);
  });

  it("take the place of others, in any case", () => {
    assert.deepEqual(quaintWords("a.ts", "one\n// Mended, then sent\nThe doctor mends it", rules), [
      "a.ts:2 'Mended': write fix",
    ]);
  });

  it("leave ids and names alone", () => {
    for (const line of ['rule: "misfit"', "`misfit`", "  misfit: error()", "misfit(a)", "#misfit", "MISFIT", "amend"]) {
      assert.deepEqual(quaintWords("a.ts", line, rules), [], line);
    }
  });
});
