import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAnswerBody } from "../../src/api/answer_body.ts";

const lines = (text: string, type = "application/x-jsonlines") => readAnswerBody(text, type, "query.jql");

describe("an answer as JSON Lines", () => {
  it("is a list of its lines, each as it came", () => {
    const { text, data } = lines('["Chrome", 1500]\r\n["Firefox", 12345678901234567890]\n\n');
    assert.deepEqual(data, [["Chrome", 1500], ["Firefox", 12345678901234567890n]]);
    assert.equal(text, '[["Chrome", 1500],\n["Firefox", 12345678901234567890]]\n');
    assert.deepEqual(lines('{"key":["a"],"value":1}').data, [{ key: ["a"], value: 1 }]);
    assert.deepEqual(lines('["Chrome", 1500]\n', "application/x-ndjson; charset=utf-8").data, [["Chrome", 1500]]);
    assert.deepEqual(lines("").data, []);
  });

  it("is the list itself where that stands on one line", () => {
    const text = '[["Chrome",1500],["Firefox",800]]\n';
    assert.deepEqual(lines(text), { text, data: [["Chrome", 1500], ["Firefox", 800]] });
  });

  it("that was cut is an error which names the line", () => {
    assert.throws(() => lines('{"a":1}\n{"a":'), {
      message: "Cannot read the answer of query.jql: line 2 is not JSON",
      category: "server",
    });
  });

  it("is also found where it is called JSON, and each line is; a document of several lines is one value", () => {
    assert.deepEqual(lines('{"a":1}\n{"a":2}', "application/json").data, [{ a: 1 }, { a: 2 }]);
    assert.deepEqual(lines('{\n"a":1\n}', "application/json").data, { a: 1 });
    assert.throws(() => lines('{"a":1}\n{"a":', "application/json"), /it is not JSON/);
    assert.equal(readAnswerBody("  ", null, "x").data, undefined);
  });
});
