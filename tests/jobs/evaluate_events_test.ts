import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileExpression } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { evaluateLines } from "../../src/jobs/evaluate_events.ts";
import type { RecordSource } from "../../src/records/read/record_source.ts";

const encoder = new TextEncoder();

function sourceOf(text: string): RecordSource {
  return {
    name: "events.jsonl",
    // Cut anywhere: a line may come in two pieces.
    async *open() {
      const bytes = encoder.encode(text);
      for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
    },
  };
}

async function valuesOf(expression: string, text: string): Promise<unknown[]> {
  const evaluate = compileExpression(parseExpression(expression), { nowMs: 0 });
  const values: unknown[] = [];
  for await (const block of evaluateLines([sourceOf(text)], evaluate)) values.push(...block.map(({ value }) => value));
  return values;
}

describe("an expression on lines", () => {
  it("sees events, profiles and bare objects", async () => {
    const lines = [
      '{"event": "Buy", "properties": {"time": 1700000000, "distinct_id": "ann", "plan": "pro"}}',
      '{"$distinct_id": "bob", "$properties": {"plan": "free"}}',
      "",
      '{"plan": "none"}',
    ].join("\n");
    assert.deepEqual(await valuesOf('properties["plan"]', lines), ["pro", "free", "none"]);
    assert.deepEqual(await valuesOf('event["name"]', lines), ["Buy", undefined, undefined]);
    assert.deepEqual(await valuesOf('properties["$time"]', lines), [1700000000, undefined, undefined]);
    assert.deepEqual(await valuesOf('user["plan"]', lines), [undefined, "free", "none"]);
    assert.deepEqual(await valuesOf('properties["$distinct_id"]', lines), ["ann", "bob", undefined]);
  });

  it("takes times in milliseconds for what they are", async () => {
    assert.deepEqual(
      await valuesOf('event["$time"]', '{"event": "A", "properties": {"time": 1700000000123}}'),
      [1700000000],
    );
  });

  it("stops at a line that is no record, and names it", async () => {
    await assert.rejects(valuesOf("1", '{"a": 1}\nnonsense'), /Cannot read line 2 of events\.jsonl: not JSON/);
    await assert.rejects(valuesOf("1", '{"a": 1}\n3'), /Cannot read line 2 of events\.jsonl: not a JSON object/);
  });

  it("stops where a condition is none, as Mixpanel does", async () => {
    await assert.rejects(
      valuesOf('properties["a"] and true', '{"a": true}\n{"a": 5}'),
      /Cannot evaluate the expression on line 2 of events\.jsonl: "and" joins conditions/,
    );
  });
});
