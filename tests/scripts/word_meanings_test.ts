import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { meaningProblems } from "../../scripts/word_meanings.ts";
import { makeHelpBook } from "../../src/commands/help/help_pages.ts";

const page = (name: string, ...flags: [left: string, right: string][]) => ({
  name,
  summary: "",
  usage: "",
  examples: [],
  args: [],
  flags: flags.map(([left, right]) => ({ left, right, required: false })),
  takesGlobals: true,
});

describe("one word has one meaning", () => {
  it("in all flags and verbs of the program", async () => {
    assert.deepEqual(meaningProblems(await makeHelpBook()), []);
  });

  it("so that a second description of a flag must be covered by what is declared", () => {
    const pages = {
      a: page("a", ["    --from DAY", "First day"]),
      b: page("b", ["    --from DAY", "First day, in UTC (default today)"]),
      c: page("c", ["    --from ID", "Project's id"]),
    };
    const flags = { "--from": { meaning: "first day", says: /^First day/ } };
    assert.deepEqual(meaningProblems({ pages, groups: {} }, flags, {}), [
      "--from of mp c may have a meaning of its own: Project's id",
    ]);
    assert.equal(meaningProblems({ pages, groups: {} }, {}, {}).length, 3);
  });

  it("a flag takes a value everywhere or nowhere", () => {
    const pages = { a: page("a", ["    --check", "Check"]), b: page("b", ["    --check FILE", "Check"]) };
    assert.match(meaningProblems({ pages, groups: {} }, {}, {})[0]!, /^--check takes a value in a or b alone$/);
  });

  it("a verb that two groups have needs one, and nothing is declared that is not there", () => {
    const groups = {
      a: { summary: "", verbs: [["list", "list"], ["go", "go"]] as [string, string][] },
      b: { summary: "", verbs: [["tags list", "list tags"]] as [string, string][] },
    };
    const problems = meaningProblems({ pages: {}, groups }, { "--x": { meaning: "x", says: /x/ } }, { go: "go" });
    assert.deepEqual(problems, [
      "--x needs no line in FLAG_MEANINGS",
      "list of a, b has no meaning",
      "go needs no line in VERB_MEANINGS",
    ]);
  });
});
