import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { MpError } from "../../src/errors.ts";
import { readAlias } from "../../src/settings/alias.ts";

const words = (value: unknown, name = "top") => readAlias("/home/ana/mp.toml", { [name]: value }, name);

describe("the words of an alias", () => {
  it("are split as a shell splits them", () => {
    for (
      const [text, expected] of [
        ["events top --last 30d", ["events", "top", "--last", "30d"]],
        ["  query  segmentation 'Sign Up' ", ["query", "segmentation", "Sign Up"]],
        [`query events "Sign Up" --where='properties["a"] == "b"'`, [
          "query",
          "events",
          "Sign Up",
          '--where=properties["a"] == "b"',
        ]],
        ['a "b \\"c\\" \\d" e\\ f ""', ["a", 'b "c" \\d', "e f", ""]],
        ["a 'b'\"c\"d", ["a", "bcd"]],
        ["events\n  top", ["events", "top"]],
      ] as const
    ) assert.deepEqual(words(text), expected, text);
  });

  it("are refused with the file and the key", () => {
    for (
      const [value, name, state] of [
        [3, "top", "it is not a text"],
        ["", "top", "it is empty"],
        ["events 'top", "top", "a quote is not closed"],
        ["mp events top", "top", "leave 'mp' out"],
        ["events top", "two words", "a name is one word of letters, digits and -"],
        ["events top", "--top", "a name is one word of letters, digits and -"],
      ] as const
    ) {
      assert.throws(
        () => words(value, name),
        (error) =>
          error instanceof MpError && error.message === `Cannot use alias.${name} in /home/ana/mp.toml: ${state}` &&
          error.category === "input" && error.code === "bad_alias",
        `${name} = ${value}`,
      );
    }
  });
});
