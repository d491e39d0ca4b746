import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAssignment, readAssignments } from "../../src/cli/assignments.ts";

describe("NAME=TEXT and NAME:=JSON", () => {
  it("are text and JSON", () => {
    assert.deepEqual(readAssignment("plan=pro"), ["plan", "pro"]);
    assert.deepEqual(readAssignment("seats=3"), ["seats", "3"]);
    assert.deepEqual(readAssignment("seats:=3"), ["seats", 3]);
    assert.deepEqual(readAssignment("active:=true"), ["active", true]);
    assert.deepEqual(readAssignment('tags:=["a", {"b": null}]'), ["tags", ["a", { b: null }]]);
    assert.deepEqual(readAssignment("id:=1234567890123456789"), ["id", 1234567890123456789n]);
  });

  it("are told apart by what stands before the first =", () => {
    assert.deepEqual(readAssignment("url=http://x/?a:=1&b=2"), ["url", "http://x/?a:=1&b=2"]);
    assert.deepEqual(readAssignment("$os=iOS"), ["$os", "iOS"]);
    assert.deepEqual(readAssignment("a b=c d"), ["a b", "c d"]);
    assert.deepEqual(readAssignment("empty="), ["empty", ""]);
    assert.deepEqual(readAssignment("a:b=c"), ["a:b", "c"]);
  });

  it("overwrite what came before under the same name", () => {
    assert.deepEqual(readAssignments(["a=1", "b=2", "a:=3"]), { a: 3, b: "2" });
  });

  it("may be named like parts of every object", () => {
    const values = readAssignments(["__proto__=x", "constructor=y"]);
    assert.equal(JSON.stringify(values), '{"__proto__":"x","constructor":"y"}');
  });

  it("need a name and a =", () => {
    for (const bad of ["plan", "", "=pro", ":=3"]) {
      assert.throws(() => readAssignment(bad), {
        category: "input",
        code: "bad_property",
        message: `Cannot use ${JSON.stringify(bad)}: not NAME=TEXT or NAME:=JSON`,
      });
    }
  });

  it("say how to write text where JSON is broken", () => {
    assert.throws(() => readAssignment("plan:=pro"), {
      message: 'Cannot use "plan:=pro": "pro" is not JSON',
      hint: "for text, write plan=pro",
    });
  });
});
