import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkedExpression, showProblems } from "../../src/cli/expressions.ts";
import { MpError } from "../../src/errors.ts";

const on = { key: "on", flag: "--on" };
const where = { key: "where", flag: "--where" };

async function refusal(flag: { key: string; flag: string }, typed: string): Promise<MpError> {
  try {
    await checkedExpression(flag, typed);
  } catch (error) {
    assert.ok(error instanceof MpError);
    return error;
  }
  throw new assert.AssertionError({ message: `${typed} was taken` });
}

describe("an expression among the flags", () => {
  it("passes as it is typed when it is right", async () => {
    const typed = ' properties["plan"]  == "pro"';
    assert.deepEqual(await checkedExpression(where, typed), { text: typed });
  });

  it("is wrapped when it is the bare name of a property to split by", async () => {
    for (
      const [typed, text] of [["plan", 'properties["plan"]'], ["$os", 'properties["$os"]'], [
        " a b ",
        ' properties["a b"] ',
      ]]
    ) {
      const wrapped = await checkedExpression(on, typed!);
      assert.equal(wrapped.text, text);
      assert.equal(wrapped.note, `--on ${typed!.trim()} is read as ${text!.trim()}`);
    }
  });

  it("is not wrapped where a filter is wanted, or where it is text", async () => {
    assert.match((await refusal(where, "plan")).message, /A property is written as properties\["plan"\]/);
    assert.match((await refusal(on, '"plan"')).hint!, /write --on 'properties\["plan"\]'/);
  });

  it("is refused with a caret under each mistake, and with what was meant", async () => {
    const error = await refusal(where, "properties[\"plan\"] = 'pro' && x > 3");
    assert.equal(
      error.message,
      [
        "Cannot use --where: there are 4 mistakes in the expression",
        "  properties[\"plan\"] = 'pro' && x > 3",
        '                     ^ Write "==" instead of "="',
        "                       ^^^^^ Text is written in straight double quotes",
        '                             ^^ Write "and" instead of "&&"',
        '                                ^ A property is written as properties["x"]',
      ].join("\n"),
    );
    assert.equal(
      error.hint,
      `write --where 'properties["plan"] == "pro" and properties["x"] > 3'; --no-check sends it as typed`,
    );
    assert.equal(error.exitCode, 3);
  });

  it("has no suggestion that would be refused as well", async () => {
    assert.equal((await refusal(where, "a = 'x' and (")).hint, "--no-check sends it as typed");
  });

  it("is quoted for the shell in a suggestion", async () => {
    assert.match(
      (await refusal(where, `name = "O'Hara"`)).hint!,
      /write --where 'properties\["name"\] == "O'\\''Hara"'/,
    );
  });

  it("is held against names of properties that are known", async () => {
    const options = { properties: ["amount", "plan"] };
    assert.deepEqual(await checkedExpression(where, 'properties["plan"] == "x"', options), {
      text: 'properties["plan"] == "x"',
    });
    await assert.rejects(checkedExpression(where, 'properties["plam"] == "x"', options), /There is no property "plam"/);
  });
});

describe("problems under their text", () => {
  const problem = (start: number, end: number) => ({ start, end, message: "wrong" });

  it("stand at their place, whatever the characters are wide", () => {
    assert.equal(showProblems('"日本" = x', [problem(5, 6)]), '  "日本" = x\n         ^ wrong');
    assert.equal(showProblems("a\n\tb = x", [problem(5, 6)]), "  a  b = x\n       ^ wrong");
  });

  it("have a caret at the end of the text when something is missing there", () => {
    assert.equal(showProblems("a ==", [problem(4, 4)]), "  a ==\n      ^ wrong");
  });

  it("come with a part of a long text", () => {
    const text = "x".repeat(200) + " = " + "y".repeat(200);
    const [shown, carets] = showProblems(text, [problem(201, 202)]).split("\n");
    assert.ok(shown!.length < 130, shown);
    assert.equal(shown![carets!.indexOf("^")], "=");
  });

  it("are counted when they are many", () => {
    assert.match(
      showProblems("a b c d e f g", Array.from({ length: 7 }, (_, at) => problem(at * 2, at * 2 + 1))),
      /\n {2}and 2 more$/,
    );
  });
});
