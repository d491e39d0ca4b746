import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BatchBuilder } from "../../../src/jobs/import/batch.ts";
import { batchOutcome } from "../../../src/jobs/import/refusals.ts";
import { rawText } from "./raw_text.ts";

const builder = new BatchBuilder(1_000_000);
for (const line of [10, 11, 13]) builder.add(new TextEncoder().encode(`{"line":${line}}`), "events.jsonl", line);
const records = builder.batch();

describe("the outcome of a batch", () => {
  it("is all accepted when nothing failed, with and without a number", () => {
    assert.deepEqual(batchOutcome(records, 3, []), { accepted: 3, rejected: [] });
    assert.deepEqual(batchOutcome(records, undefined, []), { accepted: 3, rejected: [] });
  });

  it("names the lines of records that failed, in their order", () => {
    const failed = [
      { index: 2, insert_id: "x", field: "properties.time", message: "'properties.time' is invalid" },
      { index: 0, $insert_id: "y", field: "event", message: "'event' must not be missing or blank" },
    ];
    const { accepted, rejected } = batchOutcome(records, 1, failed);
    assert.equal(accepted, 1);
    assert.deepEqual(rejected.map((one) => [one.line, one.field, one.reason, rawText(one)]), [
      [10, "event", "'event' must not be missing or blank", '{"line":10}'],
      [13, "properties.time", "'properties.time' is invalid", '{"line":13}'],
    ]);
  });

  it("counts a record with two faults once, and tells both", () => {
    const failed = [{ index: 1, message: "no time" }, { index: 1, message: "no id" }];
    const { accepted, rejected } = batchOutcome(records, 2, failed);
    assert.equal(accepted, 2);
    assert.deepEqual(rejected.map(({ count, reason }) => [count, reason]), [[1, "no time; no id"]]);
  });

  it("takes a plain text for the whole batch", () => {
    for (const imported of [0, undefined]) {
      const { accepted, rejected } = batchOutcome(records, imported, ["identity events are not allowed"]);
      assert.equal(accepted, 0);
      assert.deepEqual(rejected.map(({ count, reason }) => [count, reason]), [
        [1, "identity events are not allowed"],
        [1, "identity events are not allowed"],
        [1, "identity events are not allowed"],
      ]);
      assert.deepEqual(rejected.map(rawText), records.texts());
    }
  });

  it("gives the server's reason for records that it does not name", () => {
    const { accepted, rejected } = batchOutcome(records, 0, [], "Invalid JSON");
    assert.equal(accepted, 0);
    assert.deepEqual(new Set(rejected.map(({ reason }) => reason)), new Set(["Invalid JSON"]));
  });

  it("keeps the text when a refusal without an index can mean one record only", () => {
    const { rejected } = batchOutcome(records.slice(0, 1), 0, ["no"]);
    assert.deepEqual(rejected, [records.reject(0, "no")]);
    assert.equal(rawText(rejected[0]!), '{"line":10}');
  });

  it("accounts for records that were not imported and not explained", () => {
    const { accepted, rejected } = batchOutcome(records, 1, [{ index: 0, message: "no time" }]);
    assert.equal(accepted, 1);
    assert.deepEqual(rejected.map(({ count, reason }) => [count, reason]), [
      [1, "no time"],
      [1, "Mixpanel did not say why"],
    ]);
  });

  it("finds a record by its $insert_id where the server gives no index, and by an index that is text", () => {
    const two = new BatchBuilder(1_000_000);
    for (const [index, id] of ["i-1", "i-2", "i-2"].entries()) {
      two.add(new TextEncoder().encode(`{"event":"E","properties":{"$insert_id":"${id}"}}`), "a.jsonl", index + 1);
    }
    const batch = two.batch();
    const lines = (imported: number, failed: readonly unknown[]) =>
      batchOutcome(batch, imported, failed).rejected.map(({ line, reason }) => [line, reason]);
    assert.deepEqual(lines(2, [{ index: "1", message: "bad" }]), [[2, "bad"]]);
    assert.deepEqual(lines(2, [{ insert_id: "i-1", message: "bad" }]), [[1, "bad"]]);
    assert.deepEqual(lines(1, [{ $insert_id: "i-2", message: "bad" }, { insert_id: "i-2", message: "worse" }]), [
      [2, "bad"],
      [3, "worse"],
    ]);
    assert.deepEqual(lines(2, [{ index: 99, insert_id: "i-1", message: "bad" }]), [[1, "bad"]]);
    assert.deepEqual(lines(2, [{ insert_id: "elsewhere", message: "bad" }]), [[1, "bad"]]);
    for (const index of ["", "1.5", "-1", " 1", "0x1", "99999999999999999999"]) {
      assert.deepEqual(lines(0, [{ index, message: "bad" }]).length, 3);
    }
  });

  it("survives answers that make no sense, and still accounts for each record", () => {
    for (
      const [imported, failed] of [
        [99, []],
        [3, [{ index: 0, message: "no" }]],
        [0, [{ index: 99, message: "no" }, { index: -1 }, { index: "0" }, null, 7, {}]],
        [undefined, [{ message: 5 }]],
      ] as const
    ) {
      const outcome = batchOutcome(records, imported, failed);
      const rejected = outcome.rejected.reduce((sum, record) => sum + record.count, 0);
      assert.equal(outcome.accepted + rejected, 3);
    }
  });
});
