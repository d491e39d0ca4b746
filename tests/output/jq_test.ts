import { strict as assert } from "node:assert";
import process from "node:process";
import { describe, it } from "node:test";
import { MpError } from "../../src/errors.ts";
import { compileJq, runJq } from "../../src/output/jq.ts";

async function failure(text: string, program: string): Promise<MpError> {
  try {
    await runJq(text, program);
  } catch (error) {
    assert.ok(error instanceof MpError, String(error));
    return error;
  }
  assert.fail(`${program} did not fail`);
}

describe("runJq", () => {
  it("prints strings as they are and other values as compact JSON, one a line", async () => {
    assert.equal(await runJq('{"a":["x y",1,{"b": [null]}]}', ".a[]"), 'x y\n1\n{"b":[null]}\n');
    assert.equal(await runJq('{"a":"x"}', ".a", { raw: false }), '"x"\n');
  });

  it("keeps the digits of long integers and any script", async () => {
    assert.equal(await runJq('{"id":1234567890123456789,"n":"日本 👍"}', ".id, .n"), "1234567890123456789\n日本 👍\n");
  });

  it("runs over each of several values, and answers nothing for nothing", async () => {
    assert.equal(await runJq('{"n":1}\n{"n":2}\n', ".n"), "1\n2\n");
    assert.equal(await runJq("", "."), "");
    assert.equal(await runJq("1", "empty"), "");
  });

  it("takes programs that begin with a dash, and has jq's own library", async () => {
    assert.equal(await runJq("1", "-."), "-1\n");
    assert.equal(await runJq("[3,1]", "sort | @csv"), "1,3\n");
    assert.equal(await runJq('"a1"', 'test("[0-9]")'), "true\n");
  });

  it("knows nothing of the environment and of files", async () => {
    process.env.MP_JQ_TEST = "secret";
    try {
      assert.equal(await runJq("null", 'env, $ENV | has("MP_JQ_TEST")'), "false\nfalse\n");
    } finally {
      delete process.env.MP_JQ_TEST;
    }
    assert.match((await failure("1", 'import "a" as a; .')).message, /module not found: a/);
  });

  it("says what is wrong with a program, in jq's words", async () => {
    const error = await failure("{}", ".a |");
    assert.equal(error.message, 'Cannot compile the jq program ".a |": syntax error, unexpected end of file');
    assert.equal(error.exitCode, 3);
    assert.ok(error.hint);
    assert.match((await failure("{}", "foo(1)")).message, /: foo\/1 is not defined$/);
    assert.match((await failure("{}", ".a\n| nope")).message, /nope\/0 is not defined \(line 2\)$/);
  });

  it("says on what a program failed, in jq's words", async () => {
    const error = await failure('{"a":1}', ".a.b");
    assert.equal(error.message, 'Cannot apply the jq program ".a.b": Cannot index number with string "b"');
    assert.equal(error.exitCode, 3);
    assert.match((await failure("1", 'error("own words")')).message, /: own words$/);
  });

  it("says so when the input is not JSON", async () => {
    assert.match((await failure("<html>", ".")).message, /the input is not JSON: Invalid numeric literal/);
    assert.match((await failure('{"a":1', ".")).message, /the input is not JSON: Unfinished JSON term/);
  });

  it("works again after failures, and many times", async () => {
    for (let index = 0; index < 50; index++) {
      if (index % 3 === 0) await failure("1", "error");
      assert.equal(await runJq(`{"n":${index}}`, ".n"), `${index}\n`);
    }
  });

  it("takes and answers megabytes", async () => {
    const text = JSON.stringify(Array.from({ length: 50_000 }, (_, index) => ({ event: `event ${index}`, index })));
    const lines = (await runJq(text, ".[] | .event")).split("\n");
    assert.equal(lines.length, 50_001);
    assert.equal(lines[49_999], "event 49999");
  });

  it("runs one after the other when asked at once", async () => {
    const answers = await Promise.all([1, 2, 3].map((value) => runJq(String(value), ". * 2")));
    assert.deepEqual(answers, ["2\n", "4\n", "6\n"]);
  });
});

describe("compileJq", () => {
  it("knows the formats that there are", async () => {
    for (
      const program of [".|@csv", "@text", '@base64 "x\\(.a)"', '"@nope"', ". # @nope", '"\\"@nope"', '"#" | @sh']
    ) {
      await compileJq(program);
    }
  });

  it("refuses others, wherever they stand", async () => {
    for (
      const program of [
        ".|@nope",
        '@nope "x"',
        '"a \\(1 | (2) | @nope) b"',
        '"#" | @nope',
        '"\\("x" | @nope)"',
        '"\\((1))" | @nope',
        "# x\n@nope",
      ]
    ) {
      await assert.rejects(compileJq(program), {
        message: /^Cannot compile the jq program [^]*: @nope is not a valid format$/,
      });
    }
  });
});
